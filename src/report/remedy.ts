import type { Cause, DriftKind } from '../model/drift.ts';

/** A drift as far as a remedy depends on it. Nothing here knows resource types. */
export interface RemedyCase {
  readonly kind: DriftKind;
  readonly cause: Cause;
  readonly address: string;
  readonly id: string | null;
  readonly workspace: string;
}

/**
 * A way out of a drift. revert: live goes back to what is declared. accept: the declared side takes over what is live.
 * apply: the configuration is right and was never applied. The commands are printed for a person; nothing runs them.
 */
export interface Remedy {
  readonly direction: 'revert' | 'accept' | 'apply';
  readonly title: string;
  /** Shell commands (POSIX quoting), in order. */
  readonly commands: readonly string[];
  /** What a person has to do or look at, before or instead of the commands. */
  readonly steps: readonly string[];
}

const HOLD = 'Make sure first that the change is not itself the mitigation of a running incident.';

/** The ways out, the safest first. Printed, never executed. */
export function remediesFor(drift: RemedyCase): readonly Remedy[] {
  if (drift.kind === 'missing') return [recreate(drift), forget(drift)];
  if (drift.kind === 'unmanaged') return [adopt(drift), removeByHand(drift)];
  if (drift.cause === 'unapplied') return [applyCode(drift), restoreCode(drift)];
  if (drift.cause === 'both') return [applyBoth(drift), accept(drift)];
  return [revert(drift), accept(drift)];
}

function revert(drift: RemedyCase): Remedy {
  return {
    direction: 'revert',
    title: 'Put the declared values back',
    commands: guardedApply(drift, 'revert.tfplan'),
    steps: [HOLD, scope(drift)],
  };
}

function accept(drift: RemedyCase): Remedy {
  return {
    direction: 'accept',
    title: 'Keep the live values and declare them',
    commands: [`terraform plan -target=${quoted(drift.address)}`],
    steps: [
      'Write the live values shown above into the configuration, for review as any other change.',
      'The plan must then propose no change for this address.',
    ],
  };
}

function recreate(drift: RemedyCase): Remedy {
  return {
    direction: 'revert',
    title: 'Create it again as declared',
    commands: guardedApply(drift, 'revert.tfplan'),
    steps: [HOLD, scope(drift), 'The object comes back empty: its data, its id and what others attached to it do not.'],
  };
}

function forget(drift: RemedyCase): Remedy {
  return {
    direction: 'accept',
    title: 'Let it stay gone',
    commands: [`terraform state rm ${quoted(drift.address)}`],
    steps: ['Remove it from the configuration first, or the next apply creates it again.'],
  };
}

function adopt(drift: RemedyCase): Remedy {
  const id = drift.id === null ? undefined : quoted(drift.id);
  return {
    direction: 'accept',
    title: 'Take it under management',
    commands: id === undefined ? [] : [`terraform import ${quoted(drift.address)} ${id}`],
    steps: [
      'Only if it belongs there: find out who made it, and look at what it permits, before you keep it.',
      'Write a resource block for it first; the plan after the import must propose no change.',
    ],
  };
}

function removeByHand(drift: RemedyCase): Remedy {
  const id = drift.id === null ? 'it' : drift.id;
  return {
    direction: 'revert',
    title: 'Remove it',
    commands: [],
    steps: [
      `Nothing declares ${id}, so Terraform cannot remove it: delete it with the service's own tool, after asking its owner.`,
    ],
  };
}

function applyCode(drift: RemedyCase): Remedy {
  return {
    direction: 'apply',
    title: 'Apply what the configuration says',
    commands: guardedApply(drift, 'apply.tfplan'),
    steps: ['Live still has what was last applied: nobody changed it by hand.', scope(drift)],
  };
}

function restoreCode(drift: RemedyCase): Remedy {
  return {
    direction: 'revert',
    title: 'Take the configuration back to what is live',
    commands: [`terraform plan -target=${quoted(drift.address)}`],
    steps: ['Revert the change of the configuration; the plan must then propose no change for this address.'],
  };
}

function applyBoth(drift: RemedyCase): Remedy {
  return {
    direction: 'apply',
    title: 'Apply the configuration over the change made outside',
    commands: guardedApply(drift, 'apply.tfplan'),
    steps: [
      HOLD,
      'The configuration has moved too: this brings its new values as well, not only the old ones back.',
      scope(drift),
    ],
  };
}

function scope(drift: RemedyCase): string {
  return `Run it where the workspace ${drift.workspace} is applied from, and read the plan before you apply it: it must touch this address only, and -target also takes in dependencies.`;
}

/** Plan into a file, show that file, apply that file: what was read is what is done. */
function guardedApply(drift: RemedyCase, file: string): string[] {
  return [
    `terraform plan -target=${quoted(drift.address)} -out=${file}`,
    `terraform show ${file}`,
    `terraform apply ${file}`,
  ];
}

/** Quotes for a POSIX shell, so that an address with quotes, spaces or `$` stays one word. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
