import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { literal } from '../../src/infra/policy.ts';

/** How Terraform reads a template that holds no interpolation (Terraform language, "Strings and Templates"). */
function terraformReads(template: string): string {
  return template.replace(/\$\$\{|%%\{/g, (signs) => signs.slice(1));
}

describe('literal', () => {
  it('doubles the signs that open a template', () => {
    expect(literal(`echo \${HOME} %{x} $HOME 100% {}`)).toBe(`echo $\${HOME} %%{x} $HOME 100% {}`);
  });

  it('leaves no template behind, and Terraform reads the text as it was', () => {
    const shellish = fc.array(fc.constantFrom('${', '%{', '}', 'a', ' ', '"', '{'), { maxLength: 30 });
    fc.assert(
      fc.property(shellish, (parts) => {
        const text = parts.join('');
        expect(literal(text)).not.toMatch(/(^|[^$])\$\{|(^|[^%])%\{/);
        expect(terraformReads(literal(text))).toBe(text);
      }),
    );
  });
});
