/** What XML 1.0 forbids even as a reference (section 2.2, Char); all but the noncharacters are escapes by then. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const MARKS: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // As they are they would come back as spaces from an attribute (XML 1.0 section 3.3.3).
  '\n': '&#10;',
  '\t': '&#9;',
  '\r': '&#13;',
};

/** One XML element as text, indented by its depth. Children are elements or one text. */
export interface Element {
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly children: readonly Element[] | string;
}

export function element(
  name: string,
  attributes: { readonly [name: string]: string },
  children: readonly Element[] | string = [],
): Element {
  return { name, attributes: Object.entries(attributes), children };
}

/** A document of XML 1.0 in UTF-8. */
export function xmlDocument(root: Element): string {
  const lines: string[] = ['<?xml version="1.0" encoding="UTF-8"?>'];
  write(root, '', lines);
  return `${lines.join('\n')}\n`;
}

function write({ name, attributes, children }: Element, indent: string, lines: string[]): void {
  const head = `${indent}<${name}${attributes.map(([key, value]) => ` ${key}="${attributeText(value)}"`).join('')}`;
  if (children.length === 0) lines.push(`${head}/>`);
  else if (typeof children === 'string') lines.push(`${head}>${contentText(children)}</${name}>`);
  else {
    lines.push(`${head}>`);
    for (const child of children) write(child, `${indent}  `, lines);
    lines.push(`${indent}</${name}>`);
  }
}

function attributeText(text: string): string {
  return legal(text).replace(/[&<>"'\n\t\r]/g, (mark) => MARKS[mark] as string);
}

function contentText(text: string): string {
  return legal(text).replace(/[&<>\r]/g, (mark) => MARKS[mark] as string);
}

function legal(text: string): string {
  return text.replace(FORBIDDEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
