/** Words that make a name a secret's name, wherever they stand in it. */
const WORDS = new Set([
  'password',
  'passwords',
  'passwd',
  'pwd',
  'passphrase',
  'secret',
  'secrets',
  'token',
  'tokens',
  'credential',
  'credentials',
  'apikey',
  'psk',
  'authorization',
  'bearer',
  'jwt',
  'otp',
]);

/** Two words that do so together. */
const PAIRS = new Set(
  [
    'api key',
    'app key',
    'access key',
    'private key',
    'secret key',
    'signing key',
    'encryption key',
    'shared key',
    'preshared key',
    'account key',
    'master key',
    'ssh key',
    'auth key',
    'license key',
    'key material',
    'connection string',
    'conn string',
    'conn str',
    'database url',
    'db url',
    'redis url',
    'mongo url',
    'mongodb uri',
    'mongo uri',
    'database uri',
    'broker url',
    'webhook url',
    'admin pass',
    'db pass',
    'user pass',
    'root pass',
    'mysql pass',
    'postgres pass',
    'smtp pass',
  ].map((pair) => pair.replace(' ', '\u0000')),
);

const INSIDE = /passw(?:or)?d|passphrase|secret|apikey|privatekey|connectionstring|accesstoken|authtoken|credential/;

/** In a user's own map (STRIPE_KEY) a key is a secret, unless it is one of these. */
const KINDS_OF_KEY = new Set(
  'hash range sort partition primary foreign public object s3 cache index tag kms routing lookup group row'.split(' '),
);

/** Last words that say that the value is about a secret and not the secret. */
const ABOUT = new Set(
  (
    'arn arns enabled ttl length count days seconds minutes hours validity type version versions algorithm format status ' +
    'policy rotation required expiry expiration expires usage lifetime unit units date at endpoint schedule strategy ' +
    'window rules rule period management allowed optional reuse age'
  ).split(' '),
);

/** Further such words in the names that a provider chose; in a user's own map they may well name the secret itself. */
const ABOUT_ATTRIBUTE = new Set(
  'id ids name names prefix suffix url uri path region from hash_key manager namespace label kind mode'.split(' '),
);

const answered = new Map<string, boolean>();

/** Whether a map key or attribute of that name holds a secret. `free`: the user chose the name (an environment). */
export function isSecretName(name: string, free: boolean): boolean {
  const question = `${free ? 'f' : 'a'} ${name}`;
  let answer = answered.get(question);
  if (answer === undefined) {
    answer = judge(wordsOf(name), free);
    // The same names come again and again; keys of hostile maps must not fill the memory.
    if (answered.size < 20_000) answered.set(question, answer);
  }
  return answer;
}

function judge(words: readonly string[], free: boolean): boolean {
  const last = words.at(-1) ?? '';
  if (words.length > 1 && isAbout(last, free)) return false;
  if (words.some((word) => WORDS.has(word))) return true;
  if (words.some((word, i) => PAIRS.has(`${word}\u0000${words[i + 1] ?? ''}`))) return true;
  if (free && last === 'key' && words.length > 1 && !KINDS_OF_KEY.has(words.at(-2) ?? '')) return true;
  return INSIDE.test(words.join(''));
}

function isAbout(last: string, free: boolean): boolean {
  return ABOUT.has(last) || (free ? last === 'name' || last === 'region' : ABOUT_ATTRIBUTE.has(last));
}

/** db-password, DB_PASSWORD, dbPassword and db.password have the same words. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}
