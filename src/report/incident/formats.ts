import type { TemplatePlace } from '../template/files.ts';
import { render } from '../template/handlebars.ts';
import { visibleJson } from '../text/visible.ts';
import type { IncidentFormat } from '../format-names.ts';
import type { IncidentView } from './view.ts';

/** Names the JSON: members are added within a version, never taken away. */
const SCHEMA = 'driftbom.incident/v1';

/** Errors: E_TEMPLATE. */
export function renderIncident(format: IncidentFormat, view: IncidentView, templates: TemplatePlace): string {
  if (format === 'json') return `${visibleJson(JSON.stringify({ schema: SCHEMA, ...view }, null, 2))}\n`;
  return render(templates, 'incident/brief', format, view);
}
