/**
 * Terraform numbers have 512 bits of precision and travel as JSON numbers, as msgpack numbers or as decimal strings.
 * A number that fits a double is a number here, any other a decimal string (see model/value.ts).
 */

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/;

/** Reads decimal text. Undefined where it is no number; the text in canonical form where a double would change it. */
export function numberOfText(text: string): number | string | undefined {
  const exact = canonicalDecimal(text);
  if (exact === undefined) return undefined;
  const near = Number(text);
  return Number.isFinite(near) && textOfNumber(near) === exact ? near + 0 : exact;
}

/** A number as Terraform prints it when it becomes a string: all digits, never an exponent. */
export function textOfNumber(number: number): string {
  return canonicalDecimal(String(number)) ?? String(number);
}

/** All digits, no exponent, no leading or trailing zeros, no negative zero. Undefined where the text is no decimal. */
function canonicalDecimal(text: string): string | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const fraction = match[3] ?? '';
  const digits = (match[2] as string) + fraction;
  const point = (match[2] as string).length + Number(match[4] ?? 0);
  const whole =
    digits
      .slice(0, Math.max(point, 0))
      .padEnd(point, '0')
      .replace(/^0+(?=\d)/, '') || '0';
  const rest = ('0'.repeat(Math.max(-point, 0)) + digits.slice(Math.max(point, 0))).replace(/0+$/, '');
  const plain = rest === '' ? whole : `${whole}.${rest}`;
  return match[1] === '-' && plain !== '0' ? `-${plain}` : plain;
}
