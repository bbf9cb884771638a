// Preload of the bench: writes this process's own peak memory in KiB where BENCH_PEAK says. The kernel's high-water mark
// is the truth (proc(5), VmHWM): getrusage starts at the size of whoever started the process.
import { readFileSync, writeFileSync } from 'node:fs';

function peak() {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}

process.once('exit', () => {
  if (process.env.BENCH_PEAK !== undefined) writeFileSync(process.env.BENCH_PEAK, String(peak()));
});
