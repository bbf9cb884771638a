import { type DocumentSource, documentSource } from '../ledger/attach.ts';
import { isChange } from '../ledger/query/merged.ts';
import { statesOf } from '../ledger/states.ts';
import type { ChangeEntry } from '../model/history.ts';
import type { Rule } from '../model/rule.ts';
import type { Value } from '../model/value.ts';
import type { Subject } from '../rules/judge.ts';
import { scopeOf } from '../rules/tally.ts';
import { type Trial, tryRule, type Witness } from '../rules/trial.ts';
import { ruleOf } from '../rules/written.ts';
import { subjectOfDocument } from '../scan/rules.ts';
import type { WireIo } from './io.ts';
import { openStore } from './ledger.ts';
import { readRules } from './rule.ts';
import { type LedgerRequest, openBook, type OpenedBook, ruleOrRefuse, scansIn } from './rule-book.ts';

/** What one rule would have said in the history of the ledger. */
export interface TriedRule {
  readonly rule: Rule;
  readonly trial: Trial;
}

/** `driftbom rule test`: rules by id, or of files, over the drifts of the ledger. Errors: E_NOT_FOUND, E_CONFIG, E_LEDGER_CORRUPT. */
export async function wireRuleTest(
  request: LedgerRequest & { readonly words: readonly string[] },
  io: WireIo,
): Promise<{ readonly tried: readonly TriedRule[]; readonly entries: number; readonly shown: string }> {
  const book = await openBook(request, io);
  const rules = (await Promise.all(request.words.map((word) => rulesNamed(word, book, io)))).flat();
  const scans = new Map(
    (await scansIn(book.query)).map(({ index, statement }) => [statement.predicate.scan.id, index] as const),
  );
  const source = documentSource(openStore(book.folders, io));
  const applies = rules.map(({ terms }) => scopeOf(terms));
  const witnesses: Witness[] = [];
  for await (const { picture } of book.query.log({ kinds: new Set(['drift', 'resolved']) }, true)) {
    const entry = picture.signed;
    if (!isChange(entry) || !applies.some((fits) => fits(entry.statement.predicate.change.resource))) continue;
    witnesses.push(await witnessOf(entry, source, scans));
  }
  const tried = rules.map((rule) => ({ rule, trial: tryRule(rule, witnesses) }));
  return { tried, entries: book.query.head.size, shown: book.folders.shown };
}

/** A rule that the ledger or driftbom.yaml knows; else a file. */
async function rulesNamed(word: string, { rules }: OpenedBook, io: WireIo): Promise<Rule[]> {
  const isFile = word === '-' || /[/\\]|\.(ya?ml|json)$/i.test(word);
  if (!isFile) return [ruleOrRefuse(rules, word).rule];
  const own = { origin: { source: 'config' }, from: null, reason: null } as const;
  return (await readRules(word, io)).map((rule) => ruleOf(rule, own));
}

async function witnessOf(
  entry: ChangeEntry,
  source: DocumentSource,
  scans: ReadonlyMap<string, number>,
): Promise<Witness> {
  const { change, scan } = entry.statement.predicate;
  const { before, after } = await statesOf(entry, source);
  const subject = (document: Value): Subject | undefined =>
    document === null ? undefined : subjectOfDocument(change.resource.type, document);
  const at = scan === null ? undefined : scans.get(scan.id);
  return { entry, before: subject(before), after: subject(after), scan: at ?? null };
}
