import type { Json } from './shape.ts';

/**
 * XML as CloudTrail writes it: elements by name, equal neighbours as a list, one alone as itself, `xmlns` kept, true and
 * false as booleans. Enough for the bodies that AWS clients send; no entities but the five of XML.
 */
export function parseXml(text: string): { [name: string]: Json } {
  const source = text.replace(/<\?[^>]*\?>/g, '').replace(/<!--[\s\S]*?-->/g, '');
  const tokens = source.match(/<[^>]+>|[^<]+/g) ?? [];
  let at = 0;
  function children(): { [name: string]: Json } | string {
    const found: { [name: string]: Json } = {};
    let words = '';
    for (; at < tokens.length; at++) {
      const token = tokens[at] as string;
      if (!token.startsWith('<')) words += token;
      else if (token.startsWith('</')) break;
      else {
        const [, name = '', attributes = '', empty = ''] = /^<([^\s/>]+)([^>]*?)(\/?)>$/.exec(token) ?? [];
        add(found, name, element(attributes, empty === '/'));
      }
    }
    return Object.keys(found).length > 0 ? found : unescaped(words.trim());
  }
  function element(attributes: string, empty: boolean): Json {
    const xmlns = /xmlns="([^"]*)"/.exec(attributes)?.[1];
    if (!empty) at++;
    const inside = empty ? '' : children();
    if (typeof inside === 'string') {
      if (xmlns !== undefined) return { xmlns };
      return inside === 'true' || inside === 'false' ? inside === 'true' : inside;
    }
    return xmlns === undefined ? inside : { xmlns, ...inside };
  }
  const root = children();
  return typeof root === 'string' ? {} : root;
}

function add(found: { [name: string]: Json }, name: string, value: Json): void {
  const before = found[name];
  if (before === undefined) found[name] = value;
  else if (Array.isArray(before)) before.push(value);
  else found[name] = [before, value];
}

function unescaped(text: string): string {
  return text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replace(/&amp;/g, '&');
}
