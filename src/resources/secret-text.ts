/** Forms that give a secret away wherever they stand. Sources: the issuers' own documentation of their formats. */
const FORMS: readonly RegExp[] = [
  /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/,
  /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/,
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"']{0,100}:[^\s/@"']{1,200}@/i,
  /\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}|\bglpat-[A-Za-z0-9_-]{16,}/,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}|hooks\.slack\.com\/services\/\w+/,
  /\b(?:sk|rk)_live_[A-Za-z0-9]{10,}|\bAIza[A-Za-z0-9_-]{30,}|\bSG\.[\w-]{16,}\.[\w-]{16,}|\bnpm_[A-Za-z0-9]{30,}/,
  /\b(?:AccountKey|SharedAccessKey|Password|Pwd)=[^;\s"']{3,}/i,
  /\b(?:password|passwd|passphrase|secret|secret[_-]?key|api[_-]?key|auth[_-]?token|access[_-]?token|private[_-]?key)\b["']?\s{0,4}[:=]\s{0,4}["']?[^\s"',;{}$<]{3,}/i,
  /(?:PASSWORD|PASSWD|SECRET|API_?KEY|TOKEN)[A-Z0-9_]{0,40}\s{0,4}=\s*["']?[^\s"',;$<]{3,}/,
  /\bBearer\s+[A-Za-z0-9._~+/-]{12,}/,
];

const KEY_ID = /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/;
const KEY_SECRET = /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/;
const BASE64 = /^[A-Za-z0-9+/\s]{24,}={0,2}\s*$/;

/** Longer texts are searched in their first part only: no secret needs more, and a scan must not hang on one value. */
const LONGEST = 200_000;

/** Whether a text gives a secret away by its form: a private key, a token, a URL with a password, key=value. */
export function isSecretText(text: string): boolean {
  if (text.length < 8) return false;
  const head = text.slice(0, LONGEST);
  return betrays(head) || (BASE64.test(head) && betrays(decoded(head)));
}

function betrays(text: string): boolean {
  if (FORMS.some((form) => form.test(text))) return true;
  return KEY_ID.test(text) && KEY_SECRET.test(text);
}

/** Text that travels as base64 (user data); bytes that are no text give nothing away here. */
function decoded(text: string): string {
  const plain = Buffer.from(text, 'base64').toString('utf8');
  return plain.includes('\ufffd') ? '' : plain;
}
