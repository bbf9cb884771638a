import { type OscalTarget, targetsOf } from './oscal-controls.ts';
import {
  backMatterOf,
  definitionsOf,
  driftUuid,
  listed,
  markup,
  metadataOf,
  observationsOf,
  paragraphs,
  planUuid,
  props,
  timeOf,
  uuidOf,
} from './oscal-parts.ts';
import { waiverRisks, waiverUuid } from './oscal-risks.ts';
import type { Sheet, SheetCheck, SheetFramework } from './sheet.ts';
import { jsonChunks } from '../text/json-chunks.ts';

type Control = SheetFramework['controls'][number];

/**
 * OSCAL assessment results 1.2.1 (NIST). A drift or a gap is an observation, a waiver a risk, a control a finding. OSCAL
 * knows satisfied and not-satisfied only: what could not be assessed is an observation, and never a finding.
 */
export function* oscalResults(sheet: Sheet): Generator<string> {
  const targets = sheet.frameworks.flatMap((framework) =>
    framework.controls.map((control) => ({ framework, control, targets: targetsOf(framework, control) })),
  );
  const open = targets.filter(({ control }) => control.standing === 'not-assessed');
  const judged = targets.filter(({ control }) => control.standing !== 'not-assessed');
  const document = {
    'assessment-results': {
      uuid: uuidOf('assessment-results', sheet.id),
      metadata: metadataOf(sheet, sheet.title),
      'import-ap': {
        href: `#${planUuid(sheet)}`,
        remarks: 'No OSCAL assessment plan exists; what the report was made with is attached as a resource.',
      },
      results: [
        {
          uuid: uuidOf('result', sheet.id),
          title: sheet.title,
          description: markup(sheet.verdict),
          start: timeOf(sheet.from, sheet),
          end: timeOf(sheet.to, sheet),
          'local-definitions': definitionsOf(sheet),
          'reviewed-controls': reviewed(targets.flatMap((one) => one.targets)),
          observations: observationsOf(sheet, [
            ...sheet.checks.map((check) => checkObservation(check, sheet)),
            ...open.map(({ framework, control }) => openObservation(framework, control, sheet)),
          ]),
          ...listed('risks', waiverRisks(sheet)),
          ...listed(
            'findings',
            judged.flatMap((one) => one.targets.map((target) => finding(one.framework, one.control, target, sheet))),
          ),
        },
      ],
      'back-matter': backMatterOf(sheet),
    },
  };
  yield* jsonChunks(document, 1);
  yield '\n';
}

function reviewed(targets: readonly OscalTarget[]): object {
  const ids = [...new Set(targets.map(({ controlId }) => controlId))];
  const selection =
    ids.length === 0 ? { 'include-all': {} } : { 'include-controls': ids.map((id) => ({ 'control-id': id })) };
  return {
    'control-selections': [selection],
    remarks:
      ids.length === 0
        ? 'No framework was named: drift was observed, and no control was judged.'
        : 'Limits of scope are listed as observations of type discovery.',
  };
}

function checkObservation({ id, title, rule, standing, because, findings }: SheetCheck, sheet: Sheet): object {
  return {
    uuid: checkUuid(sheet, id),
    title: markup(`${id}: ${title}`),
    description: paragraphs([`Passes when: ${rule}`, because, ...findings.map(({ text }) => text)]),
    ...props([
      { name: 'kind', value: 'test' },
      { name: 'id', value: id },
      { name: 'standing', value: standing },
    ]),
    methods: ['EXAMINE'],
    types: ['control-objective'],
    collected: timeOf(sheet.to, sheet),
  };
}

function openObservation(framework: SheetFramework, control: Control, sheet: Sheet): object {
  return {
    uuid: uuidOf('not-assessed', sheet.id, framework.id, control.id),
    title: markup(`Not assessed: ${framework.title} ${control.id}`),
    description: paragraphs([control.because, ...control.alsoNeeded.map((text) => `Also needed: ${text}`)]),
    ...props([{ name: 'kind', value: 'control' }, ...requirement(framework, control)]),
    methods: ['EXAMINE'],
    types: ['control-objective'],
    collected: timeOf(sheet.to, sheet),
  };
}

function finding(framework: SheetFramework, control: Control, target: OscalTarget, sheet: Sheet): object {
  const { standing, because, alsoNeeded, evidence, checks } = control;
  const shown = new Set(evidence.map(({ digest }) => digest));
  const rows = sheet.drifts.filter(({ entry }) => entry !== null && shown.has(entry.digest));
  const observed = [...checks.map((id) => checkUuid(sheet, id)), ...rows.map(({ id }) => driftUuid(id))];
  const waivers = sheet.waivers.filter((waiver) => waiver.drifts.some(({ digest }) => shown.has(digest)));
  return {
    uuid: uuidOf('finding', sheet.id, framework.id, control.id, target.targetId),
    title: markup(`${framework.title} ${control.id}: ${control.about}`),
    description: paragraphs([because, ...alsoNeeded.map((text) => `Also needed: ${text}`)]),
    ...props(requirement(framework, control)),
    target: {
      type: target.type,
      'target-id': target.targetId,
      status:
        standing === 'pass'
          ? { state: 'satisfied', reason: 'pass' }
          : { state: 'not-satisfied', reason: standing === 'waived' ? 'other' : 'fail' },
    },
    ...listed(
      'related-observations',
      observed.map((uuid) => ({ 'observation-uuid': uuid })),
    ),
    ...listed(
      'related-risks',
      waivers.map((waiver) => ({ 'risk-uuid': waiverUuid(waiver) })),
    ),
  };
}

function requirement(framework: SheetFramework, { id, standing }: Control): { name: string; value: string }[] {
  return [
    { name: 'framework', value: framework.id },
    { name: 'requirement', value: id },
    { name: 'standing', value: standing },
  ];
}

function checkUuid(sheet: Sheet, id: string): string {
  return uuidOf('test', sheet.id, id);
}
