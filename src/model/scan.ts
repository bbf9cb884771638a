import type { Attribution, DriftAttribution, Population, Searched } from './attribution.ts';
import type { Change, Drift, DriftKind, Explanation, Ignored } from './drift.ts';
import type { DeclaredResource, Gap, ResourceRef } from './resource.ts';
import type { ScanRules } from './rule.ts';
import type { Value } from './value.ts';

/** One file (or pulled state) that a scan read, by digest, so that the scan can be done again on the same input. */
export interface ScanInput {
  readonly kind: 'state' | 'plan' | 'config' | 'snapshot' | 'lock';
  /** As the user would name it: a path relative to the scanned folder, or a URI. Never an absolute path. */
  readonly name: string;
  readonly sha256: string;
  /** State inputs only. */
  readonly lineage?: string;
  readonly serial?: number;
  readonly workspace: string;
}

/**
 * Names workspaces so that one is known again wherever it is scanned from: `lineage:` and the id that Terraform gives a
 * state at its birth and never changes. Where no single lineage is known, or two workspaces share one (a copied state),
 * `name:` and the workspace's name.
 */
export function workspaceKeys(inputs: readonly ScanInput[]): (workspace: string) => string {
  const lineages = new Map<string, Set<string>>();
  const holders = new Map<string, Set<string>>();
  for (const { workspace, lineage } of inputs) {
    if (lineage === undefined || lineage === '') continue;
    lineages.set(workspace, (lineages.get(workspace) ?? new Set()).add(lineage));
    holders.set(lineage, (holders.get(lineage) ?? new Set()).add(workspace));
  }
  return (workspace) => {
    const [lineage, ...others] = lineages.get(workspace) ?? [];
    const own = lineage !== undefined && others.length === 0 && holders.get(lineage)?.size === 1;
    return own ? `lineage:${lineage}` : `name:${workspace}`;
  };
}

export interface ScanSummary {
  /** Managed resource instances that are declared. = inSync + changed + missing + unread. */
  readonly resources: number;
  readonly inSync: number;
  readonly changed: number;
  readonly missing: number;
  readonly unread: number;
  readonly unmanaged: number;
  /** All gaps: resources that were not read and attributes that were not compared. */
  readonly gaps: number;
  readonly ignored: number;
  /** Of changed, missing and unmanaged: drifts that active waivers cover completely. Left out in old ledgers. */
  readonly waived?: number;
  /** Places that rules forbid; left out where there is no rule. */
  readonly violations?: number;
  /** Of violations: of rules of severity low or info, which do not count in the exit code. */
  readonly minorViolations?: number;
  /** Resources of which a rule that applies to them can say nothing, counted for each rule. */
  readonly notAssessed?: number;
}

/** A masked copy of one resource's attributes on both sides: what subject digests are taken over. */
export interface ResourceDocuments {
  /** null where the side has no object. Sensitive leaves are hmac strings. */
  readonly declared: Value;
  readonly live: Value;
}

/** What one scan found: the facts that are printed, recorded and reported. No secret stands anywhere in it. */
export interface Scan {
  /** UUID version 7. */
  readonly id: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly tool: { readonly name: 'driftbom'; readonly version: string };
  readonly scope: ScanScope;
  readonly inputs: readonly ScanInput[];
  readonly summary: ScanSummary;
  readonly drifts: readonly ScannedDrift[];
  readonly gaps: readonly Gap[];
  readonly ignored: readonly Ignored[];
  /** Only the provider's own bookkeeping moved in these: shown on request, no drift. */
  readonly computed: readonly Drift[];
  /** Resources whose drift the ledger held open before and that agree now: their documents tell how each drift went. */
  readonly revisited?: readonly RevisitedResource[];
  /** What the audit log told, where one was read. */
  readonly audit?: ScanAudit;
  /** The waivers that were looked at, where there is a ledger. */
  readonly waivers?: WaiverList;
  /** How rules were met, where there are any, or a ledger that may hold some. */
  readonly rules?: ScanRules;
  /** Set when the scan is recorded. */
  readonly manifest?: ScanManifest;
}

/** What judged: the program, and what driftbom.yaml told it. */
export interface ScanManifest {
  readonly build: Build;
  /** SHA-256, hex, over the canonical JSON (RFC 8785) of the parts of driftbom.yaml by which differences are judged. */
  readonly policy: string;
}

/** The program that ran, by its own bytes. */
export interface Build {
  /** SHA-256, hex; null where no build ran. */
  readonly sha256: string | null;
  /** Why there is none. */
  readonly reason: string | null;
}

/** The waivers of a ledger that are worth reading again: so that the next scan need not search the whole log for them. */
export interface WaiverList {
  /** Entries of the log that were looked at: all waivers among the first `size` are in the list, or over. */
  readonly size: number;
  readonly standing: readonly { readonly index: number; readonly entry: string }[];
}

/** A waiver that speaks of a drift, in short. */
export interface WaiverNote {
  /** Its entry in the log, and the statement digest of that. */
  readonly index: number;
  readonly digest: string;
  /** Address or glob. */
  readonly address: string;
  /** null: all of the resource. */
  readonly path: string | null;
  /** RFC 3339, exclusive. */
  readonly until: string;
  readonly requestedBy: string;
  readonly approvedBy: string;
  readonly reason: string | null;
}

/** What the waivers of the ledger say of a drift. The drift is recorded all the same: the ledger holds facts. */
export interface DriftWaiver {
  /** Whether the active ones cover all of it; then it does not count in the exit code. */
  readonly complete: boolean;
  readonly active: readonly WaiverNote[];
  /** Those that have ended and would cover what no active one does. */
  readonly expired: readonly WaiverNote[];
  /** Changed attributes that no active one covers. */
  readonly uncovered: readonly string[];
}

/** A scan's look into the audit log. */
export interface ScanAudit {
  /** As the user named it: `lookup`, a folder, a bucket. */
  readonly source: string;
  readonly searched: Searched;
  /** What the log does not cover, each file by itself; `searched` tells those of one kind together. */
  readonly gaps?: readonly { readonly what: string; readonly message: string }[];
  readonly population: Population;
  /** Writes on managed resources that left no drift and are told one by one. */
  readonly changes: readonly AuditedChange[];
}

/**
 * A change that the audit log shows and that left no drift. transient: nothing of it is live any more. kept: it is live, and
 * what is declared agrees by now. unseen: its values are hidden, or belong to nothing that is compared.
 */
export interface AuditedChange {
  readonly kind: 'transient' | 'kept' | 'unseen';
  readonly resource: ResourceRef;
  readonly driftKind: DriftKind;
  /** As far as the call shows them; masked like a drift's. */
  readonly changes: readonly Change[];
  readonly attribution: Attribution;
}

export interface RevisitedResource {
  readonly workspace: string;
  readonly address: string;
  readonly documents: ResourceDocuments;
}

export interface ScannedDrift {
  readonly drift: Drift;
  readonly documents: ResourceDocuments;
  /** Who, when and why, where an audit log was read. */
  readonly attribution?: DriftAttribution;
  /** Where waivers of the ledger speak of it. */
  readonly waiver?: DriftWaiver;
  /** Where it is declared, as ConfigInstance has it: `main.tf:12`, or a construct path. */
  readonly location?: string;
}

export interface ScanScope {
  readonly workspaces: readonly string[];
  /** How declared was read: "state", "cdktf", "plan", "terraform directory"... one a workspace. */
  readonly declared: readonly string[];
  /** "provider", "snapshot" or "plan". */
  readonly live: string;
  /** Providers by source address and the version that answered. */
  readonly providers: readonly { readonly source: string; readonly version: string }[];
  /** Addresses that were read and compared (in sync, changed or missing): what "clean" covers. One item a workspace. */
  readonly compared: readonly { readonly workspace: string; readonly addresses: readonly string[] }[];
  /** Where each declared resource lives, read or not. Left out in old ledgers. */
  readonly places?: readonly ScanPlace[];
  /** What stands in the state and is no managed resource: data sources. Counted, never read. */
  readonly skippedDataSources: number;
}

/** Declared resources of a workspace that one provider reads in one account and region. */
export interface ScanPlace {
  readonly workspace: string;
  /** The provider's source address. */
  readonly provider: string;
  /** Account id; null where neither the resource nor its neighbours tell. */
  readonly account: string | null;
  /** null: a service without regions, or not known. */
  readonly region: string | null;
  readonly addresses: readonly string[];
}

/** An audit event that names a drifted resource, and why the answer rests on it or does not. */
export interface ConsideredCall {
  readonly eventId: string;
  readonly eventTime: string;
  readonly call: string;
  readonly who: string;
  readonly kept: boolean;
  readonly why: string;
}

/** All that a scan knows of one resource, for `driftbom explain`. */
export interface Explained {
  readonly resource: DeclaredResource;
  readonly verdict: 'changed' | 'missing' | 'in sync' | 'not read';
  /** Undefined where the live side was not read. */
  readonly documents: ResourceDocuments | undefined;
  readonly explanations: readonly Explanation[];
  readonly gaps: readonly Gap[];
  /** Drifts only, where an audit log was read: its answer, and every event that names the resource. */
  readonly attribution?: DriftAttribution;
  readonly considered?: readonly ConsideredCall[];
}
