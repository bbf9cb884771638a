import type { ComplianceModel, Finding, TestStanding } from '../../compliance/model.ts';
import { TEST_STANDINGS } from '../../compliance/model.ts';
import { type EntryRef, entryRef } from '../entry-view.ts';
import { utc } from '../text/time.ts';
import { type Cut, cut, cutOf } from './cut.ts';
import { standingWord, strengthWord } from './labels.ts';

/** Tests, controls and waivers: what the facts come to. */
export interface JudgementView {
  readonly counts: readonly { readonly standing: TestStanding; readonly word: string; readonly n: number }[];
  readonly tests: readonly TestLine[];
  readonly frameworks: readonly FrameworkView[];
  readonly waivers: Cut<WaiverLine>;
}

interface TestLine {
  readonly id: string;
  readonly title: string;
  readonly rule: string;
  readonly standing: TestStanding;
  readonly word: string;
  readonly because: string;
  readonly n: number;
  readonly findings: Cut<{ readonly text: string; readonly entry: EntryRef | null }>;
}

interface FrameworkView {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly note: string | null;
  readonly digest: string;
  readonly counts: string;
  readonly controls: readonly ControlLine[];
}

interface ControlLine {
  readonly id: string;
  readonly about: string;
  readonly strength: string;
  readonly standing: TestStanding;
  readonly word: string;
  readonly because: string;
  readonly tests: string;
  readonly evidence: string;
  readonly alsoNeeded: readonly string[];
}

interface WaiverLine {
  readonly entry: EntryRef;
  readonly address: string;
  readonly path: string | null;
  readonly workspace: string;
  readonly standing: string;
  readonly tone: string;
  readonly until: string;
  readonly people: string;
  readonly selfApproved: boolean;
  readonly reason: string;
  readonly revoked: string | null;
  readonly revokedBy: EntryRef | null;
  readonly drifts: readonly EntryRef[];
}

export function judgementView({ tests, frameworks, waivers }: ComplianceModel): JudgementView {
  return {
    counts: TEST_STANDINGS.map((standing) => ({
      standing,
      word: standingWord(standing),
      n: tests.filter((test) => test.standing === standing).length,
    })),
    tests: tests.map((test) => ({
      ...test,
      because: plainTimes(test.because),
      word: standingWord(test.standing),
      findings: cutOf(test.findings, findingLine, { folded: 5, most: 100 }),
    })),
    frameworks: frameworks.map(({ controls, ...framework }) => ({
      ...framework,
      counts: TEST_STANDINGS.map(
        (standing) => `${controls.filter((one) => one.standing === standing).length} ${standingWord(standing)}`,
      ).join(', '),
      controls: controls.map((control) => ({
        ...control,
        because: plainTimes(control.because),
        word: standingWord(control.standing),
        strength: strengthWord(control.strength),
        tests: control.tests.map(({ id, standing }) => `${id} ${standingWord(standing)}`).join(', ') || 'none',
        evidence: evidenceText(control.evidence),
      })),
    })),
    waivers: cut(
      waivers.map((one) => ({
        entry: entryRef(one.entry),
        address: one.address,
        path: one.path,
        workspace: one.workspace ?? 'every one',
        standing: one.endsSoon ? `${one.standing}, ends soon` : one.standing,
        tone:
          one.standing === 'active'
            ? one.endsSoon
              ? 'gap'
              : 'waived'
            : one.standing === 'expired' && one.drifts.length > 0
              ? 'failed'
              : 'moved-on',
        until: utc(one.until),
        people: `${one.requestedBy}, approved by ${one.approvedBy}`,
        selfApproved: one.selfApproved,
        reason: one.reason ?? 'not recorded',
        revoked:
          one.revoked === null
            ? null
            : `taken back ${utc(one.revoked.at)} by ${one.revoked.by}: ${one.revoked.reason ?? 'no reason'}`,
        revokedBy: one.revoked && entryRef(one.revoked.entry),
        drifts: one.drifts.map(entryRef),
      })),
      { folded: 40, most: 500 },
    ),
  };
}

function findingLine({ text, entry }: Finding): { text: string; entry: EntryRef | null } {
  return { text: plainTimes(text), entry: entry && entryRef(entry) };
}

function evidenceText(evidence: readonly { readonly index: number }[]): string {
  if (evidence.length === 0) return '0 changes';
  const shown = evidence.slice(0, 8).map(({ index }) => index);
  return `${evidence.length}: entries ${shown.join(', ')}${evidence.length > 8 ? ' …' : ''}`;
}

/** Times in a sentence as the rest of the page writes them. */
function plainTimes(text: string): string {
  return text.replace(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, utc);
}
