import type {
  AnnotationEntry,
  BlamedResource,
  ChangeEntry,
  Hit,
  LedgerDiff,
  Origin,
  Origins,
  Picture,
  ResourceDiff,
} from '../../model/picture.ts';
import { recordedAt } from '../entry-view.ts';
import { changeOriginOf, observedAt, type ScanEntry } from '../../model/history.ts';
import { visibleJson } from '../text/visible.ts';
import { standingView } from './hit-view.ts';
import type { LogSummary, TextOptions } from './log.ts';
import type { ShownEntry } from './show.ts';

type Json = { readonly [key: string]: unknown };
type Now = Pick<TextOptions, 'now' | 'newest'>;

/** One line of `driftbom log --json` (schema/log.v1.schema.json): an entry as it is to be read now. */
export function logLine(hit: Hit, options: Now): string {
  return line({ schema: 'driftbom.log/v1', type: 'entry', ...hitJson(hit, options), waivers: hit.waivers ?? null });
}

/** Its last line: what was looked at and what could not be. */
export function logEndLine(summary: LogSummary): string {
  return line({ schema: 'driftbom.log/v1', type: 'end', ...summary });
}

export function showJson({ hit, story, waivers, others, proof }: ShownEntry, options: Now): string {
  return document({
    schema: 'driftbom.show/v1',
    ...hitJson(hit, options),
    story: story.map(({ entry }) => ({
      index: entry.index,
      digest: entry.digest,
      kind: entry.kind,
      observedAt: observedAt(entry),
    })),
    otherEntries: others,
    waivers: waivers ?? null,
    proof: { ...proof, headSignedBy: proof.headSignedBy ?? null, inclusion: 'verified' },
  });
}

export function blameJson(pattern: string, resources: readonly BlamedResource[], options: Now): string {
  return document({
    schema: 'driftbom.blame/v1',
    address: pattern,
    resources: resources.map(({ paths, ...resource }) => ({
      ...resource,
      attributes: paths.map(({ path, changes, hit }) => ({ path, changes, entry: hitJson(hit, options) })),
    })),
  });
}

export function diffJson(diff: LedgerDiff): string {
  return document({
    schema: 'driftbom.diff/v1',
    from: new Date(diff.from).toISOString(),
    to: new Date(diff.to).toISOString(),
    axis: diff.axis,
    openBefore: diff.openBefore,
    openAfter: diff.openAfter,
    changed: diff.changed.map(resourceJson),
    cameBack: diff.cameBack.map(resourceJson),
    uncertain: diff.uncertain.map(({ entry }) => ({
      ...place(entry),
      address: entry.statement.predicate.change.resource.address,
      happened: happenedJson(entry),
    })),
  });
}

function resourceJson({ entries, ...one }: ResourceDiff): Json {
  return { ...one, entries: entries.map(({ entry }) => place(entry)) };
}

function hitJson(hit: Hit, { now, newest }: Now): Json {
  const { entry, origins, said, superseded } = hit.picture;
  const { predicate } = entry.statement;
  const standing = standingView(hit, newest, now);
  return {
    ...place(entry),
    entryId: predicate.entryId,
    recordedAt: recordedAt(entry),
    happened: happenedJson(entry),
    change: 'change' in predicate ? changeJson(hit.picture as Picture<ChangeEntry>) : null,
    annotation: 'annotation' in predicate ? annotationJson(entry as AnnotationEntry, hit) : null,
    scan: 'scan' in predicate && entry.kind === 'scan' ? scanJson(entry) : null,
    standing:
      standing === null
        ? null
        : { name: standing.name, resolution: standing.resolution, by: standing.by?.index ?? null, text: standing.text },
    said: said.map((one) => annotationJson(one)),
    superseded: superseded.map(place),
    replacedBy: hit.replacedBy.map(place),
    origins: originsJson(origins),
  };
}

function happenedJson({ kind, statement: { predicate }, ...entry }: Picture['entry']): Json {
  if ('change' in predicate) {
    const { occurredAt, occurredAtSource, notBefore, notAfter, observedAt } = predicate.when;
    return { at: occurredAt, source: occurredAtSource, notBefore, notAfter, observedAt };
  }
  const at = observedAt({ kind, statement: { predicate }, ...entry } as Picture['entry']);
  return { at, source: kind === 'scan' ? 'scan' : 'stated', notBefore: at, notAfter: at, observedAt: at };
}

function changeJson({ entry }: Picture<ChangeEntry>): Json {
  const { change, who, why, evidence, scan, supersedes } = entry.statement.predicate;
  const { before: _before, kind: _kind, ...rest } = change;
  return {
    ...rest,
    resolution: change.resolution ?? null,
    origin: changeOriginOf(change),
    who,
    why,
    evidence,
    scan: scan?.id ?? null,
    supersedes,
  };
}

function annotationJson(entry: AnnotationEntry, hit?: Hit): Json {
  const { annotation, when, evidence, supersedes } = entry.statement.predicate;
  const about = hit === undefined ? {} : { aboutEntries: hit.about.map(place) };
  return { ...place(entry), ...annotation, ...about, statedAt: when.statedAt, evidence, supersedes };
}

function scanJson({ statement }: ScanEntry): Json {
  const { id, startedAt, finishedAt, scope, summary, gaps, open, resolved, population } = statement.predicate.scan;
  const { compared: _compared, ...rest } = scope;
  return { id, startedAt, finishedAt, scope: rest, summary, gaps, open, resolved, population: population ?? null };
}

function originsJson({ who, occurredAt, why, paths }: Origins): Json {
  const index = (origin: Origin | undefined): number | null => origin?.index ?? null;
  const byPath = Object.fromEntries([...paths].map(([path, origin]) => [path, origin.index]));
  return { who: index(who), occurredAt: index(occurredAt), why: index(why), paths: byPath };
}

function place({ index, digest, kind }: Picture['entry']): Json {
  return { index, digest, kind };
}

function line(json: Json): string {
  return `${visibleJson(JSON.stringify(json))}\n`;
}

function document(json: Json): string {
  return `${visibleJson(JSON.stringify(json, undefined, 2))}\n`;
}
