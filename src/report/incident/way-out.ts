import { type Candidate, isRecorded } from '../../incident/rank/candidate.ts';
import { type Direction, directionOf } from '../../incident/direction.ts';
import type { ChangeEntry } from '../../model/history.ts';
import type { ChangePredicate, SignedChange } from '../../model/entry.ts';
import { patchFor } from '../../incident/patch.ts';
import { quoted, remediesFor } from '../remedy.ts';
import { inlineValue } from '../text/value-text.ts';

/** The way out of one suspect, safest first. Printed for a person; nothing runs it. */
export interface WayOut {
  readonly direction: 'REVERT' | 'HOLD' | 'NOTHING TO UNDO';
  readonly why: string;
  readonly risks: readonly string[];
  /** Shell commands (POSIX quoting), each run only if the one before ended well. */
  readonly commands: readonly string[];
  /** What to do where no command can: by another system, by hand. */
  readonly steps: readonly string[];
  /** The same for one attribute, refused by the cloud where the live value is no longer this one. */
  readonly patch: string | null;
  /** ACCEPT: the other way, where there is one. */
  readonly keep: Keep | null;
  readonly verify: string;
}

interface Keep {
  readonly title: string;
  /** Lines for the configuration. */
  readonly lines: readonly string[];
  readonly commands: readonly string[];
  readonly steps: readonly string[];
}

const DIRECTIONS = { revert: 'REVERT', hold: 'HOLD', none: 'NOTHING TO UNDO' } as const;

export function wayOutOf(candidate: Candidate, onset: number | undefined): WayOut {
  const direction = directionOf(candidate, onset);
  const none = direction.direction === 'none';
  const common = {
    direction: DIRECTIONS[direction.direction],
    why: direction.why,
    risks: direction.risks,
    ...{ commands: [], steps: [], patch: null, keep: null },
  };
  if (candidate.source.kind === 'rollout') {
    const { reached } = candidate.source.rollout;
    const name = reached.id === null ? '' : ` (${reached.id})`;
    const steps = none ? [] : [`Roll it back in ${reached.system}${name}.`];
    return { ...common, steps, verify: 'its own system says that it is rolled back' };
  }
  const { predicate } = candidate.source.entry.statement;
  const { address } = predicate.change.resource;
  const verify = `driftbom scan, then: driftbom log --address ${quoted(address)}`;
  return none
    ? { ...common, verify }
    : { ...common, verify, ...entryWay(candidate, candidate.source.entry, direction) };
}

/** The way back of a change on record, by how it came about. */
function entryWay(candidate: Candidate, entry: ChangeEntry, direction: Direction): Partial<WayOut> {
  const { predicate } = entry.statement;
  const { change } = predicate;
  if (isRecorded(entry)) {
    const verify = 'driftbom log shows the way back once it is recorded';
    return { steps: recordedSteps(change.paths, change.resource.address), verify };
  }
  if (change.origin !== undefined) {
    return {
      steps: ['What is declared agrees with live by now: revert the configuration, and apply it as any other change.'],
    };
  }
  const keep = keepOf(predicate);
  if (change.driftKind === 'unmanaged') {
    return {
      keep,
      steps: ['Nothing declares it, so Terraform cannot remove it: find its owner, then use the tool of its service.'],
    };
  }
  return {
    commands: guarded(change),
    steps: stepsOf(direction, change.resource.workspace),
    patch: patchText(candidate),
    keep,
  };
}

/** Plan into a file, have that file checked by a machine, apply that file: what was checked is what is done. */
function guarded(change: ChangePredicate['change']): string[] {
  const address = quoted(change.resource.address);
  const attributes = change.driftKind === 'missing' ? [] : topPaths(change.paths);
  return [
    `terraform plan -target=${address} -out=revert.tfplan &&`,
    'terraform show -json revert.tfplan > revert.json &&',
    `driftbom check-plan revert.json --only ${address}${attributes.map((path) => ` --attribute ${quoted(path)}`).join('')} &&`,
    'terraform apply revert.tfplan',
  ];
}

/** Set members are told by their set; below an index Terraform may order otherwise. */
function topPaths(paths: readonly SignedChange[]): string[] {
  return [...new Set(paths.map(({ path }) => path.replace(/\[.*$/, '')).filter((path) => path !== ''))];
}

function stepsOf({ direction }: Direction, workspace: string): string[] {
  const where = `Run it where the workspace ${workspace} is applied from; -target also takes in dependencies, which check-plan refuses.`;
  return direction === 'hold'
    ? ['Ask who made it, and whether it carries the service now, before you run anything.', where]
    : [where];
}

function recordedSteps(paths: readonly SignedChange[], key: string): string[] {
  return paths.map(({ before, sensitive }) => {
    const value = sensitive
      ? 'its earlier value, which is secret'
      : before === null
        ? 'nothing, as before'
        : inlineValue(before, false);
    return `Set ${key} back to ${value} where it is kept, then write that down: driftbom record --key ${quoted(key)} --new VALUE --reason TEXT`;
  });
}

/** One attribute by compare and swap. */
function patchText(candidate: Candidate): string | null {
  const patch = patchFor(candidate);
  if (patch === undefined) return null;
  const { typeName, identifier, token, document } = patch;
  return `aws cloudcontrol update-resource --type-name ${typeName} --identifier ${quoted(identifier)} --client-token ${quoted(token)} --patch-document ${quoted(document)}`;
}

/** How to keep it: the lines for the configuration, and the commands that go with its kind. */
function keepOf({ change }: ChangePredicate): Keep | null {
  const kept = remediesFor({ ...change.resource, kind: change.driftKind, cause: change.cause }).find(
    ({ direction }) => direction === 'accept',
  );
  if (kept === undefined) return null;
  const lines = change.paths.map(
    ({ path, after, sensitive }) =>
      `${path} = ${sensitive ? '(secret: its value is not on record)' : inlineValue(after, false)}`,
  );
  const { title, commands, steps } = kept;
  return { title, lines: change.driftKind === 'changed' ? lines : [], commands, steps };
}
