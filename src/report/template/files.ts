import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DriftbomError, messageOf } from '../../model/error.ts';

/** Where templates come from. The user's folder wins file by file; what it does not hold comes from the package. */
export interface TemplatePlace {
  /** The package's own folder, in which `templates/` lies. */
  readonly packageRoot: string;
  /** A folder of the same layout: `scan/report.html.hbs`, `partials/style.html.hbs`... */
  readonly templateDir?: string | undefined;
}

export interface TemplateFile {
  /** As the user would name it. */
  readonly name: string;
  readonly text: string;
}

const EXTENSION = '.hbs';

/** Reads one template, `compliance/report.html`. E_TEMPLATE where it cannot be read. */
export function readTemplate(place: TemplatePlace, name: string): TemplateFile {
  const file = `${name}${EXTENSION}`;
  const own = place.templateDir === undefined ? undefined : join(place.templateDir, file);
  if (own !== undefined && existsSync(own)) return read(own, own);
  return read(join(place.packageRoot, 'templates', file), `templates/${file}`);
}

/** Names of the partials of a format, from both folders: `style` of `partials/style.html.hbs`. */
export function partialNames(place: TemplatePlace, format: string): string[] {
  const ending = `.${format}${EXTENSION}`;
  const folders = [join(place.packageRoot, 'templates', 'partials')];
  if (place.templateDir !== undefined) {
    if (!existsSync(place.templateDir)) {
      throw new DriftbomError(
        'E_TEMPLATE',
        `The template folder ${place.templateDir} does not exist.`,
        'Name a folder that holds templates, or leave the option out to use those that come with driftbom.',
      );
    }
    folders.push(join(place.templateDir, 'partials'));
  }
  const files = folders.filter(existsSync).flatMap((folder) => readdirSync(folder));
  return [
    ...new Set(files.filter((file) => file.endsWith(ending)).map((file) => file.slice(0, -ending.length))),
  ].sort();
}

function read(path: string, name: string): TemplateFile {
  try {
    return { name, text: readFileSync(path, 'utf8') };
  } catch (thrown) {
    throw new DriftbomError(
      'E_TEMPLATE',
      `The template ${name} cannot be read: ${messageOf(thrown)}`,
      'Check that the file is there and readable, or install driftbom again.',
      { cause: thrown },
    );
  }
}
