import type { IncidentDocument } from '../../incident/document/document.ts';
import type { DocumentTemplate, IncidentFormat } from '../format-names.ts';
import type { TemplatePlace } from '../template/files.ts';
import { render } from '../template/handlebars.ts';
import { visibleJson } from '../text/visible.ts';
import { documentView } from './document.ts';
import { externalView } from './document-external.ts';
import type { BriefOptions } from './view.ts';

/** Names the JSON: members are added within a version, never taken away. */
const SCHEMA = 'driftbom.incident-document/v1';

/** Renders a document. Errors: E_TEMPLATE. */
export function renderDocument(
  template: DocumentTemplate,
  format: IncidentFormat,
  document: IncidentDocument,
  options: BriefOptions,
  templates: TemplatePlace,
): string {
  const view = template === 'external' ? externalView(document, options.tool) : documentView(document, options);
  if (format === 'json') return `${visibleJson(JSON.stringify({ schema: SCHEMA, template, ...view }, null, 2))}\n`;
  return render(templates, `incident/${template}`, format, view);
}
