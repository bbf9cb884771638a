import type { ReportFormat } from '../format-names.ts';
import type { TemplatePlace } from '../template/files.ts';
import { render } from '../template/handlebars.ts';
import type { IncidentView } from './view.ts';

/** Errors: E_TEMPLATE. */
export function renderIncident(format: ReportFormat, view: IncidentView, templates: TemplatePlace): string {
  return render(templates, 'incident/brief', format, view);
}
