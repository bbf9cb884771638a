import type { Path } from './path.ts';

/** One step of a pattern: a name with `*` in it, one index, or any index. */
type PatternStep =
  | { readonly kind: 'name'; readonly matches: (name: string) => boolean }
  | { readonly kind: 'index'; readonly index: number | '*' };

/** A pattern over attribute paths: `tags.Deploy*`, `rule[*].priority`, `tags["a.b"]`. It covers what lies below, too. */
export type PathPattern = readonly PatternStep[];

const TOKEN = /\.?([A-Za-z_*][A-Za-z0-9_*:-]*)|\[(\d+|\*)\]|\[("(?:[^"\\]|\\.)*")\]/y;

/** Parses a pattern. Undefined where the text is none. */
export function parsePathPattern(text: string): PathPattern | undefined {
  const steps: PatternStep[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) return undefined;
    if (match[1] !== undefined) steps.push({ kind: 'name', matches: glob(match[1]) });
    else if (match[2] !== undefined) steps.push({ kind: 'index', index: match[2] === '*' ? '*' : Number(match[2]) });
    else {
      const name = JSON.parse(match[3] as string) as string;
      steps.push({ kind: 'name', matches: (other) => other === name });
    }
  }
  return steps.length > 0 ? steps : undefined;
}

/** Whether the pattern names the path or something above it. */
export function covers(pattern: PathPattern, path: Path): boolean {
  return (
    pattern.length <= path.length &&
    pattern.every((step, i) => {
      const at = path[i] as string | number;
      if (step.kind === 'index') return typeof at === 'number' && (step.index === '*' || step.index === at);
      return typeof at === 'string' && step.matches(at);
    })
  );
}

/** A matcher for a text with `*` (any run of characters) and `?` (one). Everything else stands for itself. */
export function glob(pattern: string): (text: string) => boolean {
  if (!/[*?]/.test(pattern)) return (text) => text === pattern;
  const parts = pattern
    .replace(/\*+/g, '*')
    .split(/([*?])/)
    .map((part) => {
      if (part === '*') return '[^]*';
      return part === '?' ? '[^]' : part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    });
  const expression = new RegExp(`^${parts.join('')}$`);
  return (text) => expression.test(text);
}
