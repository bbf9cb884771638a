import { ANY } from '../model/shape.ts';
import type { Value } from '../model/value.ts';
import { isSecretName } from '../resources/secret-names.ts';
import { maskSecrets, secretsAt } from '../resources/secrets.ts';

/**
 * Puts keyed digests in the place of secrets: of all that a key holds whose last part is a secret's name, or that was said
 * to be sensitive; of whatever else is named or looks like a secret inside. null hides nothing: it says that there is none.
 */
export function maskKeyValue(key: string, value: Value, sensitive: boolean, redact: (secret: Value) => string): Value {
  if (value === null) return null;
  const names = key.split(/[/.:]+/).filter((name) => name !== '');
  if (sensitive || isSecretName(names.at(-1) ?? '', true)) return redact(value);
  // As an environment's names: the user chose them.
  const place = { shape: ANY, path: ['environment_variables', ...names], marks: [], type: '' };
  return maskSecrets(value, secretsAt(value, place), redact);
}
