import { annotate } from '../ledger/annotate.ts';
import type { Saying } from '../ledger/annotation-statement.ts';
import { parseEntryName } from '../ledger/find-entry.ts';
import { maybeSamePerson, samePerson } from '../model/person.ts';
import { findHit } from '../ledger/query/find.ts';
import type { LedgerQuery } from '../ledger/query/ledger-query.ts';
import { isChange } from '../ledger/query/merged.ts';
import { TICKET_PATTERN, ticketsIn } from '../attribution/why/tickets.ts';
import type { Entry } from '../model/entry.ts';
import { DriftbomError } from '../model/error.ts';
import type { Picture } from '../model/picture.ts';
import { textFault } from '../record/change.ts';
import { type Identity, identityOf } from '../record/identity.ts';
import { readEvidence } from './evidence.ts';
import { type OpenedLedger, openForWriting } from './ledger.ts';
import { openQuery } from './query.ts';
import type { WireIo } from './io.ts';

interface AnnotateRequest {
  /** Index, digest prefix, urn:uuid, or an address: its newest entry. */
  readonly entry: string;
  readonly text?: string;
  readonly by?: string;
  readonly evidence: readonly string[];
  readonly ledger?: string;
  readonly config?: string;
}

export interface NoteRequest extends AnnotateRequest {
  /** Why the change was made: known better, or only now. */
  readonly reason?: string;
}

/** What was written, of which entry. */
export interface Annotated {
  readonly kind: 'note' | 'correction' | 'approval';
  readonly by: string;
  readonly about: Entry;
  readonly entry: { readonly index: number; readonly digest: string };
  /** there-already: the same person's approval, which `entry` is then. */
  readonly standing: 'written' | 'there-already';
  /** Where the name of the speaker was taken from the environment. */
  readonly identity: Identity | undefined;
  readonly shown: string;
}

/** `driftbom note`. Errors: E_USAGE, E_NOT_FOUND, E_RECORD, E_CONFIG, and those of opening and appending to a ledger. */
export async function wireNote(request: NoteRequest, io: WireIo): Promise<Annotated> {
  const { text, reason } = request;
  if (text === undefined && reason === undefined) {
    throw new DriftbomError('E_USAGE', 'there is nothing to note', 'Give --text, or --reason for why it was done.');
  }
  checkText('--text', text);
  checkText('--reason', reason);
  const { by, identity } = speaker(request.by, io);
  const evidence = await readEvidence(request.evidence, io);
  const opened = await openForWriting(request, false, io);
  const about = await spokenOf(request.entry, opened, io);
  const said = { by, text: text ?? null };
  const saying: Saying = {
    about: [about.entry],
    evidence: evidence.map((one) => one.descriptor),
    annotation:
      reason === undefined
        ? { kind: 'note', ...said }
        : { kind: 'correction', ...said, correction: { why: whyOf(reason, about.entry, opened) } },
  };
  const { entries } = await annotate(opened.ledger, [saying], { clock: io.clock, version: io.version }, evidence);
  return {
    ...{ kind: reason === undefined ? 'note' : 'correction', by, about: about.entry, identity, shown: opened.shown },
    ...{ entry: entries[0] as Annotated['entry'], standing: 'written' },
  };
}

/** `driftbom approve`. Errors: E_APPROVAL (whoever did or asked for it cannot approve it), and those of wireNote. */
export async function wireApprove(request: AnnotateRequest & { readonly by: string }, io: WireIo): Promise<Annotated> {
  checkText('--text', request.text);
  const { by } = speaker(request.by, io);
  const evidence = await readEvidence(request.evidence, io);
  const opened = await openForWriting(request, false, io);
  const { entry: about, said } = await spokenOf(request.entry, opened, io);
  const own = partiesOf(about).find((party) => maybeSamePerson(party, by));
  if (own !== undefined) {
    const message = `${by} cannot approve entry ${about.index}: it is ${own === by ? 'their' : `${own}'s`} own`;
    throw new DriftbomError('E_APPROVAL', message, 'Somebody else has to approve it, with --by.');
  }
  const common = { kind: 'approval', by, about, identity: undefined, shown: opened.shown } as const;
  const there = said.find((one) => one.kind === 'approval' && samePerson(one.statement.predicate.annotation.by, by));
  if (there !== undefined) return { ...common, entry: there, standing: 'there-already' };
  const saying: Saying = {
    about: [about],
    evidence: evidence.map((one) => one.descriptor),
    annotation: { kind: 'approval', by, text: request.text ?? null },
  };
  const { entries } = await annotate(opened.ledger, [saying], { clock: io.clock, version: io.version }, evidence);
  return { ...common, entry: entries[0] as Annotated['entry'], standing: 'written' };
}

/** Who speaks: as named, else as the environment says. Errors: E_USAGE, E_RECORD. */
export function speaker(
  named: string | undefined,
  io: Pick<WireIo, 'env'>,
): { readonly by: string; readonly identity: Identity | undefined } {
  const identity = named === undefined ? identityOf(io.env) : undefined;
  const by = named ?? identity?.name;
  if (by === undefined) {
    throw new DriftbomError('E_USAGE', 'nothing says who speaks', 'Name them with --by, for example github:ops-team.');
  }
  checkText('--by', by, false);
  return { by, identity };
}

/** Refuses text that cannot stand in a ledger. Errors: E_RECORD. */
export function checkText(option: string, text: string | undefined, lines = true): void {
  const fault = text === undefined ? undefined : textFault(text, lines ? 4000 : 200, lines);
  if (fault !== undefined)
    throw new DriftbomError('E_RECORD', `${option} ${fault}`, 'Nothing was recorded. Reword it.');
}

/** The entry with all that was said of it. */
async function spokenOf(word: string, { ledger, folders }: OpenedLedger, io: WireIo): Promise<Picture> {
  return entryNamed(await openQuery(folders, ledger.store, io), word);
}

/** The entry of that name. An address has to be the resource's own: a note to its neighbour stands for ever. Errors: E_NOT_FOUND. */
export async function entryNamed(query: LedgerQuery, word: string): Promise<Picture> {
  const { picture } = await findHit(query, word);
  const { entry } = picture;
  const byAddress = parseEntryName(word) === undefined;
  if (byAddress && isChange(entry) && entry.statement.predicate.change.resource.address !== word) {
    const message = `no entry tells of ${word} itself`;
    const near = `#${entry.index} tells of ${entry.statement.predicate.change.resource.address}`;
    throw new DriftbomError('E_NOT_FOUND', message, `Name one by its index; ${near}.`);
  }
  return picture;
}

function whyOf(text: string, about: Entry, { config }: OpenedLedger) {
  if (!isChange(about)) {
    const message = `entry ${about.index} is a ${about.kind}, and no change that has a reason`;
    throw new DriftbomError('E_USAGE', message, 'Use --text.');
  }
  const tickets = config.attribution?.ticketPattern;
  const references = ticketsIn(text, tickets === undefined ? TICKET_PATTERN : new RegExp(tickets));
  const reason = { text, source: 'driftbom note', trust: 'high', references } as const;
  return { status: 'stated', reason, lookedIn: about.statement.predicate.why.lookedIn } as const;
}

/** Whose own an entry is: those who made the change (as known now), who said it, who asked for it. */
function partiesOf({ statement: { predicate } }: Entry): string[] {
  if ('change' in predicate) return predicate.who.actors.flatMap(({ name, id }) => [name, id]);
  if (!('annotation' in predicate)) return [];
  const { by, waiver, erasure } = predicate.annotation;
  return [by, ...[waiver, erasure].flatMap((terms) => (terms === undefined ? [] : [terms.requestedBy]))];
}
