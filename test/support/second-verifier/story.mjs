// What the entries say: documents, the chain of drifts, annotations. From docs/ledger-format.md alone; no line of driftbom.
import { canonical, hex, utf8 } from './format.mjs';

const STATE = 'application/vnd.driftbom.resource-state.v1+json';
const LISTS = ['inputs', 'gaps', 'ignored', 'open', 'resolved'];
const sorted = (list) => canonical(list.map(canonical).sort());
const person = (name) => name.normalize('NFKC').trim().toLowerCase();
const stateOf = (subject) => subject.find((one) => one.mediaType === STATE)?.digest.sha256;

/** Replays the entries in log order. */
export class Story {
  #files;
  #fault;
  #ids = new Set();
  #digests = new Set();
  #parties = new Map();
  #erasures = [];
  #erased = [];
  #unread = 0;
  #open = new Map();
  #resolved = [];
  #followed = true;

  constructor(files, fault) {
    this.#files = files;
    this.#fault = fault;
  }

  /** Takes the next entry; undefined where it is bad, and nothing after it can be followed. */
  tell(entry) {
    this.#followed &&= entry !== undefined;
    if (entry === undefined) return;
    if (entry.erased) {
      this.#erased.push(entry);
      this.#unread++;
    } else this.#read(entry);
    this.#digests.add(entry.digest);
  }

  end() {
    for (const { index, digest, authority } of this.#erased) {
      const grant = this.#erasures.find((one) => one.digest === authority);
      if (!grant?.indexes.includes(index) || !grant.about.includes(digest))
        this.#fault(index, 'erasure-unauthorised', '');
    }
  }

  #read(entry) {
    const { index, entryId, kind } = entry;
    if (this.#ids.has(entryId)) this.#fault(index, 'entry-repeated', entryId);
    this.#ids.add(entryId);
    const whole = this.#documents(entry);
    if (kind === 'annotation') this.#annotation(entry);
    if (kind === 'config-change')
      this.#parties.set(
        entry.digest,
        entry.who.actors.flatMap(({ name, id }) => [name, id]),
      );
    this.#followed &&= whole;
    if (this.#followed && kind === 'scan') this.#scan(entry);
    if (this.#followed && kind === 'config-change' && entry.change.kind !== 'change') this.#change(entry);
  }

  #documents(entry) {
    let whole = true;
    for (const key of documentsOf(entry)) {
      const bytes = this.#files.get(key);
      const code = bytes === undefined ? 'document-missing' : 'document-wrong';
      if (bytes !== undefined && key.includes(hex(bytes))) continue;
      this.#fault(entry.index, code, key);
      whole = false;
    }
    return whole;
  }

  #change({ change, when, supersedes, subject, digest, index }) {
    const { driftKey, fingerprint, before, resource } = change;
    const { address, workspace, workspaceKey } = resource;
    if (hex(canonical({ address, workspace: workspaceKey })) !== driftKey) this.#fault(index, 'subject-wrong', address);
    const earlier = this.#open.get(supersedes);
    const wasErased = this.#erased.some((one) => one.digest === supersedes);
    if (supersedes !== null && !wasErased && earlier?.told.driftKey !== driftKey)
      this.#fault(index, 'chain-broken', supersedes);
    this.#open.delete(supersedes);
    if (change.kind === 'drift') {
      const where = { driftKey, fingerprint, address, workspace, workspaceKey };
      const told = { ...where, entry: digest, index, firstSeen: when.recordedAt };
      this.#open.set(digest, { told, after: stateOf(subject) });
      return;
    }
    const begins = earlier?.after === undefined || earlier.after === before.digest.sha256;
    if (before.annotations?.statementDigest !== supersedes || !begins)
      this.#fault(index, 'chain-broken', 'begins elsewhere');
    this.#resolved.push(supersedes);
  }

  #scan({ scan, subject, index }) {
    const list = (one) =>
      Array.isArray(one) ? one : JSON.parse(utf8(this.#files.get(`state/${one.digest.sha256}.json`)));
    const compared = hex(canonical(list(scan.scope.compared)));
    if (subject[0].digest.sha256 !== compared) this.#fault(index, 'subject-wrong', 'compared');
    const told = list(scan.open).map(({ seen: _seen, ...rest }) => rest);
    if (!this.#agrees(told)) this.#fault(index, 'open-list-wrong', 'open');
    const gone = list(scan.resolved);
    const surplus = gone.filter((one) => !this.#resolved.includes(one)).length;
    const same = this.#unread === 0 ? sorted(gone) === sorted(this.#resolved) : surplus <= this.#unread;
    if (!same) this.#fault(index, 'open-list-wrong', 'resolved');
    if (this.#unread > 0)
      this.#open = new Map(told.map((one) => [one.entry, this.#open.get(one.entry) ?? { told: one }]));
    this.#unread = 0;
    this.#resolved = [];
  }

  #agrees(told) {
    const ours = [...this.#open.values()].map((one) => one.told);
    if (this.#unread === 0) return sorted(told) === sorted(ours);
    const own = new Set(ours.map(canonical));
    const wasErased = ({ entry, index }) => this.#erased.some((one) => one.digest === entry && one.index === index);
    const lost = ours.filter((one) => !told.some(({ entry }) => entry === one.entry)).length;
    return lost <= this.#unread && told.every((one) => own.has(canonical(one)) || wasErased(one));
  }

  #annotation({ annotation, supersedes, digest, index }) {
    const { kind, about, by, waiver, erasure } = annotation;
    for (const named of supersedes === null ? about : [...about, supersedes]) {
      if (!this.#digests.has(named)) this.#fault(index, 'annotation-dangling', named);
    }
    const terms = waiver ?? erasure;
    if (terms !== undefined) this.#parties.set(digest, [terms.requestedBy]);
    const own = about.flatMap((one) => this.#parties.get(one) ?? []).map(person);
    const granted = terms !== undefined && person(terms.requestedBy) === person(terms.approvedBy);
    if (granted || (kind === 'approval' && own.includes(person(by)))) this.#fault(index, 'self-approved', by);
    if (kind === 'erasure') this.#erasures.push({ digest, about, indexes: erasure.indexes });
  }
}

/** Keys of the files that an entry names by digest. */
function documentsOf(entry) {
  const digests = entry.subject.filter((one) => one.mediaType === STATE).map((one) => one.digest.sha256);
  if (entry.kind === 'scan') {
    const { compared, places = [] } = entry.scan.scope;
    const lists = [compared, places, ...LISTS.map((name) => entry.scan[name])];
    digests.push(...lists.filter((list) => !Array.isArray(list)).map((list) => list.digest.sha256));
  } else if (entry.kind === 'config-change') {
    const moved = entry.change.paths.flatMap(({ beforeDocument, afterDocument }) => [beforeDocument, afterDocument]);
    const named = [entry.change.before, ...moved.filter(Boolean)];
    digests.push(...named.map((one) => one.digest.sha256));
  }
  const evidence = (entry.evidence ?? []).filter(({ uri, digest }) => uri === `evidence/${digest.sha256}`);
  return [...digests.map((one) => `state/${one}.json`), ...evidence.map(({ uri }) => uri)];
}
