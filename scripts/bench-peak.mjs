// Preload of the bench: writes this process's own peak memory (KiB on Linux and macOS alike) where BENCH_PEAK says.
import { writeFileSync } from 'node:fs';

process.once('exit', () => {
  if (process.env.BENCH_PEAK !== undefined) {
    writeFileSync(process.env.BENCH_PEAK, String(process.resourceUsage().maxRSS));
  }
});
