import pc from 'picocolors';
import { type Waiver, type WaiverStanding, noteOf } from '../model/waiver.ts';
import { shortDigest } from './entry-view.ts';
import type { Paint } from './text/paint.ts';
import { count } from './text/plural.ts';
import { utc } from './text/time.ts';
import { visible, visibleDeep, visibleJson } from './text/visible.ts';

/** An open drift that a waiver speaks of. */
export interface CoveredDrift {
  readonly index: number;
  readonly address: string;
  /** False: something of it is not covered. */
  readonly complete: boolean;
}

/** A waiver in a list, and the open drifts that it speaks of now. */
export interface ListedWaiver {
  readonly waiver: Waiver;
  readonly standing: WaiverStanding;
  readonly covers: readonly CoveredDrift[];
}

export interface WaiversReport {
  readonly waivers: readonly ListedWaiver[];
  /** RFC 3339. */
  readonly now: string;
  readonly shown: string;
}

/** What of a waiver is told when it is made. */
export interface WaivedReport {
  readonly entry: { readonly index: number; readonly digest: string };
  readonly terms: Waiver['terms'];
  readonly reason: string;
  readonly target: { readonly address: string; readonly path: string | null; readonly matched: readonly string[] };
  readonly covers: readonly CoveredDrift[];
  readonly shown: string;
}

const SOON_MS = 14 * 24 * 3_600_000;
const LISTED = 8;

/** How a waiver was understood and what it covers; the last line sums up. */
export function waivedTerminal({ entry, terms, target, covers, shown }: WaivedReport): string {
  const { matched, path, address } = target;
  const what = path === null ? 'all attributes' : `the attribute ${path}`;
  const where = terms.workspace === null ? 'in every workspace' : `in the workspace ${terms.workspace}`;
  const names = matched.slice(0, LISTED).join(', ') + (matched.length > LISTED ? `, … ${matched.length} in all` : '');
  const known = matched.length === 0 ? 'the ledger knows no such resource yet' : names;
  const lines = [
    `  covers     ${what} of ${address}, ${where}`,
    `  known      ${known}`,
    ...(covers.length === 0 ? ['  open       no open drift is covered by it'] : coverLines(covers)),
    `driftbom: waived until ${utc(terms.until)} · asked for by ${terms.requestedBy}, approved by ${terms.approvedBy} · entry ${entry.index} ${shortDigest(entry.digest)} in ${shown}`,
  ];
  return `${lines.map(visible).join('\n')}\n`;
}

function coverLines(covers: readonly CoveredDrift[]): string[] {
  const lines = covers.slice(0, LISTED).map(({ index, address, complete }) => {
    return `  open       entry ${index} ${address}: ${complete ? 'covered' : 'covered in part, and still counts as drift'}`;
  });
  return covers.length > LISTED ? [...lines, `             … and ${covers.length - LISTED} more`] : lines;
}

/** All waivers: those that run, those that end soon, those that are over. */
export function waiversTerminal({ waivers, now, shown }: WaiversReport, options: { readonly colour: boolean }): string {
  const paint = pc.createColors(options.colour);
  const groups = groupsOf(waivers, now);
  const lines = groups.flatMap(({ title, members, tone }) => [
    paint.bold(tone(paint)(`${title}: ${members.length}`)),
    ...members.flatMap((one) => waiverLines(visibleDeep(one), paint)),
    '',
  ]);
  const [running, soon] = [groups[0]?.members.length ?? 0, groups[1]?.members.length ?? 0];
  const over = waivers.length - running - soon;
  const sum = `${count(running + soon, 'waiver runs', 'waivers run')}, ${soon} of them ending within 14 days; ${over} over`;
  lines.push(paint.bold(`driftbom: ${sum} (${visible(shown)})`));
  return `${lines.join('\n')}\n`;
}

interface Group {
  readonly title: string;
  readonly members: readonly ListedWaiver[];
  readonly tone: (paint: Paint) => (text: string) => string;
}

function groupsOf(waivers: readonly ListedWaiver[], now: string): Group[] {
  const soon = ({ waiver }: ListedWaiver): boolean => Date.parse(waiver.terms.until) - Date.parse(now) <= SOON_MS;
  const runs = waivers.filter(({ standing }) => standing === 'active' || standing === 'pending');
  return [
    { title: 'Active', members: runs.filter((one) => !soon(one)), tone: (paint) => paint.green },
    { title: 'Ending within 14 days', members: runs.filter(soon), tone: (paint) => paint.yellow },
    { title: 'Expired', members: waivers.filter(({ standing }) => standing === 'expired'), tone: (paint) => paint.red },
    { title: 'Revoked', members: waivers.filter(({ standing }) => standing === 'revoked'), tone: (paint) => paint.dim },
  ];
}

function waiverLines({ waiver, standing, covers }: ListedWaiver, paint: Paint): string[] {
  const { terms, reason, revoked, index, digest } = waiver;
  const where = terms.workspace === null ? '' : ` [${terms.workspace}]`;
  const path = terms.path === null ? '' : ` · ${terms.path}`;
  const ended = revoked === undefined ? '' : `; revoked ${utc(revoked.at)} by ${revoked.by}, entry ${revoked.index}`;
  const begins = standing === 'pending' ? `from ${utc(terms.from)} ` : '';
  return [
    `  ${terms.address}${path}${where}`,
    paint.dim(`      ${begins}until ${utc(terms.until)}${ended} · entry ${index} ${shortDigest(digest)}`),
    paint.dim(
      `      asked for by ${terms.requestedBy}, approved by ${terms.approvedBy}: ${reason ?? 'no reason given'}`,
    ),
    ...(covers.length === 0 ? [] : [paint.dim(`      covers ${count(covers.length, 'open drift')} now`)]),
  ];
}

/** The same as JSON: `driftbom.waivers/v1`. */
export function waiversJson({ waivers, now, shown }: WaiversReport): string {
  const document = {
    schema: 'driftbom.waivers/v1',
    ...{ ledger: shown, now },
    waivers: waivers.map(({ waiver, standing, covers }) => {
      const { workspace, from } = waiver.terms;
      return { ...noteOf(waiver), workspace, from, standing, revoked: waiver.revoked ?? null, covers };
    }),
  };
  return `${visibleJson(JSON.stringify(document, undefined, 2))}\n`;
}

/** One new waiver as JSON: `driftbom.waiver/v1`. */
export function waivedJson({ entry, terms, reason, target, covers, shown }: WaivedReport): string {
  const { index, digest } = entry;
  const document = {
    schema: 'driftbom.waiver/v1',
    ...{ ledger: shown, entry: { index, digest }, ...terms, reason, matched: target.matched, covers },
  };
  return `${visibleJson(JSON.stringify(document, undefined, 2))}\n`;
}

/** A waiver that was taken back. */
export interface RevokedReport {
  readonly waiver: Waiver;
  readonly by: string;
  readonly entry: { readonly index: number; readonly digest: string };
  readonly shown: string;
}

export function revokedTerminal({ waiver, by, entry, shown }: RevokedReport): string {
  const what = `the waiver of entry ${waiver.index} (${waiver.terms.address}) no longer applies`;
  const where = `entry ${entry.index} ${shortDigest(entry.digest)} in ${shown}`;
  return `${visible(`driftbom: ${what}: revoked by ${by} · ${where}`)}\n`;
}

/** The same as JSON: `driftbom.revocation/v1`. */
export function revokedJson({ waiver, by, entry, shown }: RevokedReport): string {
  const { index, digest } = entry;
  const document = {
    schema: 'driftbom.revocation/v1',
    ledger: shown,
    by,
    entry: { index, digest },
    revokes: noteOf(waiver),
  };
  return `${visibleJson(JSON.stringify(document, undefined, 2))}\n`;
}
