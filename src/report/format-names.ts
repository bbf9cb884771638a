/** Formats that other programs read: CI, code scanning, security lakes, chat. */
const CI_FORMATS = ['junit', 'sarif', 'ocsf', 'gitlab', 'slack'] as const;
/** OSCAL speaks of controls and of a period: a report has both, a scan neither. */
const MACHINE_FORMATS = [...CI_FORMATS, 'oscal', 'oscal-poam'] as const;
export type MachineFormat = (typeof MACHINE_FORMATS)[number];

/** File formats of a scan, as `-o <format>=FILE` names them. In a file of their own: --help must not load a renderer. */
export const OUTPUT_FORMATS = ['json', 'markdown', 'html', ...CI_FORMATS] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

export function isMachineFormat(format: string): format is MachineFormat {
  return (MACHINE_FORMATS as readonly string[]).includes(format);
}

/** File formats of the compliance report; csv and jsonl are its population. */
export const COMPLIANCE_FORMATS = ['markdown', 'html', 'json', 'csv', 'jsonl', ...MACHINE_FORMATS] as const;
export type ComplianceFormat = (typeof COMPLIANCE_FORMATS)[number];

/** File formats of the incident brief. */
export const INCIDENT_FORMATS = ['markdown', 'html', 'json'] as const;
export type IncidentFormat = (typeof INCIDENT_FORMATS)[number];

/** Layouts of an incident; all but the brief are made from its record. */
export const DOCUMENT_TEMPLATES = ['full', 'classic', 'external'] as const;
export type DocumentTemplate = (typeof DOCUMENT_TEMPLATES)[number];
export const INCIDENT_TEMPLATES = ['brief', ...DOCUMENT_TEMPLATES] as const;
export type IncidentTemplate = (typeof INCIDENT_TEMPLATES)[number];

/** Systems that the timeline and the changes of an incident are handed to. */
export const EXPORT_TARGETS = ['pagerduty', 'rootly', 'grafana', 'firehydrant', 'datadog', 'ndjson', 'csv'] as const;
export type ExportTarget = (typeof EXPORT_TARGETS)[number];
