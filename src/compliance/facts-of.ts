import type { ChangePredicate } from '../model/entry.ts';
import { isEmpty, isMap, isArray, type Value } from '../model/value.ts';
import { postureOf } from '../resources/posture.ts';
import type { Posture } from '../resources/posture-facts.ts';
import { type Facts, NO_FACTS, type NumberMove } from './facts.ts';
import { publicIngressAdded } from './facts-network.ts';
import { policyWidening } from './facts-policy.ts';
import { isHidden, isPlace, type LeafMove, leafMoves } from './facts-walk.ts';

const TAGS = /^tags(_all)?(\.|\[|$)/;

/** The facts of a change: which way it moves what its type's data says of security. Pure; judges nothing. */
export function factsOf({
  driftKind,
  resource,
  paths,
}: Pick<ChangePredicate['change'], 'driftKind' | 'resource' | 'paths'>): Facts {
  const posture = postureOf(resource.type);
  if (driftKind === 'missing') return { ...NO_FACTS, resourceGone: true, ...lostWith(posture) };
  const moves = paths.flatMap(leafMoves);
  const readable = moves.filter((move) => !isHidden(move.before) && !isHidden(move.after));
  const off = readable.filter(isOff);
  const numbers = readable.flatMap(numberMove);
  const decreased = numbers.filter(({ to, from }) => to < from);
  const named = (wanted: readonly string[] | undefined): readonly string[] =>
    unique(off.filter((move) => isPlace(move.place, wanted)).map((move) => move.field));
  const policies = readable
    .filter((move) => isPlace(move.place, posture.policies))
    .flatMap((move) => policyWidening(move.before, move.after) ?? []);
  return {
    publicIngressAdded: publicIngressAdded(
      paths.filter(({ after }) => !isHidden(after)),
      posture.ingress,
    ),
    iamActionsAdded: unique(policies.flatMap((one) => one.actions)),
    iamPrincipalsAdded: unique(policies.flatMap((one) => one.principals)),
    iamConditionsRemoved: unique(policies.flatMap((one) => one.conditions)),
    boolOff: unique(readable.filter(({ before, after }) => isFalse(after) && isTrue(before)).map(({ field }) => field)),
    boolOn: unique(readable.filter(({ before, after }) => isTrue(after) && !isTrue(before)).map(({ field }) => field)),
    numberDecreased: decreased.map(withoutPlace),
    numberIncreased: numbers.filter(({ to, from }) => to > from).map(withoutPlace),
    encryptionOff: named(posture.encryption),
    loggingOff: named(posture.logging),
    loggingTargetsRemoved: unique(
      readable
        .filter((move) => isPlace(move.place, posture.loggingTargets) && losesMembers(move))
        .map(({ field }) => field),
    ),
    publicAccessBlockOff: named(posture.publicAccessBlock),
    deletionProtectionOff: named(posture.deletionProtection),
    publicAccessOn: unique(
      readable
        .filter((move) => isPlace(move.place, posture.publicAccess) && isTrue(move.after) && !isTrue(move.before))
        .map(({ field }) => field),
    ),
    retentionShortened: shortened(numbers, posture.retention),
    backupShortened: decreased.filter((move) => isPlace(move.place, posture.backup)).map(withoutPlace),
    onlyTagsChanged: paths.length > 0 && paths.every(({ path }) => TAGS.test(path)),
    hidden: unique(moves.filter((move) => !readable.includes(move)).map(({ path }) => path)),
    resourceGone: false,
    resourceUnmanaged: driftKind === 'unmanaged',
  };
}

function lostWith({ whole }: Posture): Partial<Facts> {
  const gone = ['(whole resource)'];
  if (whole === 'encryption') return { encryptionOff: gone };
  if (whole === 'logging') return { loggingOff: gone };
  if (whole === 'public-access-block') return { publicAccessBlockOff: gone };
  return {};
}

/** From on, or from set to a value that protects, to off, unset or none. */
function isOff({ before, after }: LeafMove): boolean {
  if (isTrue(before)) return !isTrue(after);
  if (isFalse(after)) return isEmpty(before);
  return typeof before === 'string' && before !== 'false' && isEmpty(after);
}

function isTrue(value: Value): boolean {
  return value === true || value === 'true';
}

function isFalse(value: Value): boolean {
  return value === false || value === 'false';
}

interface PlacedMove extends NumberMove {
  readonly place: string;
}

function numberMove({ place, field, path, before, after }: LeafMove): PlacedMove[] {
  const [from, to] = [numeric(before), numeric(after)];
  return from === undefined || to === undefined || from === to ? [] : [{ place, field, path, from, to }];
}

/** Zero means "for ever" where a retention is counted, so that coming from it is always shorter. */
function shortened(numbers: readonly PlacedMove[], wanted: readonly string[] | undefined): NumberMove[] {
  return numbers
    .filter((move) => isPlace(move.place, wanted) && (move.from === 0 || (move.to !== 0 && move.to < move.from)))
    .map(withoutPlace);
}

function withoutPlace({ field, from, to, path }: PlacedMove): NumberMove {
  return { field, from, to, path };
}

function numeric(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

/** Whether what stood there stands there no longer. */
function losesMembers({ before, after }: LeafMove): boolean {
  if (isEmpty(before)) return false;
  if (!isArray(before)) return isMap(before) ? isEmpty(after) : before !== after;
  const left = new Set((isArray(after) ? after : [after]).map((one) => JSON.stringify(one)));
  return before.some((one) => !left.has(JSON.stringify(one)));
}

/** One for all: most facts of most changes are empty. */
const NONE: readonly string[] = [];

function unique(list: readonly string[]): readonly string[] {
  return list.length === 0 ? NONE : [...new Set(list)].sort();
}
