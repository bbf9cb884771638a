/** Who runs a command, as far as the environment says, and the variable that said it. */
export interface Identity {
  readonly name: string;
  readonly source: string;
}

/** Where a name is looked for, most telling first, and what is put before it to say what kind of name it is. */
const SOURCES = [
  ['DRIFTBOM_BY', ''],
  ['GITHUB_ACTOR', 'github:'],
  ['GITLAB_USER_LOGIN', 'gitlab:'],
  ['BUILDKITE_BUILD_CREATOR_EMAIL', ''],
  ['GIT_AUTHOR_EMAIL', ''],
  ['EMAIL', ''],
  ['USER', 'local:'],
  ['LOGNAME', 'local:'],
  ['USERNAME', 'local:'],
] as const;

/** The identity of whoever runs a command: a claim of the environment, to be said where it is used. */
export function identityOf(env: Readonly<Record<string, string | undefined>>): Identity | undefined {
  for (const [source, prefix] of SOURCES) {
    const name = env[source]?.trim();
    if (name !== undefined && name !== '') return { name: `${prefix}${name}`, source };
  }
  return undefined;
}
