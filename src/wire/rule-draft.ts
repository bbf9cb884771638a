import { documentSource } from '../ledger/attach.ts';
import { findHit } from '../ledger/query/find.ts';
import type { LedgerQuery } from '../ledger/query/ledger-query.ts';
import { isChange } from '../ledger/query/merged.ts';
import { statesOf } from '../ledger/states.ts';
import type { ChangeEntry } from '../model/history.ts';
import { DriftbomError } from '../model/error.ts';
import type { IncidentRecord } from '../model/incident-record.ts';
import { NEXT_ID, type Rule, type RuleKind, type RuleSeverity } from '../model/rule.ts';
import { type Draft, draftsOf, type Undrafted } from '../rules/draft.ts';
import { judge, type Verdict } from '../rules/judge.ts';
import { MARGIN } from '../rules/margin.ts';
import { readWritten, ruleOf, type WrittenRule } from '../rules/written.ts';
import { subjectOfDocument } from '../scan/rules.ts';
import { incidentOrRefuse } from './incident-record.ts';
import { wireAction } from './incident-action.ts';
import type { WireIo } from './io.ts';
import { openStore } from './ledger.ts';
import { type SpokenRequest, type WrittenRules, writeRules } from './rule.ts';
import { openBook } from './rule-book.ts';

export interface DraftRequest extends SpokenRequest {
  readonly incident: string;
  /** The change that caused it; else the one that the record names. */
  readonly entry?: string;
  readonly kind?: RuleKind;
  /** The changed attribute that the rule is to speak of. */
  readonly path?: string;
  /** Action item that the rule closes. */
  readonly action?: string;
  readonly id?: string;
  readonly title?: string;
  readonly severity?: RuleSeverity;
  readonly min?: number;
  readonly max?: number;
  readonly oneOf: readonly string[];
  /** Percent. */
  readonly margin?: number;
  /** Scope, where it is not to be the resource itself in its workspace. */
  readonly address?: string;
  readonly type?: string;
  readonly workspace?: string;
  /** Sign it into the ledger. */
  readonly write?: boolean;
}

/** A drafted rule, how it judges both sides of the change that it was drafted from, and what else could be drafted. */
export interface DraftedRule {
  readonly rule: Rule;
  readonly change: { readonly index: number; readonly address: string; readonly path: string };
  readonly note: string | null;
  readonly declared: Verdict;
  readonly live: Verdict;
  readonly others: readonly { readonly kind: RuleKind; readonly path: string }[];
  readonly undrafted: readonly Undrafted[];
  /** The change was recorded by hand: no scan reads such a resource, so none will meet the rule. */
  readonly byHand: boolean;
  readonly written: WrittenRules | undefined;
  readonly action: string | null;
  readonly shown: string;
}

/**
 * `driftbom rule from-incident`. Errors: E_NOT_FOUND (incident, entry, action, or nothing to draft), E_USAGE, E_CONFIG, and those
 * of writeRules where it is to be written.
 */
export async function wireRuleDraft(request: DraftRequest, io: WireIo): Promise<DraftedRule> {
  const { query, records, folders } = await openBook(request, io);
  const record = incidentOrRefuse(records, request.incident);
  const action = actionOf(record, request.action);
  const change = await causeOf(record, request.entry, query);
  const { min, max, margin = MARGIN } = request;
  const { drafts, undrafted } = draftsOf(change.statement.predicate.change, { min, max, margin });
  const fitting = drafts.filter(
    ({ kind, path }) => (request.kind ?? kind) === kind && (request.path === undefined || request.path === path),
  );
  const [draft] = fitting;
  if (draft === undefined) throw nothingToDraft(change, drafts, undrafted);
  const written = termsOf(draft, change, record, request);
  const from = { incident: record.id, entry: change.digest, action };
  const rule = ruleOf(written, { origin: { source: 'config' }, from, reason: request.reason ?? null });
  const { before, after } = await statesOf(change, documentSource(openStore(folders, io)));
  const { resource } = change.statement.predicate.change;
  const said = (document: typeof before): Verdict => judge(rule, subjectOfDocument(resource.type, document));
  const signed = request.write === true ? await writeRules([{ rule: written, from }], request, io) : undefined;
  const [signedRule] = signed?.rules ?? [];
  if (signedRule !== undefined && action !== null) {
    await wireAction({ ...request, incident: record.id, action, rule: signedRule.terms.id }, io);
  }
  return {
    rule: signedRule ?? rule,
    change: { index: change.index, address: resource.address, path: draft.path },
    note: draft.note,
    declared: said(before),
    live: said(after),
    others: drafts.filter((one) => one !== draft).map(({ kind, path }) => ({ kind, path })),
    undrafted,
    byHand: change.kind === 'change' && change.statement.predicate.change.origin === 'recorded',
    written: signed,
    action,
    shown: folders.shown,
  };
}

function actionOf({ id, actions }: IncidentRecord, word: string | undefined): string | null {
  if (word === undefined) return null;
  const found = actions.find((one) => one.id.toLowerCase() === word.toLowerCase());
  if (found !== undefined) return found.id;
  const cure = actions.length === 0 ? 'It has none yet.' : `It has ${actions.map((one) => one.id).join(', ')}.`;
  throw new DriftbomError('E_NOT_FOUND', `${id} has no action ${word}`, cure);
}

/** The change that somebody names, else the one that the record's people judged to have caused it. */
async function causeOf(record: IncidentRecord, word: string | undefined, query: LedgerQuery): Promise<ChangeEntry> {
  const caused = record.verdicts.filter(({ relation }) => relation === 'caused');
  const surest = [...caused].sort((a, b) => b.certainty - a.certainty)[0];
  const named = word ?? surest?.entry;
  if (named === undefined) {
    const cure = `Name it with --entry N, or record it: driftbom incident verdict ${record.id} N caused.`;
    throw new DriftbomError('E_NOT_FOUND', `the record of ${record.id} names no change as its cause`, cure);
  }
  const { signed } = (await findHit(query, named)).picture;
  if (isChange(signed)) return signed;
  throw new DriftbomError('E_USAGE', `entry ${signed.index} is a ${signed.kind}, and no change`, 'Name a drift.');
}

function nothingToDraft(
  { index }: ChangeEntry,
  drafts: readonly Draft[],
  undrafted: readonly Undrafted[],
): DriftbomError {
  if (drafts.length > 0) {
    const there = drafts.map(({ kind, path }) => `--kind ${kind} --path '${path}'`).join('; ');
    return new DriftbomError('E_NOT_FOUND', `no such rule can be drafted from entry ${index}`, `There are: ${there}.`);
  }
  const why = undrafted.map((one) => `${one.path === '' ? '' : `${one.path}: `}${one.why}`).join('; ');
  return new DriftbomError(
    'E_NOT_FOUND',
    `no rule can be drafted from entry ${index}${why === '' ? '' : `: ${why}`}`,
    'Write one by hand: driftbom rule add FILE (docs/rules.md).',
  );
}

/** The draft as somebody would have written it. Errors: E_USAGE. */
function termsOf(draft: Draft, change: ChangeEntry, record: IncidentRecord, request: DraftRequest): WrittenRule {
  const { resource } = change.statement.predicate.change;
  const scope =
    request.address === undefined && request.type === undefined
      ? { type: resource.type, address: resource.address, workspace: request.workspace ?? resource.workspace }
      : { type: request.type ?? resource.type, address: request.address, workspace: request.workspace };
  const { min: _min, max: _max, oneOf: _oneOf, ...rest } = draft.terms;
  const wantsList = draft.kind === 'range' && request.oneOf.length > 0;
  const terms = wantsList ? { ...rest, oneOf: request.oneOf } : draft.terms;
  const read = readWritten({
    kind: draft.kind,
    id: request.id ?? NEXT_ID,
    title: request.title ?? draft.title,
    severity: request.severity ?? SEVERITIES[record.severity ?? 'sev2'],
    ...defined(scope),
    ...terms,
    reason: request.reason ?? `Born from ${record.id}: ${record.title}`.slice(0, 4000),
  });
  if ('rule' in read) return read.rule;
  throw new DriftbomError('E_USAGE', `the draft is no rule: ${read.faults.join('; ')}`, 'Check the options.');
}

const SEVERITIES = { sev0: 'critical', sev1: 'high', sev2: 'high', sev3: 'medium', sev4: 'medium' } as const;

function defined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Partial<T>;
}
