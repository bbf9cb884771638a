// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's templates look like this.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Value } from '../../src/model/value.ts';
import { UNKNOWN } from '../../src/model/value.ts';
import { evaluate } from '../../src/terraform/expression.ts';
import type { Scope } from '../../src/terraform/expression-scope.ts';
import { EMPTY_SCOPE } from '../../src/terraform/expression-scope.ts';

const known: { readonly [name: string]: Value } = {
  'local.m': { b: 2, a: 'x', c: [1, 'two'] },
  'local.l': ['b', 'a', 'c', 'a'],
  'var.region': 'eu-west-1',
  'var.nothing': null,
  'aws_vpc.main': { id: 'vpc-1', tags: { 'a.b': 'c' }, secret: UNKNOWN },
  'aws_vpc.many': [{ id: 'vpc-1' }, { id: 'vpc-2' }],
  'aws_vpc.each': { a: { id: 'vpc-1' } },
  'data.aws_region': { here: { name: 'eu-west-1' } },
};
const scope: Scope = { get: (root, name) => known[`${root}.${name}`] ?? (`${root}.${name}` in known ? null : UNKNOWN) };
const run = (text: string): Value => evaluate(text, scope);
/** One expression, alone between the marks of an interpolation. */
const value = (expression: string): Value => run(`\${${expression}}`);

// Each value here is what `terraform console` 1.11 gave for the expression.
const CONSOLE: readonly (readonly [expression: string, value: Value])[] = [
  ['1 + 2 * 3', 7],
  ['(1 + 2) * 3', 9],
  ['-5 % 3', -2],
  ['7 / 2', 3.5],
  ['"5" + 1', 6],
  ['"5" == 5', false],
  ['null == null', true],
  ['1 < 2 && 2 >= 2', true],
  ['!true || false', false],
  ['true ? 80 : "x"', '80'],
  ['true ? null : "a"', null],
  ['true ? {a = 1} : {a = "x"}', { a: '1' }],
  ['true ? [] : ["a"]', []],
  ['"a${1 + 1}b"', 'a2b'],
  ['"$${x} %%{y} \\"q\\" \\u00e9\\n"', '${x} %{y} "q" é\n'],
  ['local.m.c[1]', 'two'],
  ['local.m["b"]', 2],
  ['local.m.c.0', 1],
  ['[{a = 1}, {a = 2}][*].a', [1, 2]],
  ['[{a = {b = 1}}, {a = {b = 2}}].*.a.b', [1, 2]],
  ['{ "a-b" = 1, (local.l[0]) = 2, c : 3 }', { 'a-b': 1, b: 2, c: 3 }],
  ['[for x in local.l : upper(x) if x != "c"]', ['B', 'A', 'A']],
  ['[for k, v in local.m : k]', ['a', 'b', 'c']],
  ['[for i, v in ["a", "b"] : i]', [0, 1]],
  ['[for k, v in toset(local.l) : "${k}=${v}"]', ['a=a', 'b=b', 'c=c']],
  ['{for k, v in local.m : k => v}', { a: 'x', b: 2, c: [1, 'two'] }],
  ['{for x in local.l : x => x...}', { a: ['a', 'a'], b: ['b'], c: ['c'] }],
  ['merge({a = {x = 1}}, {a = {y = 2}}, null)', { a: { y: 2 } }],
  ['concat([1], ["a"])', [1, 'a']],
  ['toset(["b", "a", "b"])', ['a', 'b']],
  ['toset([2, 10, 1])', [1, 2, 10]],
  ['toset([1, "a"])', ['1', 'a']],
  ['tolist([1, "a"])', ['1', 'a']],
  ['tomap({a = 1, b = "x"})', { a: '1', b: 'x' }],
  ['join("-", [1, true])', '1-true'],
  ['split(",", "a,b,,c")', ['a', 'b', '', 'c']],
  ['split("", "abc")', ['a', 'b', 'c']],
  ['format("%s-%d-%v-%%", "x", 3, true)', 'x-3-true-%'],
  ['jsonencode({b = [1, "<a>&"], a = null, c = true})', '{"a":null,"b":[1,"\\u003ca\\u003e\\u0026"],"c":true}'],
  ['jsonencode(toset(["z", "a"]))', '["a","z"]'],
  ['jsondecode("{\\"a\\": [1, 2.5]}")', { a: [1, 2.5] }],
  ['replace("aaa", "a", "$&")', '$&$&$&'],
  ['lookup({a = 1}, "b", "else")', 'else'],
  ['element(["a", "b"], 3)', 'b'],
  ['contains(["a"], "a")', true],
  ['index(["a", "b"], "b")', 1],
  ['flatten([[1, [2]], 3])', [1, 2, 3]],
  ['distinct(["a", "b", "a"])', ['a', 'b']],
  ['compact(["a", "", null])', ['a']],
  ['sort(["b", "B", "a", "é"])', ['B', 'a', 'b', 'é']],
  ['reverse([1, 2])', [2, 1]],
  ['slice(["a", "b", "c"], 1, 2)', ['b']],
  ['range(5, 1)', [5, 4, 3, 2]],
  ['range(1, 10, 4)', [1, 5, 9]],
  ['zipmap(["a", "b"], [1, 2])', { a: 1, b: 2 }],
  ['keys({z = 1, a = 2})', ['a', 'z']],
  ['values({z = 1, a = 2})', [2, 1]],
  ['coalesce("", null, "x")', 'x'],
  ['one([])', null],
  ['length({a = 1})', 1],
  ['setunion(["a"], ["b", "a"])', ['a', 'b']],
  ['setintersection(["a", "b"], ["b"])', ['b']],
  ['setsubtract(["a", "b"], ["b"])', ['a']],
  ['alltrue([true, "true"])', true],
  ['tonumber("1.50")', 1.5],
  ['tobool("true")', true],
  ['max("3", 2)', 3],
  ['ceil(1.2) + floor(-1.2) + abs(-3)', 3],
  ['md5("x")', '9dd4e461268c8034f5c8564e155c67a6'],
  ['base64encode("hé")', 'aMOp'],
  ['base64decode("aMOp")', 'hé'],
  ['urlencode("a b&c/~*é\'()!")', 'a+b%26c%2F~%2A%C3%A9%27%28%29%21'],
  ['trim("?!hi!?", "!?")', 'hi'],
  ['chomp("a\\n\\n")', 'a'],
  ['substr("hello", -3, -1)', 'llo'],
  ['upper("ß")', 'ß'],
  ['indent(2, "a\\nb")', 'a\n  b'],
  ['cidrsubnet("10.0.0.0/16", 8, 3)', '10.0.3.0/24'],
  ['cidrhost("10.0.1.0/24", -1)', '10.0.1.255'],
  ['cidrnetmask("10.0.0.0/20")', '255.255.240.0'],
  ['cidrsubnets("10.1.0.0/16", 4, 4, 8, 4)', ['10.1.0.0/20', '10.1.16.0/20', '10.1.32.0/24', '10.1.48.0/20']],
];

describe('evaluate', () => {
  it.each(CONSOLE)('gives what Terraform gives for %s', (expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });

  it('keeps the type of a lone interpolation, and makes text where text stands beside it', () => {
    expect(run('${local.l[0] == "b"}')).toBe(true);
    expect(run('is ${true} and ${5}')).toBe('is true and 5');
  });

  it('resolves references to variables, resources, their instances and data sources', () => {
    expect(value('aws_vpc.main.id')).toBe('vpc-1');
    expect(value('aws_vpc.main.tags["a.b"]')).toBe('c');
    expect(value('aws_vpc.many[1].id')).toBe('vpc-2');
    expect(value('aws_vpc.many[*].id')).toEqual(['vpc-1', 'vpc-2']);
    expect(value('aws_vpc.each["a"].id')).toBe('vpc-1');
    expect(value('data.aws_region.here.name')).toBe('eu-west-1');
  });

  it('evaluates strings, keys and members wherever they stand', () => {
    expect(evaluate({ '${var.region}-a': ['${var.region}', { x: '${1 + 1}' }], plain: 1 }, scope)).toEqual({
      'eu-west-1-a': ['eu-west-1', { x: 2 }],
      plain: 1,
    });
  });

  it('leaves text without templates alone, whatever it holds', () => {
    for (const text of ['', '$', '$$', '{}', '%', '$ {x}', '"', '\\n', '$x {']) expect(run(text)).toBe(text);
    expect(run('$${keep} %%{ if } $$$${x}')).toBe('${keep} %{ if } $$${x}');
  });

  it('leaves the rest of a collection known where one member is not', () => {
    expect(evaluate(['${var.region}', '${var.missing}'], scope)).toEqual(['eu-west-1', UNKNOWN]);
    expect(value('merge({a = var.region}, {b = var.missing})')).toEqual({ a: 'eu-west-1', b: UNKNOWN });
  });

  it.each([
    'var.missing',
    'var.nothing.x',
    'local.m.zzz',
    'local.l[9]',
    'local.m[local.l]',
    'aws_vpc.main.secret',
    'each.key',
    'timestamp()',
    'uuid()',
    'file("x")',
    'nosuchfunction(1)',
    'var.missing == 1',
    '"a${var.missing}"',
    'upper(var.missing)',
    'jsonencode({a = var.missing})',
    'var.missing ? 1 : 1',
    'sensitive("x")',
    '[1] == [1]',
    '0.1 + 0.2',
    '1 / 3',
    '1 / 0',
    '9007199254740991 + 1',
    '12345678901234567890',
    'toset(["a"])[0]',
    '{a = 1}.b',
    'format("%5s", "a")',
    'replace("a", "/a/", "b")',
    'range(0, 5000)',
    'cidrsubnet("10.0.0.0/30", 8, 0)',
    'base64decode("!!!")',
    'jsondecode("{")',
    'try(local.m.zzz, "else")',
    'true ? var.missing : 1',
    '<<EOT\nx\nEOT\n',
    'a b',
    '1 +',
    '(1',
    'f(1',
    '[1',
    '{a = }',
  ])('does not guess %s', (expression) => {
    expect(value(expression)).toBe(UNKNOWN);
  });

  it.each(['%{ if true }x%{ endif }', 'a ${~ 1 ~} b', '${', '${}', 'x ${1', 'x ${local.m} y', 'x ${null}'])(
    'does not guess the template %s',
    (text) => {
      expect(run(text)).toBe(UNKNOWN);
    },
  );

  it('settles && and || by the side that is known', () => {
    expect(value('var.missing && false')).toBe(false);
    expect(value('true || var.missing')).toBe(true);
    expect(value('var.missing && true')).toBe(UNKNOWN);
  });

  it('takes the first known argument of try, and a known argument of can', () => {
    expect(value('try(local.m.b, "else")')).toBe(2);
    expect(value('can(local.m.b)')).toBe(true);
    expect(value('can(local.m.zzz)')).toBe(UNKNOWN);
  });

  it('reads comments and line breaks inside an expression', () => {
    expect(value('[\n  1, # one\n  2, // two\n  /* three */ 3,\n]')).toEqual([1, 2, 3]);
    expect(value('{\n  a = 1\n  b = {\n    c = 2\n  }\n}')).toEqual({ a: 1, b: { c: 2 } });
  });

  it('never throws, whatever the text', () => {
    const pieces = fc.constantFrom(
      '${',
      '}',
      '"',
      '[',
      ']',
      '(',
      ')',
      '{',
      'for ',
      ' in ',
      ':',
      '=>',
      '...',
      '.',
      '*',
      'var.x',
      'local.l',
      '1',
      '-',
      '?',
      '%{',
      '$${',
      '\\',
      '~',
      ' ',
      ',',
      'jsonencode(',
      'x',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 14 }).map((parts) => `\${${parts.join('')}}`),
    );
    fc.assert(
      fc.property(text, (any) => {
        expect(() => evaluate(any, scope)).not.toThrow();
      }),
      { numRuns: 1000 },
    );
  });

  it('gives any plain text back through a quoted literal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const literal = JSON.stringify(text).replace(/[$%](?=\{)/g, '$&$&');
        fc.pre(!/\\[bf/]/.test(literal));
        expect(value(literal)).toBe(text);
      }),
    );
  });

  it('neither overflows nor runs away on deep and wide input', () => {
    expect(value('('.repeat(50_000))).toBe(UNKNOWN);
    expect(value(`${'-'.repeat(50_000)}1`)).toBe(UNKNOWN);
    expect(value(`1${' + 1'.repeat(20_000)}`)).toBe(UNKNOWN);
    expect(value(`local.m${'.a'.repeat(20_000)}`)).toBe(UNKNOWN);
    expect(value(`"\${${'"${'.repeat(5_000)}`)).toBe(UNKNOWN);
    const doubling: Scope = {
      get: (_root, name) => (name === 'a0' ? 'x'.repeat(1000) : evaluate(twice(name), doubling)),
    };
    expect(evaluate('${local.a20}', doubling)).toBe(UNKNOWN);
  });

  it('has nothing in the empty scope', () => {
    expect(evaluate('${var.x}', EMPTY_SCOPE)).toBe(UNKNOWN);
  });
});

/** `a5` is `a4` twice: a template that would grow without end. */
function twice(name: string): string {
  const below = `local.a${Number(name.slice(1)) - 1}`;
  return `\${${below}}\${${below}}`;
}
