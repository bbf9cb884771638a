import type { CoverageGap, RecordOrigin } from '../port.ts';
import type { Draft, Held, IssuedIn, PlaceTimes, SwitchCall } from './findings.ts';
import type { Found } from './fold.ts';
import { ownText } from './own-text.ts';

type Chain = RecordOrigin['digestChain'];

/** What all objects of a log held, together. */
export class Collection {
  readonly writes: Found[] = [];
  readonly addenda: Found[] = [];
  readonly signIns: Found[] = [];
  readonly issued: IssuedIn[] = [];
  readonly switches: SwitchCall[] = [];
  readonly places = new Map<string, PlaceTimes>();
  readonly gaps: CoverageGap[] = [];
  readonly chains = new Set<Chain>();
  /** By the object's place in the caller's list. */
  readonly #origins = new Map<number, Omit<RecordOrigin, 'index'>>();
  #length = 0;
  records = 0;
  /** Records that are dated in the future, and the latest time that they give. */
  future = 0;
  futureTo = '';
  files = 0;

  /** Adds what one object held. `file` is its place in the caller's list. */
  add(held: Held, name: string, file: number, digestChain: Chain): void {
    const found = ({ fields, bytes, index }: Draft): Found => {
      return { fields, bytes, index, origin: { file: name, index, digestChain } };
    };
    for (const one of held.writes) this.writes.push(found(one));
    for (const one of held.addenda) this.addenda.push(found(one));
    for (const one of held.signIns) this.signIns.push(found(one));
    if (held.issued.has.length > 0) this.issued.push({ file, calls: held.issued });
    this.switches.push(...held.switches);
    this.gaps.push(...held.gaps);
    this.records += held.records;
    this.future += held.future;
    if (held.futureTo > this.futureTo) this.futureTo = held.futureTo;
    this.files++;
    this.#origins.set(file, { file: name, digestChain });
    this.#length = Math.max(this.#length, file + 1);
    if (held.records > 0) this.chains.add(digestChain);
    for (const place of held.places) this.#addPlace(place);
  }

  /** Takes in what another log held; the places of its objects in their list go up by `shift`. */
  absorb(other: Collection, shift: number): void {
    // One by one: a list may be too long to be handed over as arguments.
    for (const one of other.writes) this.writes.push(one);
    for (const one of other.addenda) this.addenda.push(one);
    for (const one of other.signIns) this.signIns.push(one);
    for (const { file, calls } of other.issued) this.issued.push({ file: file + shift, calls });
    for (const one of other.switches) this.switches.push(one);
    for (const one of other.gaps) this.gaps.push(one);
    for (const one of other.chains) this.chains.add(one);
    for (const [file, origin] of other.#origins) this.#origins.set(file + shift, origin);
    this.#length = Math.max(this.#length, shift + other.length);
    for (const place of other.places.values()) this.#addPlace(place);
    this.records += other.records;
    this.files += other.files;
    this.future += other.future;
    if (other.futureTo > this.futureTo) this.futureTo = other.futureTo;
  }

  /** How long the list of objects is, as far as their places tell. */
  get length(): number {
    return this.#length;
  }

  /** Where the records of an object were read. Throws a RangeError for one that was not added. */
  originOf(file: number): Omit<RecordOrigin, 'index'> {
    const origin = this.#origins.get(file);
    if (origin === undefined) throw new RangeError(`no object ${file} was read`);
    return origin;
  }

  #addPlace({ account, region, oldest, newest, writes }: PlaceTimes): void {
    const key = `${account}|${region}`;
    const known = this.places.get(key);
    if (known === undefined) {
      this.places.set(key, { account: ownText(account), region: ownText(region), oldest, newest, writes });
      return;
    }
    if (oldest < known.oldest) known.oldest = oldest;
    if (newest > known.newest) known.newest = newest;
    for (const span of writes) known.writes.add(span);
  }
}
