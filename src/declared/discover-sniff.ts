import type { ValueMap } from '../model/value.ts';
import { DriftbomError } from '../model/error.ts';
import { isMap } from '../model/value.ts';
import { parseJson } from '../terraform/json.ts';
import { decodeText } from '../terraform/text.ts';

/** What a file holds, whatever it is called. */
export type Content =
  | 'state'
  /** A state in form, and yet the live side that `--record-live` wrote: what it holds was never declared. */
  | 'recording'
  | 'plan'
  | 'configuration'
  /** Output of CDKTF's (or CDK Terrain's) synth: configuration with the synth's metadata. */
  | 'synth'
  /** `terraform show -json` of a state: its values, without what a provider needs to read them again. */
  | 'shown-state'
  /** A plan as `terraform plan -out` writes it. */
  | 'binary-plan'
  | 'unknown';

/** How a recording begins (live/snapshot-record). */
const RECORDED = /^\s*\{[^{}[\]]{0,200}"lineage"\s*:\s*"driftbom-snapshot"/;

/** Tells what a file holds by its content. A broken file that is named as a state counts as one: its reader says why. */
export function sniff(bytes: Uint8Array, name: string): Content {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return 'binary-plan';
  const named = name.includes('.tfstate') ? 'state' : 'unknown';
  try {
    const text = decodeText(bytes, name, 'E_NOTHING_DECLARED');
    if (!/^\s*\{/.test(text)) return named;
    if (RECORDED.test(text)) return 'recording';
    // Terraform writes these keys first: most files need no parsing to be told apart.
    if (/^\s*\{\s*"version"\s*:\s*\d+\s*,\s*"(?:terraform_version|serial|lineage)"/.test(text)) return 'state';
    const root = parseJson(text, name, 'E_NOTHING_DECLARED');
    const content = isMap(root) ? contentOf(root) : 'unknown';
    return content === 'unknown' ? named : content;
  } catch (thrown) {
    if (thrown instanceof DriftbomError) return named;
    throw thrown;
  }
}

function contentOf(root: ValueMap): Content {
  const has = (...keys: string[]): boolean => keys.some((key) => Object.hasOwn(root, key));
  if (has('format_version')) {
    if (has('planned_values', 'resource_changes', 'resource_drift', 'prior_state')) return 'plan';
    return has('values') ? 'shown-state' : 'unknown';
  }
  if (has('version') && has('serial', 'lineage', 'terraform_version', 'resources', 'modules')) return 'state';
  if (has('encrypted_data')) return 'state';
  if (isSynth(root)) return 'synth';
  return has('resource', 'provider', 'terraform', 'module', 'data') ? 'configuration' : 'unknown';
}

function isSynth(root: ValueMap): boolean {
  const note = root['//'];
  const metadata = isMap(note) ? note.metadata : undefined;
  return isMap(metadata) && Object.hasOwn(metadata, 'stackName');
}
