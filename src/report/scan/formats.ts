import { isMachineFormat, type OutputFormat } from '../format-names.ts';
import { renderMachine } from '../formats/machine.ts';
import { sheetOfScan } from '../formats/sheet-of-scan.ts';
import type { TemplatePlace } from '../template/files.ts';
import { render } from '../template/handlebars.ts';
import { scanJson } from './json.ts';
import type { ScanReport } from './scan-report.ts';
import { scanView } from './view.ts';

const MARKDOWN_LIMITS = { lines: 120, columns: 160 };
const HTML_LIMITS = { lines: 300, columns: 400 };

/** Renders a scan into the text of one file format; the terminal has its own: terminal.ts. Errors: E_TEMPLATE. */
export function renderScan(format: OutputFormat, report: ScanReport, templates: TemplatePlace): string {
  if (isMachineFormat(format)) return renderMachine(format, sheetOfScan(report));
  switch (format) {
    case 'json':
      return scanJson(report);
    case 'markdown':
      return render(templates, 'scan/report', 'markdown', scanView(report, MARKDOWN_LIMITS));
    case 'html':
      return render(templates, 'scan/report', 'html', scanView(report, HTML_LIMITS));
  }
}
