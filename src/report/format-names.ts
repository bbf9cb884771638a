/** File formats of a scan, as `-o <format>=FILE` names them. In a file of their own: --help must not load a renderer. */
export const OUTPUT_FORMATS = ['json', 'markdown', 'html'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** File formats of the reports that are rendered from the ledger. */
export const REPORT_FORMATS = ['markdown', 'html'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];
