import type { SheetDrift } from './sheet.ts';

/** One call of the audit log, as class 6003 asks for it. */
export interface OcsfActivity {
  readonly uid: string;
  /** Id of the drift that it is the evidence of. */
  readonly drift: string;
  readonly id: number;
  readonly caption: string;
  readonly at: string;
  readonly operation: string;
  readonly service: string | null;
  readonly actor: { readonly user: { readonly name: string; readonly type: string } };
  readonly sha256: string;
}

const ACTIVITIES: Readonly<Record<SheetDrift['action'], readonly [id: number, caption: string]>> = {
  create: [1, 'Create'],
  update: [3, 'Update'],
  delete: [4, 'Delete'],
  none: [0, 'Unknown'],
};

/** The calls behind a drift. Where several actors fit, none of them is named for a single call. */
export function apiActivities({ id, who, action }: SheetDrift): OcsfActivity[] {
  const [only, ...others] = who.actors;
  const user =
    only === undefined || others.length > 0
      ? { name: 'not known for this call', type: 'Unknown' }
      : { name: only.name, type: only.kind };
  const [activity, caption] = ACTIVITIES[action];
  const [service = null] = who.call?.includes(':') === true ? who.call.split(':') : [];
  return who.events.map((event) => ({
    uid: event.id,
    drift: id,
    id: activity,
    caption,
    at: event.at,
    operation: event.name,
    service,
    actor: { user },
    sha256: event.sha256,
  }));
}
