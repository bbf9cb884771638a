/** Key of one instance: number for count, text for for_each, undefined where neither is used. */
export type InstanceKey = string | number | undefined;

/** One call of a module on the way from the root. */
export interface ModuleStep {
  readonly name: string;
  readonly key: InstanceKey;
}
export type ModulePath = readonly ModuleStep[];

/** `[0]`, `["a"]` or nothing, exactly as Terraform prints it. */
export function formatKey(key: InstanceKey): string {
  if (key === undefined) return '';
  return typeof key === 'number' ? `[${key}]` : `[${quoteHcl(key)}]`;
}

/** `module.net["a"].module.x`; empty for the root. */
export function formatModule(path: ModulePath): string {
  return path.map((step) => `module.${step.name}${formatKey(step.key)}`).join('.');
}

/** `module.net["a"].aws_subnet.main[0]`: the address of one instance in a module given by its own address. */
export function formatAddress(module: string, type: string, name: string, key: InstanceKey): string {
  return `${module === '' ? '' : `${module}.`}${type}.${name}${formatKey(key)}`;
}

const STEP = /\.?module\.([^.[\]"]+)(?:\[(?:(\d+)|("(?:[^"\\]|\\.)*"))\])?/y;

/** The inverse of formatModule. Undefined where the text is no module address. */
export function parseModule(address: string): ModulePath | undefined {
  const path: ModuleStep[] = [];
  STEP.lastIndex = 0;
  let at = 0;
  while (at < address.length) {
    STEP.lastIndex = at;
    const match = STEP.exec(address);
    if (match === null) return undefined;
    const [all, name = '', index, quoted] = match;
    const key = index !== undefined ? Number(index) : quoted === undefined ? undefined : unquoteHcl(quoted);
    path.push({ name, key });
    at += all.length;
  }
  return path;
}

const SHORT: { readonly [char: string]: string } = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '"': '\\"', '\\': '\\\\' };

/**
 * A quoted HCL string that means exactly this text. Source: hashicorp/terraform, internal/addrs/instance_key.go
 * (toHCLQuotedString): the template openers are doubled, control characters escaped.
 */
export function quoteHcl(text: string): string {
  const escaped = text
    .replace(/[\n\r\t"\\]/g, (char) => SHORT[char] as string)
    .replace(/([$%])(?=\{)/g, '$1$1')
    .replace(/\p{Cc}/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `"${escaped}"`;
}

/** The text that a quoted HCL string without interpolations means. */
export function unquoteHcl(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\(.)|([$%])\4(?=\{)/g, (all, four, eight, short, opener) => {
      if (opener !== undefined) return opener as string;
      if (short !== undefined) return UNESCAPED[short as string] ?? (short as string);
      const code = Number.parseInt((four ?? eight) as string, 16);
      return code > 0x10ffff ? (all as string) : String.fromCodePoint(code);
    });
}

const UNESCAPED: { readonly [letter: string]: string } = { n: '\n', r: '\r', t: '\t' };
