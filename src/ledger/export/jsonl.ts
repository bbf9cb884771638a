import { toBase64, toHex } from '../bytes.ts';
import { formatEnvelope } from '../dsse.ts';
import { leafHash } from '../merkle.ts';
import { type ExportedLog, kindOf, type LoggedEntry } from './logged.ts';
import { prover } from './prover.ts';
import type { ExportPiece, Tally } from './tally.ts';

/** One entry a line: envelope, statement as parsed, and the proof that it stands in the log. */
export async function* jsonLines(
  log: ExportedLog,
  file: string,
  entries: AsyncIterable<LoggedEntry>,
  tally: Tally,
): AsyncGenerator<ExportPiece> {
  const prove = prover(log);
  const { size, root, origin } = log.head;
  for await (const { index, leaf, line, signed } of entries) {
    const inclusion = {
      origin,
      treeSize: size,
      root: toBase64(root),
      leafHash: toBase64(leafHash(leaf)),
      hashes: (await prove(index)).map(toBase64),
    };
    const says =
      line.kind === 'erased' || signed === undefined
        ? {
            digest: line.kind === 'erased' ? line.tombstone.payloadSha256 : '',
            kind: 'erased',
            paeSha256: toHex(line.paeSha256),
          }
        : {
            digest: line.digest,
            kind: kindOf(signed),
            statement: signed.statement,
            envelope: JSON.parse(formatEnvelope(line.envelope)) as unknown,
          };
    yield { file, content: `${JSON.stringify({ index, ...says, leaf: toBase64(leaf), inclusion })}\n` };
    tally.exported++;
  }
}
