import type { NoteContents } from '../incident/record/note.ts';
import { nextId } from '../incident/record/ids.ts';
import { DriftbomError } from '../model/error.ts';
import type { ActionCategory, ActionItem, ActionState, IncidentRecord } from '../model/incident-record.ts';
import { type SaidNote, sayOf, type SpeakRequest } from './incident-write.ts';
import type { WireIo } from './io.ts';

/** `driftbom incident action`: a new one, or what changes in one. */
export interface ActionRequest extends SpeakRequest {
  readonly incident: string;
  /** What is to be done; or the id of an action, `A1`. */
  readonly action: string;
  readonly category?: ActionCategory;
  readonly owner?: string;
  readonly due?: string;
  readonly doneWhen?: string;
  readonly rule?: string;
  readonly ticket?: string;
  readonly state?: ActionState;
  /** How it came to its state. */
  readonly text?: string;
  /** Other words for what is to be done. */
  readonly reword?: string;
}

/** Errors: E_USAGE, E_NOT_FOUND (no such action), and those of sayOf. */
export function wireAction(request: ActionRequest, io: WireIo): Promise<SaidNote> {
  const isId = /^A\d+$/i.test(request.action);
  return sayOf(request.incident, request, io, (record) => {
    if (!isId) return { content: { topic: 'action', what: newAction(request, record) } };
    const before = record.actions.find(({ id }) => id.toLowerCase() === request.action.toLowerCase());
    if (before === undefined) {
      const ids = record.actions.map(({ id }) => id).join(', ');
      const cure = ids === '' ? 'It has none yet: give the text of the action.' : `It has ${ids}.`;
      throw new DriftbomError('E_NOT_FOUND', `${record.id} has no action ${request.action}`, cure);
    }
    return { content: { topic: 'action', what: changedAction(request, before) }, supersedes: before.said };
  });
}

type Action = NoteContents['action'];

function newAction(request: ActionRequest, { actions }: IncidentRecord): Action {
  const { action: text, category, owner = null, due = null, doneWhen = null, rule = null, ticket = null } = request;
  if (category === undefined) {
    const cure = 'Give detection, mitigation, prevention or docs-training.';
    throw new DriftbomError('E_USAGE', 'a new action needs --category', cure);
  }
  const late = (['state', 'text', 'reword'] as const).find((name) => request[name] !== undefined);
  if (late !== undefined) {
    const cure = 'Name the action by its id (A1), or leave it out.';
    throw new DriftbomError('E_USAGE', `--${late} belongs to an action that is there`, cure);
  }
  const id = nextId('A', actions);
  return { id, category, text, owner, due, doneWhen, rule, ticket, state: 'open', stateText: null };
}

function changedAction(request: ActionRequest, { said: _said, ...before }: ActionItem): Action {
  const { state = before.state, text, reword } = request;
  if (text !== undefined && request.state === undefined) {
    const cure = 'Give --state too; --reword gives the action other words.';
    throw new DriftbomError('E_USAGE', '--text says how an action came to its state', cure);
  }
  if (request.state === 'dropped' && text === undefined) {
    throw new DriftbomError('E_USAGE', 'an action is not dropped without a reason', 'Say why with --text.');
  }
  const { category, owner, due, doneWhen, rule, ticket } = request;
  const given = Object.entries({ category, owner, due, doneWhen, rule, ticket, text: reword });
  const changed = Object.fromEntries(given.filter(([, value]) => value !== undefined)) as Partial<Action>;
  if (Object.keys(changed).length === 0 && request.state === undefined) {
    const cure = 'Give --state, --owner, --due, --done-when, --rule, --ticket, --category or --reword.';
    throw new DriftbomError('E_USAGE', `nothing of ${before.id} is changed`, cure);
  }
  const stateText = request.state === undefined ? before.stateText : (text ?? null);
  return { ...before, ...changed, state, stateText };
}
