import type { AuditSilence, JsonMap } from '../port.ts';
import { memberAt, textAt } from '../who/fields.ts';
import { type PlaceTimes, type SwitchCall, WRITE_SPAN } from './findings.ts';
import { LAG } from './window.ts';

/**
 * Times in which a successful call had the log switched off. From each call that takes management writes out of a log
 * until the next that puts them in again. A record does not say to which trail it was delivered; so a silence in which
 * the log goes on to show writes was another trail's, and is left out.
 */
export function silencesOf(
  calls: readonly SwitchCall[],
  places: ReadonlyMap<string, PlaceTimes>,
): readonly AuditSilence[] {
  const ordered = [...new Map(calls.map((call) => [call.fields.eventId, call])).values()].sort((a, b) =>
    a.fields.eventTime < b.fields.eventTime ? -1 : a.fields.eventTime > b.fields.eventTime ? 1 : 0,
  );
  return ordered
    .map((call, i) => silenceFrom(call, ordered.slice(i + 1)))
    .filter((silence) => silence !== undefined)
    .filter((silence) => !wentOn(silence, places));
}

function silenceFrom({ fields, json }: SwitchCall, later: readonly SwitchCall[]): AuditSilence | undefined {
  const off = effectOf(fields.eventName, json);
  if (off === undefined || off.on || fields.eventTime === '') return undefined;
  const end = later.find(
    (next) => next.fields.account === fields.account && endsSilence(effectOf(next.fields.eventName, next.json), off),
  );
  return {
    from: fields.eventTime,
    to: end?.fields.eventTime ?? null,
    eventId: fields.eventId,
    call: fields.eventName,
    account: fields.account,
    region: off.region,
  };
}

/** What a call does to a trail. */
interface Effect {
  readonly on: boolean;
  /** The trail's name, without what stands before it in an ARN; null where the call does not say. */
  readonly trail: string | null;
  /** What is switched: delivery as a whole, or which calls are logged. */
  readonly part: 'delivery' | 'selection' | 'reach';
  readonly region: string | null;
}

/** Another trail's start ends a silence too: from then on somebody logs again. */
function endsSilence(next: Effect | undefined, off: Effect): boolean {
  if (next === undefined || !next.on) return false;
  return next.part === off.part || (next.part === 'delivery' && next.trail !== off.trail);
}

function effectOf(call: string, json: JsonMap): Effect | undefined {
  const request = memberAt(json, 'requestParameters');
  const trail = (textAt(request, 'name') ?? textAt(request, 'trailName'))?.split('/').at(-1) ?? null;
  const effect = (on: boolean, part: Effect['part']): Effect => ({ on, trail, part, region: null });
  switch (call) {
    case 'StopLogging':
    case 'DeleteTrail':
      return effect(false, 'delivery');
    case 'StartLogging':
      return effect(true, 'delivery');
    case 'PutEventSelectors':
      return effect(selectsWrites(request), 'selection');
    case 'UpdateTrail': {
      const flags = ['isMultiRegionTrail', 'includeGlobalServiceEvents'].map((name) => memberAt(request, name));
      if (flags.includes(false)) return effect(false, 'reach');
      return flags.includes(true) ? effect(true, 'reach') : undefined;
    }
    default:
      return undefined;
  }
}

/** Whether a selection still has management writes. Source: CloudTrail API, EventSelector and AdvancedEventSelector. */
function selectsWrites(request: ReturnType<typeof memberAt>): boolean {
  const basic = memberAt(request, 'eventSelectors');
  const advanced = memberAt(request, 'advancedEventSelectors');
  if (Array.isArray(basic) && basic.length > 0) {
    return basic.some((one) => {
      const kind = textAt(one, 'readWriteType') ?? 'All';
      return memberAt(one, 'includeManagementEvents') !== false && kind !== 'ReadOnly';
    });
  }
  if (!Array.isArray(advanced)) return false;
  return advanced.some((one) => {
    const fields = memberAt(one, 'fieldSelectors');
    if (!Array.isArray(fields)) return false;
    const equals = (field: string): readonly unknown[] | undefined => {
      const found = memberAt(
        fields.find((selector) => textAt(selector, 'field') === field),
        'equals',
      );
      return Array.isArray(found) ? found : undefined;
    };
    return equals('eventCategory')?.includes('Management') === true && equals('readOnly')?.includes('true') !== true;
  });
}

function wentOn(silence: AuditSilence, places: ReadonlyMap<string, PlaceTimes>): boolean {
  const begin = Date.parse(silence.from) + LAG;
  const end = silence.to === null ? Number.POSITIVE_INFINITY : Date.parse(silence.to);
  for (const { account, writes } of places.values()) {
    if (account !== silence.account) continue;
    for (const span of writes) {
      const time = span * WRITE_SPAN;
      if (time > begin && time + WRITE_SPAN <= end) return true;
    }
  }
  return false;
}
