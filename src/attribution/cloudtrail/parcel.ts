import type { Draft, Held, IssuedDraft } from './findings.ts';
import type { ObjectFindings } from './read-object.ts';

type Placed<T extends { readonly bytes: Buffer | undefined }> = Omit<T, 'bytes'> & {
  /** Where its text lies among all texts; undefined: it was not kept. */
  readonly from: number | undefined;
  readonly to: number;
};

/** What an object held, for handing it from one thread to another: all texts lie in one piece of memory. */
export interface Parcel {
  readonly held: Omit<Held, 'writes' | 'addenda' | 'signIns' | 'issued'> & {
    readonly writes: readonly Placed<Draft>[];
    readonly addenda: readonly Placed<Draft>[];
    readonly signIns: readonly Placed<Draft>[];
    readonly issued: readonly Placed<IssuedDraft>[];
  };
  readonly sha256: string | undefined;
  /** Handed over, not copied. */
  readonly texts: ArrayBuffer;
}

/** Puts what was found into a parcel. */
export function packed({ held, sha256 }: ObjectFindings): Parcel {
  const { writes, addenda, signIns, issued, ...rest } = held;
  const all = [...writes, ...addenda, ...signIns, ...issued].map(({ bytes }) => bytes ?? Buffer.alloc(0));
  const texts = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let to = 0;
  const placed = <T extends { readonly bytes: Buffer | undefined }>({ bytes, ...one }: T): Placed<T> => {
    if (bytes === undefined) return { ...one, from: undefined, to };
    const from = to;
    texts.set(bytes, from);
    to += bytes.length;
    return { ...one, from, to };
  };
  return {
    held: {
      ...rest,
      writes: writes.map(placed),
      addenda: addenda.map(placed),
      signIns: signIns.map(placed),
      issued: issued.map(placed),
    },
    sha256,
    texts: texts.buffer,
  };
}

/** Takes it out again. The texts stay where they are. */
export function unpacked({ held, sha256, texts }: Parcel): ObjectFindings {
  const { writes, addenda, signIns, issued, ...rest } = held;
  const draft = ({ from = 0, to, ...one }: Placed<Draft>): Draft => ({
    ...one,
    bytes: Buffer.from(texts, from, to - from),
  });
  const call = ({ from, to, ...one }: Placed<IssuedDraft>): IssuedDraft => ({
    ...one,
    bytes: from === undefined ? undefined : Buffer.from(texts, from, to - from),
  });
  return {
    held: {
      ...rest,
      writes: writes.map(draft),
      addenda: addenda.map(draft),
      signIns: signIns.map(draft),
      issued: issued.map(call),
    },
    sha256,
  };
}
