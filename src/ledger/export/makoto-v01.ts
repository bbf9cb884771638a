import { changeOriginOf } from '../../model/history.ts';
import type { SignedChangePredicate } from '../detach.ts';
import { parseLeaf } from '../leaf.ts';
import { entryKeyId } from '../trust.ts';
import { kindOf, type LoggedEntry } from './logged.ts';
import type { ExportPiece, Tally } from './tally.ts';
import type { Statement } from '../../model/entry.ts';

/** What the projection loses; stands in the export's sidecar. */
export const MAKOTO_V01_LOSSES = [
  'the signature: the format allows nothing but a SHA-256, so the statement digest stands in its place and proves no signer',
  'the place in the log: no field for index, inclusion proof or checkpoint',
  'who made the change and how sure that is: only as words in a description; the field signer names the signing key',
  'evidence, old and new values: the digests of both states are kept, the differing attributes are named in words',
  'time: one of five times of the entry; when it happened stands in words',
  'corrections, approvals, waivers and notes made later',
];

/** A Makoto v0.1 document for each entry about a resource (makoto-project/makoto, dbom_schema.json). Lossy. */
export async function* makotoV01Files(entries: AsyncIterable<LoggedEntry>, tally: Tally): AsyncGenerator<ExportPiece> {
  for await (const { index, leaf, line, signed } of entries) {
    if (line.kind === 'erased' || signed === undefined) {
      tally.leaveOut('erased', 'the payload is gone');
    } else if (signed.kind !== 'change') {
      tally.leaveOut(kindOf(signed), 'the format describes one asset and its lineage, nothing else');
    } else {
      const document = documentOf(signed.statement, line.digest, entryKeyId(parseLeaf(leaf).publicKey));
      const name = `entry-${String(index).padStart(6, '0')}.dbom.json`;
      yield { file: name, content: `${JSON.stringify(document, undefined, 2)}\n` };
      tally.exported++;
    }
  }
}

function documentOf({ subject, predicate }: Statement<SignedChangePredicate>, digest: string, keyId: string): object {
  const { change, when, detector } = predicate;
  const [now] = subject;
  const tool = `${detector.id} ${detector.version}`;
  const before = change.before.digest.sha256;
  const after = now?.digest.sha256 ?? '';
  return {
    schema_version: '0.1',
    id: `dbom-${predicate.entryId.replace(/^urn:uuid:/, '')}`,
    created_at: when.recordedAt,
    source: {
      uri: now?.uri ?? `urn:driftbom:${encodeURIComponent(change.resource.address)}`,
      hash: { algorithm: 'sha256', value: after },
      format: 'json',
    },
    signature: { algorithm: 'sha256', value: digest, signer: `driftbom:${keyId}` },
    lineage: [
      {
        step: 1,
        description: `State of ${change.resource.address} before`,
        tool,
        input_hash: 'n/a',
        output_hash: before,
      },
      { step: 2, description: described(predicate), tool, input_hash: before, output_hash: after },
    ],
  };
}

function described({ change, who, why, when }: SignedChangePredicate): string {
  const origin = changeOriginOf(change);
  const actors = who.actors.map(({ name }) => name).join(', ');
  return [
    `${change.kind} (${[change.action, ...(origin === null ? [] : [origin])].join(', ')}) of ${change.resource.address}`,
    `attributes: ${change.paths.map(({ path }) => path).join(', ') || 'none recorded'}`,
    `who: ${who.verdict}${actors === '' ? '' : ` ${actors}`}`,
    `why: ${why.reason?.text ?? 'not recorded'}`,
    `when: ${when.occurredAt ?? `not known, between ${when.notBefore ?? 'an unknown time'} and ${when.notAfter}`}`,
  ].join('; ');
}
