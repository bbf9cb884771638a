import type { Entry } from '../../model/entry.ts';
import type { AnnotationEntry, ChangeEntry, Hit, Picture } from '../../model/picture.ts';
import type { Checkpoint } from '../checkpoint.ts';
import type { LedgerReader } from '../port.ts';
import { type EntryReader, provenReader } from '../read.ts';
import { candidatesOf } from './candidates.ts';
import type { Catalogue } from './catalogue.ts';
import { ERASED, KIND_CODES } from './columns.ts';
import { type EntryFilter, matches, matchersOf } from './filter.ts';
import { Links } from './links.ts';
import { isAnnotation, isChange, mergedPicture } from './merged.ts';
import { type ScanEntry, type Standings, standingsOf } from './standing.ts';

/** Asks one ledger, under one head. What the catalogue finds is read from the log, proven to be in it, and only then believed. */
export class LedgerQuery {
  readonly head: Checkpoint;
  readonly catalogue: Catalogue;
  readonly links: Links;
  readonly standings: Standings;
  readonly #read: EntryReader;

  private constructor(query: Pick<LedgerQuery, 'head' | 'catalogue' | 'links' | 'standings'>, reader: LedgerReader) {
    this.head = query.head;
    this.catalogue = query.catalogue;
    this.links = query.links;
    this.standings = query.standings;
    this.#read = provenReader(reader, query.head);
  }

  /** `catalogue` has to be of exactly the entries under `head`. */
  static async over(reader: LedgerReader, head: Checkpoint, catalogue: Catalogue): Promise<LedgerQuery> {
    const links = await Links.of(catalogue);
    const newest = await newestScan(catalogue, provenReader(reader, head));
    return new LedgerQuery({ head, catalogue, links, standings: standingsOf(links, newest) }, reader);
  }

  /** The entries that a filter asks for, newest first or oldest first, each as it is to be read now. */
  async *log(filter: EntryFilter, oldestFirst = false): AsyncGenerator<Hit> {
    const by = matchersOf(filter);
    const candidates = await candidatesOf(this.catalogue, this.links, this.standings, filter, by);
    for (const index of oldestFirst ? candidates : candidates.reverse()) {
      const hit = await this.hit(index);
      if (hit !== undefined && matches(hit.picture, hit, filter, by)) yield hit;
    }
  }

  /** One entry with all that is said of it; undefined where it was erased. Throws E_LEDGER_CORRUPT. */
  async hit(index: number): Promise<Hit | undefined> {
    const picture = await this.picture(index);
    if (picture === undefined) return undefined;
    const drift = picture.entry.kind === 'drift';
    const next = drift ? this.standings.nextOf(index) : undefined;
    const ending = next === undefined ? undefined : await this.#read(next);
    return {
      picture,
      about: await this.#aboutOf(picture.entry),
      replacedBy: isAnnotation(picture.entry) ? await this.#replacing(picture.entry) : [],
      standing: drift ? this.standings.of(index) : undefined,
      next: ending !== undefined && isChange(ending) ? ending : undefined,
    };
  }

  async picture(index: number): Promise<Picture | undefined> {
    const entry = await this.#read(index);
    return entry === undefined ? undefined : mergedPicture(entry, await this.#annotationsOf(index));
  }

  /** Change entries as they are to be read now; erased ones are left out. */
  async pictures(indexes: readonly number[]): Promise<Picture<ChangeEntry>[]> {
    const pictures: Picture<ChangeEntry>[] = [];
    for (const index of indexes) {
      const picture = await this.picture(index);
      if (picture !== undefined && isChange(picture.entry)) pictures.push(picture as Picture<ChangeEntry>);
    }
    return pictures;
  }

  /** How many payloads are erased, and how many entries of the given kind there are. */
  async count(kind: keyof typeof KIND_CODES | 'erased'): Promise<number> {
    const wanted = kind === 'erased' ? ERASED : KIND_CODES[kind];
    let count = 0;
    for (const segment of this.catalogue.segments) {
      for (const code of await segment.column('kind')) if (code === wanted) count++;
    }
    return count;
  }

  /** Annotations of an entry, and those that took the place of one of them. */
  async #annotationsOf(index: number): Promise<AnnotationEntry[]> {
    const wanted = new Set<number>();
    for (const { from, relation } of this.links.leadingTo(index)) {
      if (relation !== 'about' && relation !== 'corrects') continue;
      wanted.add(from);
      for (const later of this.links.leadingTo(from)) if (later.relation === 'replaces') wanted.add(later.from);
    }
    return (await this.#entries(wanted)).filter(isAnnotation);
  }

  async #replacing({ index, digest }: Entry): Promise<AnnotationEntry[]> {
    const links = this.links.leadingTo(index).filter(({ relation }) => relation === 'replaces');
    const later = await this.#entries(new Set(links.map(({ from }) => from)));
    return later.filter(isAnnotation).filter(({ statement }) => statement.predicate.supersedes === digest);
  }

  async #aboutOf(entry: Entry): Promise<readonly Entry[]> {
    if (!isAnnotation(entry)) return [];
    const { about } = entry.statement.predicate.annotation;
    const links = this.links.comingFrom(entry.index).filter(({ relation }) => relation !== 'replaces');
    return (await this.#entries(new Set(links.map(({ to }) => to)))).filter(({ digest }) => about.includes(digest));
  }

  async #entries(indexes: ReadonlySet<number>): Promise<Entry[]> {
    const entries: Entry[] = [];
    for (const index of indexes) {
      const entry = await this.#read(index);
      if (entry !== undefined) entries.push(entry);
    }
    return entries;
  }
}

async function newestScan({ segments }: Catalogue, read: EntryReader): Promise<ScanEntry | undefined> {
  for (const segment of segments.toReversed()) {
    const at = (await segment.column('kind')).lastIndexOf(KIND_CODES.scan);
    const entry = at < 0 ? undefined : await read(segment.outline.start + at);
    if (entry?.kind === 'scan') return entry;
  }
  return undefined;
}
