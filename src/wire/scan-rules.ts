import type { Config } from '../config.ts';
import type { ReadRules } from '../ledger/rules.ts';
import { DriftbomError } from '../model/error.ts';
import { type ReadRule, readRuleNote } from '../rules/notes.ts';
import { rulesOfConfig } from '../rules/written.ts';
import type { KnownRules } from '../scan/rules.ts';

/**
 * The rules of a scan: those of the ledger, then those of driftbom.yaml. Undefined where there are none and no ledger that
 * could hold some. Errors: E_CONFIG where one id names two rules.
 */
export function knownRules(
  read: ReadRules | undefined,
  config: Config,
  { rules: asked = true }: { readonly rules?: boolean },
): KnownRules | undefined {
  const own = rulesOfConfig(config.rules ?? []);
  if (read === undefined && own.length === 0) return undefined;
  const { size, standing, added, erased } = read ?? { size: 0, standing: [], added: [], erased: [] };
  const notes: ReadRule[] = [
    ...added.map(readRuleNote),
    ...erased.map((index) => ({ index, why: 'its payload was erased' })),
  ];
  const held = notes.flatMap((one) => ('rule' in one ? [one.rule] : []));
  const unreadable = notes.flatMap((one) => ('rule' in one ? [] : [one]));
  const twice = own.find(({ terms }) => held.some((other) => other.terms.id === terms.id));
  if (twice !== undefined) {
    const { id } = twice.terms;
    const cure = `Give it another id, or retire the one in the ledger: driftbom rule retire ${id} --reason WHY.`;
    throw new DriftbomError('E_CONFIG', `driftbom.yaml: the ledger holds a rule ${id} already`, cure);
  }
  const list = { size, standing, unreadable };
  return asked ? { ...list, rules: [...held, ...own] } : { ...list, rules: [], off: true };
}
