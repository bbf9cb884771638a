import { parseJsonText } from '../model/json-text.ts';
import type { Value } from '../model/value.ts';
import { canonicalText } from '../terraform/canonical.ts';
import { canonicalPolicy, isPolicy, sameApiPolicy } from './policy.ts';

/**
 * What a string says, where it holds a document: a JSON document in one spelling, an IAM policy in its canonical form.
 * Any other string says itself. Idempotent.
 */
export function meaningOf(text: string): string {
  const document = documentOf(text);
  return document === undefined ? text : (canonicalText(document) ?? text);
}

/** Whether two strings hold documents that say the same (pairwise equivalences included). */
export function sameMeaning(a: string, b: string): boolean {
  if (a === b) return true;
  const left = documentOf(a);
  const right = documentOf(b);
  if (left === undefined || right === undefined) return false;
  return (
    canonicalText(left) === canonicalText(right) || (isPolicy(left) && isPolicy(right) && sameApiPolicy(left, right))
  );
}

/** The canonical document that a string holds; IAM hands policies out URL-encoded. */
function documentOf(text: string): Value | undefined {
  const document = parseJsonText(/^%7[Bb]/.test(text) ? decoded(text) : text);
  if (document === undefined) return undefined;
  return isPolicy(document) ? canonicalPolicy(document) : document;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
