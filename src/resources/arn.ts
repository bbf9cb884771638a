/** The parts of an Amazon Resource Name that say where an object lives. Empty where the service leaves them out. */
export interface ArnPlace {
  readonly region: string;
  readonly account: string;
}

/** Reads arn:partition:service:region:account:resource (AWS General Reference, "Amazon Resource Names"). */
export function placeOfArn(text: unknown): ArnPlace | undefined {
  if (typeof text !== 'string') return undefined;
  const match = /^arn:aws[a-z-]*:[^:]*:([^:]*):([^:]*):/.exec(text);
  return match === null ? undefined : { region: match[1] as string, account: match[2] as string };
}
