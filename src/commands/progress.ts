import type { Io } from './io.ts';

/** A count on stderr while a long read goes on; nothing where stderr is no terminal. */
export function progressLine(io: Io): { show: (done: number, total: number) => void; clear: () => void } {
  if (!io.errIsTerminal) return { show: () => {}, clear: () => {} };
  let shownAt = 0;
  let shown = false;
  return {
    show: (done, total) => {
      const now = io.clock().getTime();
      if (done < total && now - shownAt < 100) return;
      shownAt = now;
      shown = true;
      io.err(`\r\u001b[2K  reading live state: ${done} of ${total}`);
    },
    clear: () => {
      if (shown) io.err('\r\u001b[2K');
    },
  };
}
