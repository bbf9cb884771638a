import type { SheetFramework } from './sheet.ts';

/** What an OSCAL finding speaks of: a statement of a control of a catalog, or an objective where no catalog is known. */
export interface OscalTarget {
  readonly controlId: string;
  readonly type: 'statement-id' | 'objective-id';
  readonly targetId: string;
}

/** The framework whose ids OSCAL's own catalogs use. */
const CATALOG = 'nist-800-53';

type Control = SheetFramework['controls'][number];

/**
 * The targets of a requirement. `CM-3 (b,c)` is two statements of cm-3, `SI-7 / SI-7(1)/(2)` three controls: ids as the
 * NIST catalogs write them (usnistgov/oscal-content). Ids of other frameworks become tokens of their own.
 */
export function targetsOf(framework: SheetFramework, { id }: Control): OscalTarget[] {
  if (framework.id !== CATALOG) {
    const token = tokenOf(`${framework.id}_${id}`);
    return [{ controlId: token, type: 'objective-id', targetId: token }];
  }
  let base = '';
  return id.split('/').flatMap((part): OscalTarget[] => {
    const [, family, enhancement, letters] =
      /^\s*([A-Z]{2}-\d+)?(?:\((\d+)\))?\s*(?:\(([a-z](?:,[a-z])*)\))?\s*$/.exec(part) ?? [];
    base = family?.toLowerCase() ?? base;
    if (base === '') {
      const token = tokenOf(`${framework.id}_${part.trim()}`);
      return [{ controlId: token, type: 'objective-id', targetId: token }];
    }
    const controlId = enhancement === undefined ? base : `${base}.${enhancement}`;
    const statements =
      letters === undefined ? [`${controlId}_smt`] : letters.split(',').map((one) => `${controlId}_smt.${one}`);
    return statements.map((targetId) => ({ controlId, type: 'statement-id', targetId }));
  });
}

/** An OSCAL token: a letter or `_`, then letters, digits, `.`, `-`, `_`. */
export function tokenOf(text: string): string {
  const token = text.replace(/[^A-Za-z0-9._-]+/g, '_').replace(/^_+|_+$/g, '');
  return /^[A-Za-z_]/.test(token) ? token : `_${token}`;
}
