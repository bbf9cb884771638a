import type { Draft, Held } from './findings.ts';
import type { ObjectFindings } from './read-object.ts';

type Placed = Omit<Draft, 'bytes'> & {
  /** Where its text lies among all texts. */
  readonly from: number;
  readonly to: number;
};

/** What an object held, for handing it from one thread to another: all texts lie in one piece of memory. */
export interface Parcel {
  readonly held: Omit<Held, 'writes' | 'addenda' | 'signIns'> & {
    readonly writes: readonly Placed[];
    readonly addenda: readonly Placed[];
    readonly signIns: readonly Placed[];
  };
  readonly sha256: string | undefined;
  /** Handed over, not copied. */
  readonly texts: ArrayBuffer;
}

/** Puts what was found into a parcel. */
export function packed({ held, sha256 }: ObjectFindings): Parcel {
  const { writes, addenda, signIns, ...rest } = held;
  const all = [...writes, ...addenda, ...signIns];
  const texts = new Uint8Array(all.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let to = 0;
  const placed = ({ bytes, ...one }: Draft): Placed => {
    const from = to;
    texts.set(bytes, from);
    to += bytes.length;
    return { ...one, from, to };
  };
  return {
    held: { ...rest, writes: writes.map(placed), addenda: addenda.map(placed), signIns: signIns.map(placed) },
    sha256,
    texts: texts.buffer,
  };
}

/** What is handed over with a parcel, and no longer there afterwards. */
export function handedOver({ texts, held: { issued } }: Parcel): ArrayBuffer[] {
  return [texts, issued.texts.buffer as ArrayBuffer];
}

/** Takes it out again. The texts stay where they are. */
export function unpacked({ held, sha256, texts }: Parcel): ObjectFindings {
  const { writes, addenda, signIns, ...rest } = held;
  const draft = ({ from, to, ...one }: Placed): Draft => ({ ...one, bytes: Buffer.from(texts, from, to - from) });
  return {
    held: { ...rest, writes: writes.map(draft), addenda: addenda.map(draft), signIns: signIns.map(draft) },
    sha256,
  };
}
