import type { CallTool } from '../../model/attribution.ts';
import type { AuditRecord } from '../port.ts';
import { memberAt, textAt } from './fields.ts';
import { truth } from './identity.ts';

const CLOUDFORMATION = 'cloudformation.amazonaws.com';

/** Terraform's providers say `HashiCorp/1.0 Terraform/1.9.5`; OpenTofu's say OpenTofu in its place. */
const TERRAFORM = /(?:^|[\s(])(?:Terraform|OpenTofu|HashiCorp|terraform-provider-[\w-]+)\//;
const CLI = /^(?:aws-cli|AWSPowerShell[\w.]*)\//;
const CONSOLE = /^(?:signin\.amazonaws\.com|console(?:\.[a-z0-9-]+)*\.amazonaws\.com|S3Console\/|Mozilla\/|AWSConsole)/;
const SDK = /(?:^|\s)(?:aws-sdk-[\w-]+|Boto3|Botocore|aws-sdk)\/|^aws sdk/i;
/** Agents of services that call on a customer's order: a schedule, a rule. */
const SERVICE = /^(?:[a-z0-9-]+\.)+amazonaws\.com$|^AmazonEventBridge/;

/** The user agent as it was sent: S3 writes it in brackets. */
export function userAgentOf(record: AuditRecord): string | null {
  const text = textAt(record.json, 'userAgent');
  return text === null ? null : text.replace(/^\[(.*)\]$/, '$1');
}

/**
 * By which means a call was made. Everything but the marks that AWS sets itself (invokedBy, console credentials) rests
 * on the user agent, which anybody may forge: evidence of a tool, never of a person.
 */
export function callTool(record: AuditRecord): CallTool {
  const { json } = record;
  const agent = userAgentOf(record) ?? '';
  const invokedBy = textAt(json, 'userIdentity', 'invokedBy');
  if ([invokedBy, agent, textAt(json, 'sourceIPAddress')].includes(CLOUDFORMATION)) return 'cloudformation';
  if (isConsole(json.eventType) || invokedBy === 'signin.amazonaws.com') return 'console';
  if (invokedBy !== null || isServiceIdentity(record)) return 'service';
  if (TERRAFORM.test(agent)) return 'terraform';
  if (CLI.test(agent)) return 'cli';
  if (truth(json.sessionCredentialFromConsole) === true) return 'console';
  if (CONSOLE.test(agent)) return 'console';
  // Some consoles call from inside AWS, without a word of a service (CloudTrail User Guide, "userAgent").
  if (agent === 'AWS Internal') return 'console';
  if (SERVICE.test(agent)) return 'service';
  return SDK.test(agent) ? 'sdk' : 'unknown';
}

function isConsole(eventType: unknown): boolean {
  return eventType === 'AwsConsoleAction' || eventType === 'AwsConsoleSignIn';
}

function isServiceIdentity({ json }: AuditRecord): boolean {
  return memberAt(json, 'userIdentity', 'type') === 'AWSService' || json.eventType === 'AwsServiceEvent';
}
