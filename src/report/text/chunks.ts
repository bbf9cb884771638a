/** Text that is made piece by piece while it is written: a large report is never in memory as a whole. */
export type Chunks = Iterable<string>;

/** About how many characters a piece has. */
const PIECE = 1 << 16;

/** The same text in pieces of a size that is worth writing. */
export function* inPieces(parts: Iterable<string>): Generator<string> {
  let piece: string[] = [];
  let length = 0;
  for (const part of parts) {
    piece.push(part);
    length += part.length;
    if (length < PIECE) continue;
    yield piece.join('');
    piece = [];
    length = 0;
  }
  if (length > 0) yield piece.join('');
}

export function whole(chunks: Chunks): string {
  return [...chunks].join('');
}
