/** The readers that `--declared kind:path` can force. */
export const SOURCE_KINDS = ['directory', 'state', 'cdktf', 'plan'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];
