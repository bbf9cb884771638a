import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markdownBlock, markdownCode, markdownDiff, markdownText } from '../../src/report/template/markdown-text.ts';

describe('Markdown escaping', () => {
  it('turns every mark of Markdown, HTML, tables, mentions and bare links into text', () => {
    expect(markdownText('**b** _i_ `c` [l](u) ![i](u) <br> | # ~~s~~')).toBe(
      '\\*\\*b\\*\\* \\_i\\_ \\`c\\` \\[l\\](u) !\\[i\\](u) &lt;br&gt; &#124; \\# \\~\\~s\\~\\~',
    );
    expect(markdownText('@team https://x.test www.x.test &amp;')).toBe(
      '@<!-- -->team https:<!-- -->//x.test www.<!-- -->x.test &amp;amp;',
    );
  });

  it('breaks marks that only count at the start of a line, and leaves numbers as they are', () => {
    expect(['- a', '+ a', '1. a', '=== ', '2.1 s', '10.5'].map(markdownText)).toEqual([
      '\\- a',
      '\\+ a',
      '1\\. a',
      '\\=== ',
      '2.1 s',
      '10.5',
    ]);
  });

  it('writes plain text as a code span and anything that could end one as inert code', () => {
    expect(markdownCode('aws_x.y["a"]')).toBe('`aws_x.y["a"]`');
    expect(markdownCode('a`b|c')).toBe('<code>a&#96;b&#124;c</code>');
    expect(markdownCode(' x')).toBe('<code> x</code>');
  });

  it('gives code whose only marks are its own, whatever comes in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const code = markdownCode(text);
        if (code.startsWith('`')) expect(code.slice(1, -1)).toMatch(/^[^`|]+$/);
        else expect(code).toMatch(/^<code>[A-Za-z0-9 ]*(?:&#\d+;[A-Za-z0-9 ]*)*<\/code>$/);
      }),
    );
  });

  it('fences blocks so that no line inside can close them', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[ `~a]{0,12}$/), { minLength: 1 }), (texts) => {
        const block = markdownDiff(texts.map((text) => ({ sign: '+', text })));
        const [open = '', ...rest] = block.split('\n');
        const fence = open.replace('diff', '');
        expect(rest.at(-1)).toBe(fence);
        expect(rest.slice(0, -1).some((line) => line.includes(fence))).toBe(false);
      }),
    );
    expect(markdownBlock(["terraform plan -target='```'"])).toMatch(/^````sh\n/);
  });
});
