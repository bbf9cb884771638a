/** What a patch changes. */
export interface Patch {
  /** Names after the change; of a file that is gone, the name that it had. */
  readonly files: readonly string[];
  /** Lines that were added, without their sign. */
  readonly added: readonly string[];
}

const MOST_LINES = 20_000;

/** Reads git's unified diff. What stands inside a hunk can never pass for a header: every line there has a sign. */
export function readPatch(text: string): Patch {
  const files = new Set<string>();
  const added: string[] = [];
  let inHunk = false;
  for (const line of text.split('\n')) {
    if (line.startsWith('diff --git ')) inHunk = false;
    else if (line.startsWith('@@ ')) inHunk = true;
    else if (!inHunk) {
      const name = /^(?:--- a|\+\+\+ b)\/(.*?)\t?$/.exec(line)?.[1];
      if (name !== undefined) files.add(name);
    } else if (line.startsWith('+') && added.length < MOST_LINES) added.push(line.slice(1));
  }
  return { files: [...files], added };
}
