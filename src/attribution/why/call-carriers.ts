import { changeComments } from '../../resources/aws/change-comments.ts';
import type { Json } from '../port.ts';
import { isJsonMap, textAt } from '../who/fields.ts';
import { isHiddenText, quoted } from '../who/quoted-text.ts';
import { userAgentOf } from '../who/call-tool.ts';
import type { Call, Clue } from './clue.ts';
import { isReasonKey } from './session-carriers.ts';
import { ticketsIn } from './tickets.ts';

/** What Terraform, its provider and the SDK write of themselves: `name/version`, each perhaps with a remark in brackets. */
const OWN =
  /^(?:APN|HashiCorp|Terraform|OpenTofu|terraform-provider-[\w-]+|aws-sdk-go(?:-v2)?|ua|os|lang|md|api|m|cfg|ft|lib|app|exec-env)\//;
/** What tools that run Terraform append: their own name and version. */
const PRODUCT = /^[A-Za-z][\w.-]*\/v?\d[\w.+-]*$/;

/** What somebody appended to Terraform's user agent (TF_APPEND_USER_AGENT). Anybody may write anything there. */
export function fromUserAgent({ record }: Call, pattern: RegExp): Clue[] {
  const agent = userAgentOf(record);
  if (agent === null || !/(?:^|\s)(?:Terraform|OpenTofu|terraform-provider-[\w-]+)\//.test(agent)) return [];
  const words = agent.match(/\([^()]*\)|[^\s()]+/g) ?? [];
  const last = words.findLastIndex((word) => OWN.test(word));
  const rest = words.slice(last + 1).filter((word, i, all) => !isRemark(word, i, all) && !PRODUCT.test(word));
  const text = rest.join(' ');
  if (text === '' || isHiddenText(text)) return [];
  const references = ticketsIn(text, pattern).map(quoted);
  return [
    {
      reason: { text: quoted(text), source: 'user agent (TF_APPEND_USER_AGENT)', trust: 'low', references },
      closeness: 4,
    },
  ];
}

/** The bracketed remark of what stands before it: the SDK's platform, or a product's address. */
function isRemark(word: string, i: number, all: readonly string[]): boolean {
  if (!word.startsWith('(')) return false;
  return /^\((?:\+?https?:|go\d|[^)]*;)/.test(word) || (i > 0 && PRODUCT.test(all[i - 1] as string));
}

/** Deeper requests are not searched; none is. */
const DEEPEST = 24;
const MOST_TEXTS = 3;

/** Words in the call itself: a comment or description that is written with each such call, or a tag that names a ticket. */
export function fromPayload({ record }: Call, pattern: RegExp): Clue[] {
  const call = record.eventName.replace(/\d{4}_?\d{2}_?\d{2}(?:v\d+)?$/, '');
  const members = changeComments
    .filter((place) => place.source === record.eventSource && place.call.test(call))
    .map((place) => place.member);
  const found: Found = { comments: [], tags: [] };
  search(record.json.requestParameters, '', new Set(members), found, 0);
  return [
    ...clueOf(found.comments, 'comment in the call', 5, pattern),
    ...clueOf(found.tags, 'tag set by the call', 4, pattern),
  ];
}

interface Found {
  readonly comments: { readonly place: string; readonly text: string }[];
  readonly tags: { readonly place: string; readonly text: string }[];
}

function search(
  json: Json | undefined,
  place: string,
  members: ReadonlySet<string>,
  found: Found,
  depth: number,
): void {
  if (depth > DEEPEST) return;
  if (Array.isArray(json)) {
    for (const item of json) search(item, place, members, found, depth + 1);
    return;
  }
  if (!isJsonMap(json)) return;
  const key = textAt(json, 'key') ?? textAt(json, 'Key');
  const value = textAt(json, 'value') ?? textAt(json, 'Value');
  if (key !== null && value !== null && isReasonKey(key)) found.tags.push({ place: `${place}[${key}]`, text: value });
  for (const name of Object.keys(json)) {
    const inner = place === '' ? name : `${place}.${name}`;
    const text = textAt(json, name);
    if (text === null) search(json[name], inner, members, found, depth + 1);
    else if (members.has(lowerFirst(name))) found.comments.push({ place: inner, text });
    else if (/(?:^|\.)tags(?:\.\w+)?$/i.test(place) && isReasonKey(name)) found.tags.push({ place: inner, text });
  }
}

/** Newer EC2 calls wrap their request and write its members in capitals. */
function lowerFirst(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}

function clueOf(found: Found['comments'], what: string, closeness: number, pattern: RegExp): Clue[] {
  const told = found.filter(({ text }) => text.trim() !== '' && !isHiddenText(text));
  const texts = [...new Set(told.map(({ text }) => quoted(text)))].slice(0, MOST_TEXTS);
  if (texts.length === 0) return [];
  const source = `${what} (requestParameters.${quoted(told[0]?.place ?? '')})`;
  const references = [...new Set(texts.flatMap((text) => ticketsIn(text, pattern)))];
  return [{ reason: { text: quoted(texts.join('; ')), source, trust: 'low', references }, closeness }];
}

/** Tickets that the call or its caller names, with what names them: for joining change records to the call. */
export function ticketsNamed(clues: readonly Clue[]): ReadonlyMap<string, string> {
  const named = new Map<string, string>();
  for (const { reason } of clues) {
    for (const ticket of [...reason.references, reason.text]) {
      if (!named.has(ticket)) named.set(ticket, reason.source);
    }
  }
  return named;
}
