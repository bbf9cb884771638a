import type { TemplatePlace } from '../template/files.ts';
import { render } from '../template/handlebars.ts';
import type { IncidentView } from './view.ts';

export const INCIDENT_FORMATS = ['markdown', 'html'] as const;
export type IncidentFormat = (typeof INCIDENT_FORMATS)[number];

/** Errors: E_TEMPLATE. */
export function renderIncident(format: IncidentFormat, view: IncidentView, templates: TemplatePlace): string {
  return render(templates, 'incident/brief', format, view);
}
