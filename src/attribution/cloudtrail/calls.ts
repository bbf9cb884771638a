import type { JsonMap } from '../port.ts';
import { memberAt, textAt } from '../who/fields.ts';
import { ownText } from './own-text.ts';

/** Calls that issue credentials; the log marks them as reads. */
export const ISSUING_CALLS: ReadonlySet<string> = new Set([
  'AssumeRole',
  'AssumeRoleWithSAML',
  'AssumeRoleWithWebIdentity',
  'AssumeRoot',
  'GetFederationToken',
  'GetSessionToken',
]);

export const SIGN_IN = 'ConsoleLogin';

/** Calls to CloudTrail itself that switch a log off or on. */
export const SWITCH_SOURCE = 'cloudtrail.amazonaws.com';
export const SWITCH_CALLS: ReadonlySet<string> = new Set([
  'StopLogging',
  'StartLogging',
  'DeleteTrail',
  'CreateTrail',
  'UpdateTrail',
  'PutEventSelectors',
]);

const READ_VERBS = /^(?:Batch)?(?:Get|List|Describe|Head|Lookup|Search|Query|Scan|Select|View|Check|Validate|Simulate)/;
const WRITE_VERBS =
  /^(?:Batch)?(?:Create|Delete|Put|Update|Modify|Set|Add|Remove|Attach|Detach|Associate|Disassociate|Authorize|Revoke|Enable|Disable|Change|Replace|Register|Deregister|Tag|Untag|Run|Terminate|Start|Stop|Reboot|Restore|Reset|Rotate|Import|Copy|Allocate|Release)[A-Z]/;

const verbs = new Map<string, boolean>();

/** Whether a call's name says that it writes, whatever the log's `readOnly` says of it. */
export function namesWrite(eventName: string): boolean {
  const known = verbs.get(eventName);
  if (known !== undefined) return known;
  const writes = WRITE_VERBS.test(eventName);
  // Names come from the log: it shall not fill the memory with them.
  if (verbs.size < 10_000) verbs.set(ownText(eventName), writes);
  return writes;
}

/** Whether a record may be of a write: it says so, its name does, or nothing says that it is a read. */
export function mayWrite(json: JsonMap, eventName: string): boolean {
  // A boolean; in what LookupEvents gives, a text.
  const readOnly = memberAt(json, 'readOnly');
  if (readOnly === false || readOnly === 'false') return true;
  return readOnly === true || readOnly === 'true' ? namesWrite(eventName) : !READ_VERBS.test(eventName);
}

/** Whether the log says that the call failed, at its top; some services say it in the response only. */
export function failed(json: JsonMap): boolean {
  return textAt(json, 'errorCode') !== null || textAt(json, 'errorMessage') !== null;
}
