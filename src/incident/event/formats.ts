import { firstText, mapAt, mapsAt, numberAt, textAt, textsAt } from '../fields.ts';
import { readWhen } from '../moment.ts';
import { type ChangeEvent, type EventReader, kindOf, stageOf } from './event.ts';

/** Deployment state changes of CodeDeploy by EventBridge. Source: AWS CodeDeploy User Guide, "Monitoring deployments with EventBridge". */
const codedeploy: EventReader = (row) => {
  if (textAt(row, 'detail-type') !== 'CodeDeploy Deployment State-change Notification') return undefined;
  const detail = mapAt(row, 'detail');
  const state = textAt(detail, 'state');
  const application = textAt(detail, 'application');
  return [
    {
      ...at(textAt(row, 'time')),
      system: 'CodeDeploy',
      id: textAt(detail, 'deploymentId'),
      kind: 'deploy',
      stage: state === 'STOP' ? 'rolled-back' : stageOf(state),
      verdict: state,
      services: named(application),
      summary: `deployment of ${application ?? '(unnamed)'} to ${textAt(detail, 'deploymentGroup') ?? '(unnamed)'}`,
    },
  ];
};

/** Events of an AppConfig deployment: one, or the event log of GetDeployment. Source: AWS AppConfig API Reference, DeploymentEvent. */
const appconfig: EventReader = (row) => {
  const log = mapsAt(row, 'EventLog');
  const events =
    log.length > 0 ? log : textAt(row, 'EventType') !== null && textAt(row, 'OccurredAt') !== null ? [row] : [];
  if (events.length === 0) return undefined;
  const profile = firstText(row, 'ConfigurationName', 'ConfigurationProfileName', 'ConfigurationProfileId');
  const place = firstText(row, 'ApplicationName', 'ApplicationId');
  const number = textAt(row, 'DeploymentNumber');
  return events.map((event): Partial<ChangeEvent> => {
    const text = textAt(event, 'Description') ?? textAt(event, 'EventType') ?? '';
    return {
      ...at(textAt(event, 'OccurredAt')),
      system: 'AppConfig',
      id: [place, profile, number].filter((one) => one !== null).join('/') || null,
      kind: 'config',
      stage: stageOf(textAt(event, 'EventType')),
      percent: numberAt(event, 'Percentage') ?? percentIn(text),
      triggeredBy: textAt(event, 'TriggeredBy'),
      services: named(place, textAt(row, 'Service')),
      summary: `${profile ?? 'configuration'}: ${text}`,
      version: textAt(row, 'ConfigurationVersion'),
    };
  });
};

/** Kubernetes events that Argo Rollouts writes. Source: Argo Rollouts documentation, notifications and events. */
const argo: EventReader = (row) => {
  const about = mapAt(row, 'involvedObject');
  if (textAt(about, 'kind') !== 'Rollout') return undefined;
  const reason = textAt(row, 'reason');
  const message = textAt(row, 'message') ?? reason ?? '';
  return [
    {
      ...at(firstText(row, 'eventTime', 'lastTimestamp', 'firstTimestamp')),
      system: 'Argo Rollouts',
      id: [textAt(about, 'namespace'), textAt(about, 'name'), textAt(about, 'resourceVersion')]
        .filter((one) => one !== null)
        .join('/'),
      kind: 'deploy',
      stage: reason === 'AnalysisRunFailed' ? 'failed' : stageOf(reason),
      percent: percentIn(message),
      verdict: reason,
      services: named(textAt(about, 'name')),
      summary: message,
    },
  ];
};

/** An entry of LaunchDarkly's audit log. Source: LaunchDarkly API documentation, "Audit log". `comment` is the reason. */
const launchdarkly: EventReader = (row) => {
  if (numberAt(row, 'date') === null || textAt(row, '_id') === null) return undefined;
  const member = mapAt(row, 'member');
  const title = firstText(row, 'title', 'shortDescription', 'titleVerb') ?? '';
  const comment = textAt(row, 'comment');
  return [
    {
      ...at(textAt(row, 'date')),
      system: 'LaunchDarkly',
      id: textAt(row, '_id'),
      kind: 'flag',
      stage: 'changed',
      services: named(...textsAt(mapAt(row, 'target'), 'tags')),
      resource: textAt(row, 'name'),
      summary: [title, textAt(row, 'name'), comment].filter((one) => one !== null && one !== '').join(' · '),
      by: firstText(member, 'email', '_id'),
    },
  ];
};

/** A change event of PagerDuty, as sent to its Events API or as its REST API gives it. routing_key is a secret and never read. */
const pagerduty: EventReader = (row) => {
  const payload = mapAt(row, 'payload');
  const sent = textAt(payload, 'summary') !== null && textAt(payload, 'timestamp') !== null;
  if (!sent && textAt(row, 'type') !== 'change_event') return undefined;
  const inner = sent ? payload : row;
  const details = mapAt(inner, 'custom_details');
  const services = mapsAt(row, 'services').flatMap((one) => firstText(one, 'summary', 'name') ?? []);
  const summary = textAt(inner, 'summary') ?? '';
  return [
    {
      ...at(textAt(inner, 'timestamp')),
      system: 'PagerDuty change',
      id: firstText(row, 'id'),
      kind: kindOf(firstText(details, 'kind', 'type') ?? summary),
      stage: stageOf(firstText(details, 'stage', 'status')),
      services: named(...services, textAt(details, 'service'), textAt(inner, 'source')),
      summary,
      by: firstText(details, 'by', 'author', 'user'),
    },
  ];
};

/** A pulse of Rootly. Source: Rootly API documentation, "Pulses". */
const rootly: EventReader = (row) => {
  const inner = Object.hasOwn(row, 'data') ? mapAt(mapAt(row, 'data'), 'attributes') : row;
  if (textAt(inner, 'summary') === null || textAt(inner, 'started_at') === null) return undefined;
  const services = [
    ...textsAt(inner, 'services'),
    ...mapsAt(inner, 'services').flatMap((one) => firstText(one, 'name', 'slug') ?? []),
  ];
  const labels = new Map(mapsAt(inner, 'labels').map((one) => [textAt(one, 'key') ?? '', textAt(one, 'value') ?? '']));
  const summary = textAt(inner, 'summary') ?? '';
  return [
    {
      ...at(textAt(inner, 'ended_at') ?? textAt(inner, 'started_at')),
      system: firstText(inner, 'source') ?? 'Rootly pulse',
      id: firstText(mapAt(row, 'data'), 'id'),
      kind: kindOf(labels.get('kind') ?? summary),
      stage: stageOf(labels.get('stage') ?? labels.get('status') ?? null),
      services: named(...services),
      summary,
      version: labels.get('version') ?? null,
    },
  ];
};

/** Our own: at and summary, and whatever else is known. */
const plain: EventReader = (row) => {
  if (textAt(row, 'at') === null) return undefined;
  const summary = textAt(row, 'summary');
  if (summary === null) return 'it has no summary';
  return [
    {
      ...at(textAt(row, 'at')),
      system: textAt(row, 'system') ?? 'events file',
      id: textAt(row, 'id'),
      kind: kindOf(textAt(row, 'kind')),
      stage: stageOf(textAt(row, 'stage')),
      percent: numberAt(row, 'percent'),
      verdict: textAt(row, 'verdict'),
      triggeredBy: textAt(row, 'triggeredBy'),
      services: named(textAt(row, 'service'), ...textsAt(row, 'services')),
      summary,
      by: textAt(row, 'by'),
      resource: textAt(row, 'resource'),
      version: firstText(row, 'version', 'configVersion'),
    },
  ];
};

/** Tried in this order: the more telling first. */
export const EVENT_FORMATS: readonly EventReader[] = [
  codedeploy,
  appconfig,
  argo,
  pagerduty,
  launchdarkly,
  plain,
  rootly,
];

function at(text: string | null): { at?: number } {
  const moment = readWhen(text);
  return moment === undefined ? {} : { at: moment };
}

function named(...names: readonly (string | null)[]): string[] {
  return [...new Set(names.filter((one) => one !== null))];
}

function percentIn(text: string): number | null {
  const found = /(\d{1,3}(?:\.\d+)?)\s?%/.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}
