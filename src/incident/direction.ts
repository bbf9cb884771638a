import { isScalingCount } from '../resources/scaling.ts';
import type { SignedChange } from '../model/entry.ts';
import type { Value } from '../model/value.ts';
import { patchFor } from './patch.ts';
import { type Candidate, isRecorded } from './rank/candidate.ts';

/**
 * Which way out of a change is offered first. revert: put back what was before. hold: it may be what carries the service now.
 * none: there is nothing to undo. Accepting it is always the other way, and a person's choice.
 */
export interface Direction {
  readonly direction: 'revert' | 'hold' | 'none';
  readonly why: string;
  readonly risks: readonly string[];
}

const MITIGATION = /\b(mitigat\w*|incident|INC-?\d+|hotfix|firefight\w*|during the outage)\b/i;

export function directionOf(candidate: Candidate, onset: number | undefined): Direction {
  const { source, inEffect, from, to } = candidate;
  if (source.kind === 'rollout') {
    if (inEffect === false) return { direction: 'none', why: 'it was rolled back already', risks: [] };
    return { direction: 'revert', why: 'a rollout is undone by the system that made it', risks: [] };
  }
  const { change, why } = source.entry.statement.predicate;
  if (inEffect === false) return { direction: 'none', why: 'it is not in effect any more', risks: [] };
  if (onset !== undefined && from === to && from >= onset) {
    return hold('it was made after onset: it may be what somebody did against the incident');
  }
  const reason = why.reason?.text ?? '';
  if (MITIGATION.test(reason)) return hold('the reason on record speaks of a mitigation');
  const count = change.paths.find((one) => isScalingCount(change.resource.type, one.path) && mayBeRaised(one));
  if (count !== undefined) return hold(`${count.path} is a count that is raised to carry load`);
  return { direction: 'revert', why: 'what is declared was reviewed; what is live was not', risks: risksOf(candidate) };
}

/** A count that went down carries nothing; where its size cannot be told, it may have gone up. */
function mayBeRaised({ before, after }: SignedChange): boolean {
  return !(sizeOf(after) <= sizeOf(before));
}

/** NaN for what is no number, nor one in text. */
function sizeOf(value: Value): number {
  return typeof value === 'number' || (typeof value === 'string' && value !== '') ? Number(value) : Number.NaN;
}

function hold(why: string): Direction {
  return {
    direction: 'hold',
    why,
    risks: [
      'A pending apply would undo it: stop pipelines for this address, or declare the live value, before anything else.',
    ],
  };
}

function risksOf(candidate: Candidate): string[] {
  const { source, paths, guardrail } = candidate;
  if (source.kind !== 'entry') return [];
  const mayDrop = patchFor(candidate)?.mayDrop ?? [];
  const { change } = source.entry.statement.predicate;
  return [
    ...(change.driftKind === 'missing'
      ? ['It comes back empty: its data, its id and what others attached to it do not.']
      : []),
    ...(change.cause === 'both' ? ['The configuration has moved too: an apply brings its new values as well.'] : []),
    ...(paths.some(({ sensitive }) => sensitive) ? ['A value is secret and only its digest is on record.'] : []),
    ...(guardrail === undefined ? [] : ['Putting a guardrail back does not undo what passed while it was gone.']),
    ...(mayDrop.length === 0
      ? []
      : [
          `AWS does not give back ${mayDrop.join(', ')} of such an object, so that the patch may drop them: prefer the plan where it has any.`,
        ]),
    ...(isRecorded(source.entry) ? ['No scan sees this key: whether it is still set is not known.'] : []),
  ];
}
