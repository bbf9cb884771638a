import type { ReportFormat } from '../format-names.ts';
import type { TemplatePlace } from '../template/files.ts';
import { render } from '../template/handlebars.ts';
import type { ComplianceView } from './view.ts';

/** Errors: E_TEMPLATE. */
export function renderCompliance(format: ReportFormat, view: ComplianceView, templates: TemplatePlace): string {
  return render(templates, 'compliance/report', format, view);
}
