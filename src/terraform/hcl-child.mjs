// The HCL parser in a process of its own. It is WebAssembly (Go) whose memory never shrinks: 90 MB that would stay with
// the scan to its end. Here they are gone when the last file is parsed, and parsing runs beside whatever else starts.
// Plain JavaScript, since Node 20 starts it as it is, from the sources and from the bundle alike.
import { setFlagsFromString } from 'node:v8';

// The program is used for a few milliseconds: V8's first, quick compilation of the functions that are called is enough.
// Optimising the rest took three times the processor time, on the cores on which the providers start.
setFlagsFromString('--liftoff-only');
setFlagsFromString('--wasm-lazy-compilation');
const parser = import('@cdktf/hcl2json');

process.on('message', async ({ id, name, text }) => {
  try {
    const { parse } = await parser;
    process.send({ id, parsed: await parse(name, text) });
  } catch (cause) {
    process.send({ id, fault: cause instanceof Error ? cause.message : String(cause) });
  }
});
