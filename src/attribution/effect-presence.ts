import { contentOf, deletionOf, isCreation, isOwnObject, type Touched } from './call-object.ts';
import { type Effect, POSSIBLE } from './effect-kind.ts';

/** The effect of a call on whether a resource is there. `wanted`: whether it is there now, undeclared. */
export function effectOnPresence(wanted: boolean, touched: Touched): Effect {
  const at = touched.mentions.filter((mention) => mention.reach > 0).map((mention) => mention.leaf.at);
  if (isCreation(touched)) return { kind: wanted ? 'live' : 'other', named: true, at, note: undefined };
  const deletion = deletionOf(touched);
  if (deletion === 'own') return { kind: wanted ? 'other' : 'live', named: true, at, note: undefined };
  if (deletion === 'parent') {
    const note = 'the call deletes what it belongs to';
    return { kind: wanted ? 'other' : 'live', named: false, at, note };
  }
  const written = touched.view.call.verb === 'set' && isOwnObject(touched.view.call, touched.asked);
  if (written && contentOf(touched).length === 0 && touched.request.length > 0) {
    const note = 'the call writes it empty';
    return { kind: wanted ? 'other' : 'live', named: false, at, note };
  }
  return { ...POSSIBLE, note: 'neither makes it nor takes it away' };
}
