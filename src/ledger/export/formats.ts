/** What `driftbom export` writes. */
export const EXPORT_FORMATS = ['sigstore', 'tlog-proof', 'makoto-v0.1', 'makoto-v0.2', 'jsonl', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Formats that are one file; the others are a folder of them. */
export function isOneFile(format: ExportFormat): boolean {
  return format === 'jsonl' || format === 'csv';
}
