/** The parts of a semantic version that order it. Source: semver.org 2.0.0, section 11. */
interface Version {
  readonly numbers: readonly number[];
  readonly pre: readonly string[];
}

/** Whether a folder's or file's name is a version. */
export function isVersion(text: string): boolean {
  return parse(text) !== undefined;
}

/** Orders versions from old to new; a pre-release stands before its release. */
export function compareVersions(a: string, b: string): number {
  const [one, two] = [parse(a), parse(b)];
  if (one === undefined || two === undefined) return Number(one !== undefined) - Number(two !== undefined);
  for (let i = 0; i < 3; i++) {
    const difference = (one.numbers[i] ?? 0) - (two.numbers[i] ?? 0);
    if (difference !== 0) return difference;
  }
  if (one.pre.length === 0 || two.pre.length === 0) return two.pre.length - one.pre.length;
  for (let i = 0; i < Math.max(one.pre.length, two.pre.length); i++) {
    const difference = comparePart(one.pre[i], two.pre[i]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function comparePart(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  const numeric = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (numeric[0] && numeric[1]) return Number(a) - Number(b);
  if (numeric[0] !== numeric[1]) return numeric[0] ? -1 : 1;
  return a < b ? -1 : Number(a > b);
}

function parse(text: string): Version | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/.exec(text);
  if (match === null) return undefined;
  return { numbers: [match[1], match[2], match[3]].map(Number), pre: match[4]?.split('.') ?? [] };
}
