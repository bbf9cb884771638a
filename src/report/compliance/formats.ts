import type { TemplatePlace } from '../template/files.ts';
import { render } from '../template/handlebars.ts';
import type { ComplianceView } from './view.ts';

export const COMPLIANCE_FORMATS = ['markdown', 'html'] as const;
export type ComplianceFormat = (typeof COMPLIANCE_FORMATS)[number];

/** Errors: E_TEMPLATE. */
export function renderCompliance(format: ComplianceFormat, view: ComplianceView, templates: TemplatePlace): string {
  return render(templates, 'compliance/report', format, view);
}
