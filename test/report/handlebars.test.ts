import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DriftbomError } from '../../src/model/error.ts';
import { render } from '../../src/report/template/handlebars.ts';
import { PACKAGE_ROOT } from '../support/rendered.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftbom-templates-'));
  mkdirSync(join(folder, 'templates', 'partials'), { recursive: true });
  mkdirSync(join(folder, 'templates', 'a'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): void {
  writeFileSync(join(folder, 'templates', name), text);
}

function page(text: string, view: object, format: 'html' | 'markdown' = 'html'): string {
  write(`a/page.${format === 'html' ? 'html' : 'md'}.hbs`, text);
  return render({ packageRoot: folder }, 'a/page', format, view);
}

function errorOf(work: () => unknown): DriftbomError {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof DriftbomError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}

describe('templates', () => {
  it('escape for HTML and, without being asked, for Markdown', () => {
    expect(page('<p>{{x}}</p>', { x: '<b>&"' })).toBe('<p>&lt;b&gt;&amp;&quot;</p>');
    expect(page('{{x}} {{#each list}}{{this}}{{/each}}', { x: '*a*', list: ['_b_'] }, 'markdown')).toBe(
      '\\*a\\* \\_b\\_',
    );
  });

  it('place a value that is called like a function, where nothing is given to it', () => {
    const view = { rows: [{ text: '*a*', code: 'b' }] };
    expect(page('{{#each rows}}{{text}} {{code}} {{code text}}{{/each}}', view, 'markdown')).toBe('\\*a\\* b `*a*`');
  });

  it('escape what partials place, and take partials of their own format', () => {
    write('partials/one.html.hbs', '<i>{{x}}</i>');
    write('partials/one.md.hbs', '({{x}})');
    expect(page('{{> one}}', { x: '<' })).toBe('<i>&lt;</i>');
    expect(page('{{> one}}', { x: '<' }, 'markdown')).toBe('(&lt;)');
  });

  it('do not evaluate braces in values', () => {
    expect(page('{{x}}', { x: '{{y}}', y: 'no' })).toBe('{{y}}');
  });

  for (const [what, text, line] of [
    ['a value that the view does not hold', 'one\n{{nothing}}', 2],
    ['a misspelt condition', '\n\n{{#if nothing}}x{{/if}}', 3],
    ['a misspelt list', '{{#each nothing}}x{{/each}}', 1],
    ['raw output', 'a\nb\n{{{x}}}', 3],
    ['raw output by ampersand', '{{&x}}', 1],
    ['a function that is not there', '{{x 1}}', 1],
    ['logging', '{{log x}}', undefined],
    ['a way into prototypes', '{{lookup x "constructor"}}', undefined],
    ['a decorator', '{{* inline}}', 1],
    ['a syntax error', 'a\n{{#if x}}', 2],
  ] as const) {
    it(`refuse ${what}, naming the file${line === undefined ? '' : ' and the line'}`, () => {
      for (const format of ['html', 'markdown'] as const) {
        const error = errorOf(() => page(text, { x: '1' }, format));
        expect(error.code).toBe('E_TEMPLATE');
        expect(error.message).toContain(
          `templates/a/page.${format === 'html' ? 'html' : 'md'}.hbs${line === undefined ? '' : `:${line}`}`,
        );
      }
    });
  }

  it('refuse an object where a text belongs', () => {
    const error = errorOf(() => page('a\n{{x}}', { x: { y: 1 } }, 'markdown'));
    expect([error.code, error.message]).toEqual(['E_TEMPLATE', expect.stringContaining('page.md.hbs:2: that value')]);
  });

  it('reach no prototype', () => {
    expect(errorOf(() => page('{{x.constructor.name}}', { x: {} })).code).toBe('E_TEMPLATE');
    expect(page('{{toString}}', {}).includes('function')).toBe(false);
  });

  it('name the partial where the fault lies', () => {
    write('partials/broken.html.hbs', 'x\n{{nothing}}');
    expect(errorOf(() => page('{{> broken}}', {})).message).toMatch(/^templates\/partials\/broken\.html\.hbs:2: /);
  });

  it('let the folder of the user win file by file', () => {
    const own = join(folder, 'own');
    mkdirSync(join(own, 'partials'), { recursive: true });
    writeFileSync(join(own, 'partials', 'one.html.hbs'), 'own {{x}}');
    write('partials/one.html.hbs', 'ours');
    write('partials/two.html.hbs', 'two');
    write('a/page.html.hbs', '{{> one}}, {{> two}}');
    expect(render({ packageRoot: folder, templateDir: own }, 'a/page', 'html', { x: 1 })).toBe('own 1, two');
  });

  it('say so where the folder of the user, or a template, is not there', () => {
    expect(
      errorOf(() => render({ packageRoot: folder, templateDir: join(folder, 'gone') }, 'a/page', 'html', {})).message,
    ).toContain('does not exist');
    expect(errorOf(() => render({ packageRoot: folder }, 'a/gone', 'html', {})).message).toContain(
      'templates/a/gone.html.hbs',
    );
  });
});

describe('the templates that come with driftbom', () => {
  it('are found from the package folder', () => {
    expect(errorOf(() => render({ packageRoot: PACKAGE_ROOT }, 'scan/report', 'html', {})).message).toMatch(
      /^templates\//,
    );
  });
});
