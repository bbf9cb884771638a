import type { ChangePredicate, Resolution, SignedChange } from '../model/entry.ts';
import { parsePath, type Path } from '../model/path.ts';
import { type RevisitedResource, type Scan, type ScanInput, workspaceKeys } from '../model/scan.ts';
import { isArray, isEmpty, isMap, sameValue, type Value } from '../model/value.ts';
import type { ClosedDrift } from './standing.ts';

/**
 * How a drift went. Told from evidence only: the declared side's document now (where the scan revisited the resource),
 * or inputs that have not changed since the drift was last seen, so that live must have come back. Else `unknown`.
 */
export function resolutionOf(
  closed: ClosedDrift,
  change: ChangePredicate['change'],
  scan: Scan,
  inputsBefore: readonly ScanInput[],
): Resolution {
  if (closed.why === 'moved-on') return 'superseded';
  // An unmanaged object that nobody finds any more was taken away again.
  if (closed.why === 'gone') return change.driftKind === 'unmanaged' ? 'reverted' : 'no-longer-declared';
  const place = { workspace: closed.workspace, address: change.resource.address };
  if (setAside(place, change, scan)) return 'ignored';
  if (change.driftKind === 'missing') return 'reverted';
  if (change.driftKind === 'unmanaged') return 'accepted';
  const now = revisitedOf(scan, place);
  if (now !== undefined) return judgePaths(change.paths, now.documents.declared);
  return closed.open.seen && sameDeclared(inputsBefore, scan.inputs, closed.open.workspaceKey) ? 'reverted' : 'unknown';
}

/** The scan's documents of a resource, where it revisited it. */
export function revisitedOf(scan: Scan, { workspace, address }: Place): RevisitedResource | undefined {
  return scan.revisited?.find((one) => one.workspace === workspace && one.address === address);
}

/** A resource, by the names that the scan uses. */
interface Place {
  readonly workspace: string;
  readonly address: string;
}

function setAside({ workspace, address }: Place, change: ChangePredicate['change'], scan: Scan): boolean {
  return scan.ignored.some(
    (one) =>
      one.workspace === workspace &&
      one.address === address &&
      (change.paths.length === 0 || change.paths.some((signed) => signed.path === one.path)),
  );
}

/** Whether everything that declares the workspace has the same bytes as when the drift was last seen. */
function sameDeclared(before: readonly ScanInput[], now: readonly ScanInput[], workspaceKey: string): boolean {
  const digests = (inputs: readonly ScanInput[]): string => {
    const keyOf = workspaceKeys(inputs);
    return inputs
      .filter((input) => keyOf(input.workspace) === workspaceKey && ['state', 'plan', 'config'].includes(input.kind))
      .map((input) => `${input.kind} ${input.sha256}`)
      .sort()
      .join('\n');
  };
  const known = digests(before);
  return known !== '' && known === digests(now);
}

function judgePaths(paths: readonly SignedChange[], declared: Value): Resolution {
  const sides = new Set(paths.map((change) => sideOf(change, declared)));
  if (sides.size !== 1) return 'superseded';
  if (sides.has('before')) return 'reverted';
  return sides.has('after') ? 'accepted' : 'superseded';
}

/** Which side of a recorded change is declared now. */
function sideOf(change: SignedChange, declared: Value): 'before' | 'after' | 'neither' {
  const path = parsePath(change.path);
  if (path === undefined) return 'neither';
  const now = lookUp(declared, path);
  if (alike(now, change.after)) return 'after';
  if (alike(now, change.before)) return 'before';
  if (!isArray(now)) return 'neither';
  // The change may name one element of a set.
  const holds = (element: Value): boolean => !isEmpty(element) && now.some((item) => sameValue(item, element));
  if (holds(change.after)) return 'after';
  if (holds(change.before)) return 'before';
  return change.op === 'add' ? 'before' : change.op === 'remove' ? 'after' : 'neither';
}

function alike(a: Value, b: Value): boolean {
  return (isEmpty(a) && isEmpty(b)) || sameValue(a, b);
}

/** What stands at a path; null where nothing does, as Terraform has it. */
function lookUp(value: Value, path: Path): Value {
  let at: Value | undefined = value;
  for (const step of path) {
    if (typeof step === 'number') at = isArray(at) ? at[step] : undefined;
    else at = isMap(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }
  return at ?? null;
}
