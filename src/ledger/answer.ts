import type { Attribution, AuditEvidence, DriftAttribution } from '../model/attribution.ts';
import type { ChangePredicate, Descriptor, PathAnswer, Who, Why } from '../model/entry.ts';

/** What an entry says of who, when and why; the wording of a change entry and of a correction alike. */
export interface Answer {
  readonly who: Who;
  readonly occurredAt: string | null;
  readonly occurredAtSource: string | null;
  readonly why: Why;
  readonly evidence: ChangePredicate['evidence'];
}

const NOBODY_LOOKED: Answer = {
  who: { verdict: 'not-attempted', actors: [], call: null, missing: [], searched: null },
  occurredAt: null,
  occurredAtSource: null,
  why: { status: 'none', reason: null, lookedIn: [] },
  evidence: [],
};

/** The answer as it is signed; without an attribution it says that nobody looked. */
export function answerOf(attribution: Attribution | undefined): Answer {
  if (attribution === undefined) return NOBODY_LOOKED;
  const { verdict, actors, call, missing, searched, occurredAt, reason, lookedIn, events } = attribution;
  return {
    who: { verdict, actors, call, missing, searched },
    occurredAt,
    occurredAtSource: occurredAt === null ? null : 'cloudtrail.eventTime',
    why: { status: reason === null ? 'none' : 'linked', reason, lookedIn },
    evidence: events.map(evidenceDescriptor),
  };
}

/** The answers attribute by attribute, by path. */
export function pathAnswers(attribution: DriftAttribution | undefined): ReadonlyMap<string, PathAnswer> {
  return new Map(
    (attribution?.paths ?? []).map(({ path, verdict, actors, occurredAt, events }) => [
      path,
      {
        verdict,
        actors: actors.map(({ name }) => name),
        occurredAt,
        events: events.map(({ eventId }) => eventId),
      },
    ]),
  );
}

/** One audit event as evidence: the digest is over the canonical JSON of the record, so that any copy of it will do. */
function evidenceDescriptor(event: AuditEvidence): Descriptor {
  const { eventId, eventName, eventSource, eventTime, region, account, sha256, file, index, digestChain } = event;
  return {
    name: 'cloudtrail-event',
    uri: `${file === null ? 'cloudtrail:' : encodeURI(file)}#${eventId}`,
    digest: { sha256 },
    mediaType: 'application/json',
    annotations: {
      eventId,
      eventName,
      eventSource,
      eventTime,
      region,
      account,
      index,
      digestChain,
      matched: event.matched.join(' '),
    },
  };
}
