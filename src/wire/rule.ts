import { LineCounter, parseDocument } from 'yaml';
import type { Config } from '../config.ts';
import { annotationStatement } from '../ledger/annotation-statement.ts';
import { appendStatements } from '../ledger/append-statements.ts';
import type { LedgerQuery } from '../ledger/query/ledger-query.ts';
import type { Entry } from '../model/entry.ts';
import type { KnownRule } from '../model/action-standing.ts';
import { DriftbomError } from '../model/error.ts';
import { NEXT_ID, RULE_ADDED, RULE_RETIRED, type Rule, type RuleBirth, type RuleJudgement } from '../model/rule.ts';
import { textFault } from '../record/change.ts';
import type { Identity } from '../record/identity.ts';
import { ruleFacts } from '../rules/notes.ts';
import { readWritten, ruleOf, type WrittenRule } from '../rules/written.ts';
import { decodeText } from '../terraform/text.ts';
import { checkText, speaker } from './annotate.ts';
import { readGiven } from './given-file.ts';
import type { WireIo } from './io.ts';
import { openForWriting } from './ledger.ts';
import { openQuery } from './query.ts';
import { bookIn, type LedgerRequest, openBook, type OpenedBook, ruleOrRefuse } from './rule-book.ts';

export interface SpokenRequest extends LedgerRequest {
  readonly by?: string;
  readonly reason?: string;
}

/** Rules that were signed, in the order in which they were written. */
export interface WrittenRules {
  readonly rules: readonly Rule[];
  readonly by: string;
  readonly identity: Identity | undefined;
  readonly shown: string;
}

/** Characters of a rule as JSON. */
const LONGEST_RULE = 20_000;

/**
 * `driftbom rule add`: signs the rules of a file into the ledger, all or none. Errors: E_CONFIG (every fault at once),
 * E_USAGE, E_RECORD, and those of opening and appending to a ledger.
 */
export async function wireRuleAdd(
  request: SpokenRequest & { readonly file: string },
  io: WireIo,
): Promise<WrittenRules> {
  const written = await readRules(request.file, io);
  return writeRules(
    written.map((rule) => ({ rule, from: null })),
    request,
    io,
  );
}

/** Signs rules under one checkpoint. Ids are chosen under the lock, so that no two writers take the same. */
export async function writeRules(
  wanted: readonly { readonly rule: WrittenRule; readonly from: RuleBirth | null }[],
  request: SpokenRequest,
  io: WireIo,
): Promise<WrittenRules> {
  checkText('--reason', request.reason);
  for (const { rule } of wanted) {
    checkText('title', rule.title, false);
    checkText('reason', rule.reason);
    const fault = textFault(JSON.stringify(rule), LONGEST_RULE);
    if (fault !== undefined) {
      throw new DriftbomError('E_RECORD', `the rule ${rule.title} ${fault}`, 'Nothing was recorded. Reword it.');
    }
  }
  const { by, identity } = speaker(request.by, io);
  const opened = await openForWriting(request, false, io);
  await openQuery(opened.folders, opened.ledger.store, io);
  const { prepared, appended } = await appendStatements(opened.ledger, io.clock, async (occasion) => {
    const query = await openQuery(opened.folders, opened.ledger.store, io);
    const { rules: known } = await bookIn(query, opened.config);
    const taken = new Set(known.map(({ rule }) => rule.terms.id));
    const named = wanted.map(({ rule, from }) => ({ rule: withId(rule, taken), from }));
    const statements = named.map(({ rule, from }) => {
      const { reason = null, ...terms } = rule;
      const said = { kind: 'note', by, text: request.reason ?? reason, topic: RULE_ADDED } as const;
      const saying = { annotation: { ...said, facts: ruleFacts({ terms, from }) }, about: [] };
      return annotationStatement(occasion, saying, io.version);
    });
    return { statements, objects: [], named };
  });
  const rules = prepared.named.map(({ rule, from }, i) => {
    const { index, digest } = appended.entries[i] as { index: number; digest: string };
    return ruleOf(rule, { origin: { source: 'ledger', index, entry: digest }, from, reason: request.reason ?? null });
  });
  return { rules, by, identity, shown: opened.shown };
}

/** An id is used once in the life of a ledger: what was said of a retired rule stays said of it. */
function withId(rule: WrittenRule, taken: Set<string>): WrittenRule {
  let id = rule.id;
  for (let n = 1; id === NEXT_ID; n++) {
    const free = `R-${String(n).padStart(4, '0')}`;
    if (!taken.has(free)) id = free;
  }
  if (taken.has(id)) {
    const cure = 'Ids are used once: give it another, or leave it out.';
    throw new DriftbomError('E_USAGE', `there is a rule ${id} already, or there was one`, cure);
  }
  taken.add(id);
  return { ...rule, id };
}

/** `driftbom rule retire`. Errors: E_NOT_FOUND, E_USAGE (retired already, or a rule of driftbom.yaml), and those of writeRules. */
export async function wireRuleRetire(
  request: LedgerRequest & { readonly id: string; readonly reason: string; readonly by?: string },
  io: WireIo,
): Promise<{
  readonly id: string;
  readonly by: string;
  readonly identity: Identity | undefined;
  readonly entry: { readonly index: number; readonly digest: string };
  readonly shown: string;
}> {
  checkText('--reason', request.reason);
  const { by, identity } = speaker(request.by, io);
  const opened = await openForWriting(request, false, io);
  await openQuery(opened.folders, opened.ledger.store, io);
  const { appended } = await appendStatements(opened.ledger, io.clock, async (occasion) => {
    const query = await openQuery(opened.folders, opened.ledger.store, io);
    const target = await standingNote(query, opened.config, request.id);
    const facts = { id: request.id };
    const saying = {
      annotation: { kind: 'note', by, text: request.reason, topic: RULE_RETIRED, facts } as const,
      about: target.entry === undefined ? [] : [target.entry],
      supersedes: { digest: target.digest },
    };
    return { statements: [annotationStatement(occasion, saying, io.version)], objects: [] };
  });
  const entry = appended.entries[0] as { index: number; digest: string };
  return { id: request.id, by, identity, entry, shown: opened.shown };
}

/** The note of a rule that stands; by log index, also one that cannot be read. Errors: E_NOT_FOUND, E_USAGE. */
async function standingNote(
  query: LedgerQuery,
  config: Config,
  id: string,
): Promise<{ readonly digest: string; readonly entry: Entry | undefined }> {
  const index = /^#\d+$/.test(id) ? Number(id.slice(1)) : undefined;
  const listed = query.standings.newest?.statement.predicate.scan.rules?.standing.find((one) => one.index === index);
  if (listed !== undefined) return { digest: listed.entry, entry: (await query.hit(listed.index))?.picture.signed };
  const { rule, retired } = ruleOrRefuse((await bookIn(query, config)).rules, id);
  if (rule.origin.source === 'config') {
    throw new DriftbomError('E_USAGE', `${id} is written in driftbom.yaml`, 'Take it out there.');
  }
  if (retired !== null) {
    const cure = 'driftbom rule list shows those that stand.';
    throw new DriftbomError('E_USAGE', `${id} was retired already, by entry ${retired.index}`, cure);
  }
  return { digest: rule.origin.entry, entry: (await query.hit(rule.origin.index))?.picture.signed };
}

/** What `driftbom rule list` and `show` tell. */
export interface RuleListing extends Pick<OpenedBook, 'rules' | 'unreadable'> {
  /** What the newest scan that asked rules said, and its log index. */
  readonly last: { readonly scan: number; readonly judged: readonly RuleJudgement[] } | null;
  readonly shown: string;
}

/** `driftbom rule list`. Errors: E_CONFIG, E_LEDGER_MISSING, E_LEDGER_CORRUPT. */
export async function wireRules(request: LedgerRequest, io: WireIo): Promise<RuleListing> {
  const { rules, unreadable, query, folders } = await openBook(request, io);
  const { newest } = query.standings;
  const judged = newest?.statement.predicate.scan.rules?.judged;
  const erased = newest?.statement.predicate.scan.rules?.unreadable ?? [];
  const told = erased.filter(({ index }) => !unreadable.some((one) => one.index === index));
  return {
    rules,
    unreadable: [...unreadable, ...told],
    last: newest === undefined || judged === undefined ? null : { scan: newest.index, judged },
    shown: folders.shown,
  };
}

/** `driftbom rule show`. Errors: E_NOT_FOUND, and those of wireRules. */
export async function wireRule(
  request: LedgerRequest & { readonly id: string },
  io: WireIo,
): Promise<{ readonly known: KnownRule; readonly listing: RuleListing }> {
  const listing = await wireRules(request, io);
  return { known: ruleOrRefuse(listing.rules, request.id), listing };
}

/** The rules of a file: one, or a list, YAML or JSON; a rule without an id gets the next one. Errors: E_CONFIG. */
export async function readRules(file: string, io: Pick<WireIo, 'cwd' | 'stdin'>): Promise<WrittenRule[]> {
  const name = file === '-' ? 'standard input' : file;
  const bytes = file === '-' ? await io.stdin() : await readGiven(file, 'E_CONFIG', io);
  const lines = new LineCounter();
  const document = parseDocument(decodeText(bytes, name, 'E_CONFIG'), { lineCounter: lines, uniqueKeys: true });
  const [broken] = document.errors;
  if (broken !== undefined) {
    const at = lines.linePos(broken.pos[0]);
    const message = `${name}:${at.line}:${at.col}: ${broken.message.split('\n')[0]}`;
    throw new DriftbomError('E_CONFIG', message, 'Correct the YAML or JSON at that place.');
  }
  const json: unknown = document.toJS({ maxAliasCount: 50 });
  const list: readonly unknown[] = Array.isArray(json) ? json : [json];
  const faults: string[] = list.length === 0 ? ['there is no rule in it'] : [];
  const rules = list.flatMap((one, i) => {
    const named = typeof one === 'object' && one !== null && !('id' in one) ? { id: NEXT_ID, ...one } : one;
    const read = readWritten(named);
    if ('rule' in read) return [read.rule];
    faults.push(...read.faults.map((fault) => `rule ${i + 1}: ${fault}`));
    return [];
  });
  if (faults.length === 0) return rules;
  const message = `${name} has ${faults.length} fault(s):\n  ${faults.join('\n  ')}`;
  throw new DriftbomError('E_CONFIG', message, 'docs/rules.md shows how rules are written.');
}
