import type { IncidentRecord, SaidIn } from '../../model/incident-record.ts';
import { samePerson } from '../../model/person.ts';
import type { IncidentNote, NoteContent, NoteContents, NoteTopic, UnreadNote } from './note.ts';

/** One thing that was said and stands. */
interface Held {
  readonly content: NoteContent;
  readonly about: readonly string[];
  readonly said: SaidIn;
}

/**
 * One incident while its notes are read, in log order. Each thing that can be said once (a milestone, a role, an action...)
 * has one place; everything else has a place of its own. What is said later of the same thing, or supersedes it, takes
 * its place; what is taken back leaves it.
 */
export class IncidentDraft {
  readonly #id: string;
  #opened: SaidIn;
  #opening: NoteContents['opened'] | undefined;
  readonly #held = new Map<string, Held>();
  readonly #entries: SaidIn[] = [];
  readonly #unread: { index: number; why: string }[] = [];

  /** `first`: the first note that names it; stands for the opening where that cannot be read. */
  constructor(id: string, first: SaidIn) {
    this.#id = id;
    this.#opened = first;
  }

  unreadable({ said, why }: UnreadNote): void {
    this.#entries.push(said);
    this.#unread.push({ index: said.index, why });
  }

  add(note: IncidentNote): void {
    this.#entries.push(note.said);
    const fault = this.#faultOf(note);
    if (fault !== undefined) this.#unread.push({ index: note.said.index, why: fault });
    else if (note.content.topic === 'opened') {
      this.#opening = note.content.what;
      this.#opened = note.said;
    } else this.#hold(note);
  }

  record(): IncidentRecord {
    const opening = this.#opening;
    const set = this.#settings();
    const plain = <T extends NoteTopic>(topic: T) => this.#standing(topic).map(({ what, said }) => ({ ...what, said }));
    const speaking = <T extends NoteTopic>(topic: T) =>
      this.#standing(topic).map(({ what, about, said }) => ({ ...what, about, said }));
    const texts = this.#standing('text').map(({ what, said }) => [what.name, { text: what.text, said }] as const);
    const answers = new Map(this.#standing('answer').map(({ what }) => [what.id, what.text]));
    const unopened = opening === undefined ? [{ index: this.#opened.index, why: NOT_OPENED }] : [];
    const first = opening?.case == null ? [] : [{ sha256: opening.case, said: this.#opened }];
    return {
      id: this.#id,
      title: set('title') ?? opening?.title ?? '(its opening cannot be read)',
      severity: set('severity') ?? opening?.severity ?? null,
      status: set('status') ?? 'draft',
      services: set('services') ?? opening?.services ?? [],
      opened: this.#opened,
      cases: [...first, ...this.#standing('case').map(({ what, said }) => ({ sha256: what.case, said }))],
      milestones: plain('milestone'),
      roles: plain('role'),
      texts: Object.fromEntries(texts),
      timeline: speaking('timeline'),
      metrics: plain('metric'),
      whys: speaking('why'),
      factors: speaking('factor'),
      lessons: plain('lesson'),
      questions: plain('question').map((one) => ({ ...one, answer: answers.get(one.id) ?? null })),
      comms: plain('comms'),
      verdicts: speaking('verdict').map(({ about, ...one }) => ({ ...one, entry: about[0] as string })),
      actions: plain('action'),
      reviews: plain('review'),
      entries: [...this.#entries],
      unread: [...unopened, ...this.#unread],
    };
  }

  #faultOf({ content, supersedes }: IncidentNote): string | undefined {
    if (content.topic === 'opened' && this.#opening !== undefined) return 'the incident was opened before';
    if (content.topic === 'answer' && !this.#held.has(placeOf('question', content.what.id))) {
      return `it answers ${content.what.id}, which nobody asks`;
    }
    const takesBack = content.topic === 'retracted' && this.#placesOf(supersedes).length === 0;
    return takesBack ? 'what it takes back does not stand in this incident' : undefined;
  }

  #hold(note: IncidentNote): void {
    const { content, about, said } = note;
    const before = this.#placesOf(note.supersedes);
    const places = this.#placesFor(note, before);
    for (const one of before) if (!places.includes(one)) this.#held.delete(one);
    for (const place of places) this.#held.set(place, { content, about, said });
  }

  /** Where a note belongs. `before`: the places of what it supersedes. */
  #placesFor({ content, about, said }: IncidentNote, before: readonly string[]): readonly string[] {
    switch (content.topic) {
      case 'retracted':
        return [];
      case 'set':
        return settingsIn(content.what).map((name) => placeOf('set', name));
      case 'milestone':
      case 'text':
        return [placeOf(content.topic, content.what.name)];
      case 'role':
        return [placeOf('role', content.what.role)];
      case 'question':
      case 'answer':
      case 'action':
        return [placeOf(content.topic, content.what.id)];
      case 'verdict':
        return [placeOf('verdict', about[0] as string)];
      case 'review':
        return [this.#reviewPlace(said)];
      default:
        // A list: each note has a place of its own, or that of the one which it replaces.
        return [
          before.find((place) => this.#held.get(place)?.content.topic === content.topic) ??
            placeOf('note', said.digest),
        ];
    }
  }

  /** A person has one review: the last. */
  #reviewPlace({ by, digest }: SaidIn): string {
    for (const [place, { content, said }] of this.#held) {
      if (content.topic === 'review' && samePerson(said.by, by)) return place;
    }
    return placeOf('review', digest);
  }

  /** Where that stands which was said in an entry. */
  #placesOf(digest: string | null): string[] {
    return [...this.#held].flatMap(([place, { said }]) => (said.digest === digest ? [place] : []));
  }

  /** What stands under one topic, in the order of the places. */
  #standing<T extends NoteTopic>(topic: T): (Omit<Held, 'content'> & { readonly what: NoteContents[T] })[] {
    return [...this.#held.values()].flatMap(({ content, about, said }) =>
      content.topic === topic ? [{ what: content.what as NoteContents[T], about, said }] : [],
    );
  }

  #settings() {
    return <N extends SettingName>(name: N): NonNullable<NoteContents['set'][N]> | undefined => {
      const held = this.#held.get(placeOf('set', name))?.content;
      return held?.topic === 'set' ? (held.what[name] ?? undefined) : undefined;
    };
  }
}

const SETTINGS = ['title', 'severity', 'status', 'services'] as const;
type SettingName = (typeof SETTINGS)[number];

const NOT_OPENED = 'the note that opens the incident cannot be read, or was erased';

function settingsIn(content: NoteContents['set']): SettingName[] {
  return SETTINGS.filter((name) => content[name] !== null && content[name].length > 0);
}

function placeOf(topic: NoteTopic | 'note', name: string): string {
  return `${topic}:${name}`;
}
