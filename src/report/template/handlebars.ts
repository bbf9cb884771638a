import Handlebars from 'handlebars';
import { DriftbomError, messageOf } from '../../model/error.ts';
import { escapeTree, TemplateFault } from './escape-tree.ts';
import { partialNames, readTemplate, type TemplateFile, type TemplatePlace } from './files.ts';
import { markdownBlock, markdownCode, markdownDiff, markdownText } from './markdown-text.ts';

export type TemplateFormat = 'html' | 'markdown';

const SUFFIXES: Readonly<Record<TemplateFormat, string>> = { html: 'html', markdown: 'md' };
const BLOCKS = ['if', 'unless', 'each', 'with'] as const;
const MARKDOWN = { text: markdownText, code: markdownCode, diff: markdownDiff, block: markdownBlock };

/**
 * Renders a view through a template: `render(place, 'compliance/report', 'html', view)`. Templates compute nothing: a
 * value that the view does not hold is an error, prototypes are out of reach, and text is always escaped for the format.
 * Errors: E_TEMPLATE with file and line.
 */
export function render(place: TemplatePlace, name: string, format: TemplateFormat, view: object): string {
  const suffix = SUFFIXES[format];
  const environment = environmentFor(format);
  for (const partial of partialNames(place, suffix)) {
    environment.registerPartial(
      partial,
      compiled(environment, readTemplate(place, `partials/${partial}.${suffix}`), format),
    );
  }
  return compiled(
    environment,
    readTemplate(place, `${name}.${suffix}`),
    format,
  )(view, {
    allowProtoPropertiesByDefault: false,
    allowProtoMethodsByDefault: false,
  });
}

function environmentFor(format: TemplateFormat): typeof Handlebars {
  const environment = Handlebars.create();
  for (const name of BLOCKS) {
    const block = environment.helpers[name] as Handlebars.HelperDelegate;
    environment.registerHelper(name, exact(block));
  }
  for (const name of ['log', 'lookup']) environment.unregisterHelper(name);
  if (format === 'markdown') {
    for (const [name, place] of Object.entries(MARKDOWN)) {
      environment.registerHelper(name, (...args: unknown[]) => {
        const value = present(args);
        if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
          throw new TemplateFault('that value of the view is no text.', lineOfCall(args));
        }
        return place((Array.isArray(value) ? value : String(value ?? '')) as never);
      });
    }
  }
  return environment;
}

/** Strict mode does not look at what blocks are given; a misspelt name would read as "nothing there". */
function exact(block: Handlebars.HelperDelegate): Handlebars.HelperDelegate {
  return function (this: unknown, ...args: unknown[]): unknown {
    present(args);
    return block.apply(this, args as never);
  };
}

/** The first argument of a call; its last is what Handlebars adds, the line among it. */
function present(args: readonly unknown[]): unknown {
  if (args[0] === undefined) throw new TemplateFault('the view holds no such value.', lineOfCall(args));
  return args[0];
}

function lineOfCall(args: readonly unknown[]): number {
  return (args.at(-1) as { hash: { line: number } }).hash.line;
}

type Template = (view: unknown, options?: Handlebars.RuntimeOptions) => string;

/** Compiles on first use; whatever goes wrong, then or later, names this file. */
function compiled(environment: typeof Handlebars, file: TemplateFile, format: TemplateFormat): Template {
  const known = new Set<string>([...BLOCKS, ...(format === 'markdown' ? Object.keys(MARKDOWN) : [])]);
  let template: Template | undefined;
  return (view, options) => {
    try {
      template ??= environment.compile(
        escapeTree(Handlebars.parse(file.text), known, format === 'markdown' ? 'text' : undefined),
        {
          strict: true,
          noEscape: format === 'markdown',
          preventIndent: true,
          knownHelpers: Object.fromEntries([...known].map((name) => [name, true])),
          knownHelpersOnly: true,
        } as CompileOptions,
      );
      return template(view, options);
    } catch (thrown) {
      throw templateError(thrown, file);
    }
  };
}

function templateError(thrown: unknown, file: TemplateFile): DriftbomError {
  if (thrown instanceof DriftbomError) return thrown;
  const line = thrown instanceof TemplateFault ? thrown.line : lineOf(thrown);
  const where = line === undefined ? file.name : `${file.name}:${line}`;
  return new DriftbomError(
    'E_TEMPLATE',
    `${where}: ${messageOf(thrown).split('\n')[0]}`,
    'Correct the template, or remove it from the template folder to use the one that comes with driftbom.',
    { cause: thrown },
  );
}

function lineOf(thrown: unknown): number | undefined {
  const line = (thrown as { lineNumber?: unknown }).lineNumber;
  if (typeof line === 'number') return line;
  const inText = /line (\d+)/.exec(messageOf(thrown))?.[1];
  return inText === undefined ? undefined : Number(inText);
}
