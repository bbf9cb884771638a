import { readdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Value, ValueMap } from '../model/value.ts';
import { DriftbomError, fileFault } from '../model/error.ts';
import { isMap } from '../model/value.ts';
import { evaluate } from '../terraform/expression.ts';
import { EMPTY_SCOPE } from '../terraform/expression-scope.ts';
import { parseHcl } from '../terraform/hcl.ts';
import { parseJson } from '../terraform/json.ts';
import { decodeText } from '../terraform/text.ts';
import { declaredVariables, variableFromText } from '../terraform/variables.ts';
import { blocksOf } from './configuration-body.ts';
import type { Environment } from './directory-run.ts';

export interface VariableSources {
  readonly directory: string;
  readonly env: Environment;
  /** -var-file paths, relative to the working directory of the user, made absolute. */
  readonly varFiles: readonly string[];
}

/**
 * Values given to the root's variables, the strongest last: TF_VAR_ environment, terraform.tfvars(.json),
 * *.auto.tfvars(.json) by name, -var-file. These files are no scan inputs: they may hold nothing but one short secret,
 * which a plain digest would give away. Errors: E_HCL; no value ever stands in one.
 * Source: Terraform language, "Variable Definition Precedence".
 */
export async function variableValues(root: ValueMap, sources: VariableSources): Promise<ValueMap> {
  const values: { [name: string]: Value } = Object.create(null);
  const declared = declaredVariables(blocksOf(root, 'variable', 1).map((one) => [one.labels[0] ?? '', one.body]));
  for (const [name, { type }] of declared) {
    const text = sources.env[`TF_VAR_${name}`];
    if (text !== undefined) values[name] = variableFromText(text, type);
  }
  for (const path of [...(await definitionFiles(sources.directory)), ...sources.varFiles]) {
    for (const [name, value] of Object.entries(await readDefinitions(path, sources.directory))) {
      // In the JSON form text is text; the other form may hold templates.
      if (declared.has(name)) values[name] = path.endsWith('.json') ? value : evaluate(value, EMPTY_SCOPE);
    }
  }
  return values;
}

async function definitionFiles(directory: string): Promise<string[]> {
  const names = await readdir(directory);
  const fixed = ['terraform.tfvars', 'terraform.tfvars.json'].filter((name) => names.includes(name));
  const automatic = names.filter((name) => /\.auto\.tfvars(?:\.json)?$/.test(name)).sort();
  return [...fixed, ...automatic].map((name) => resolve(directory, name));
}

async function readDefinitions(path: string, directory: string): Promise<ValueMap> {
  const name = path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : (path.split('/').at(-1) ?? path);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const message = `cannot read the variable file ${name}: ${fileFault(cause)}`;
    throw new DriftbomError('E_HCL', message, 'Check that the file exists and may be read.', { cause });
  }
  const text = decodeText(bytes, name, 'E_HCL');
  const values = path.endsWith('.json') ? parseJson(text, name, 'E_HCL') : await parseHcl(text, name);
  if (!isMap(values)) throw new DriftbomError('E_HCL', `${name}: the top level is not an object`, 'Correct the file.');
  return values;
}
