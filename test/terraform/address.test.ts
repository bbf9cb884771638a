// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's templates look like this.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatAddress,
  formatKey,
  formatModule,
  parseModule,
  quoteHcl,
  unquoteHcl,
} from '../../src/terraform/address.ts';
import { formatProvider, parseProvider, providerKey, providerSource } from '../../src/terraform/provider-address.ts';

const AWS = 'registry.terraform.io/hashicorp/aws';

describe('addresses', () => {
  it('are written as Terraform prints them', () => {
    expect(formatAddress('', 'aws_instance', 'web', undefined)).toBe('aws_instance.web');
    expect(formatAddress('module.net["a"]', 'aws_subnet', 'main', 0)).toBe('module.net["a"].aws_subnet.main[0]');
    expect(formatKey('a "b" \\ ${c} %{d}\n\t')).toBe('["a \\"b\\" \\\\ $${c} %%{d}\\n\\t"]');
  });

  it('give back any text that they quote', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(unquoteHcl(quoteHcl(text))).toBe(text);
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.constantFrom('$', '%', '{', '"', '\\', 'a')), (chars) => {
        expect(unquoteHcl(quoteHcl(chars.join('')))).toBe(chars.join(''));
      }),
    );
  });

  it('give back any module path', () => {
    const key = fc.oneof(fc.constant(undefined), fc.nat(), fc.string());
    const step = fc.record({ name: fc.stringMatching(/^[a-z_][a-z0-9_-]*$/), key });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 4 }), (path) => {
        expect(parseModule(formatModule(path))).toEqual(path);
      }),
    );
  });

  it('refuse what is no module path', () => {
    for (const text of ['net', 'module.', 'module.a[', 'module.a["x]', 'module.a.b'])
      expect(parseModule(text)).toBeUndefined();
  });
});

describe('provider addresses', () => {
  it('are read as states of any version write them', () => {
    expect(parseProvider(`provider["${AWS}"]`)).toEqual({ module: [], source: AWS, alias: undefined });
    expect(parseProvider(`module.x.module.y.provider["${AWS}"].east`)).toEqual({
      module: [
        { name: 'x', key: undefined },
        { name: 'y', key: undefined },
      ],
      source: AWS,
      alias: 'east',
    });
    expect(parseProvider('provider.aws.east')).toEqual({ module: [], source: AWS, alias: 'east' });
    expect(parseProvider('provider["registry.terraform.io/-/aws"]')?.source).toBe(AWS);
    expect(parseProvider(`provider["${AWS}"].by_region["eu-west-1"]`)?.alias).toBe('by_region["eu-west-1"]');
  });

  it('are written back as they were', () => {
    for (const text of [`provider["${AWS}"]`, `module.x.provider["${AWS}"].east`]) {
      const address = parseProvider(text);
      expect(address && formatProvider(address)).toBe(text);
    }
  });

  it('refuse what is no provider address', () => {
    for (const text of ['', 'aws', 'provider[aws]', 'provider["a/b/c/d"]', 'module.provider["x"]']) {
      expect(parseProvider(text)).toBeUndefined();
    }
  });

  it('complete a source by namespace and host', () => {
    expect(providerSource('aws', 'registry.terraform.io')).toBe(AWS);
    expect(providerSource('hashicorp/aws', 'registry.opentofu.org')).toBe('registry.opentofu.org/hashicorp/aws');
    expect(providerSource('Example.com/acme/widget', 'registry.terraform.io')).toBe('example.com/acme/widget');
    expect(providerSource('terraform', 'registry.terraform.io')).toBe('terraform.io/builtin/terraform');
    expect(providerSource('a//b', 'registry.terraform.io')).toBeUndefined();
  });

  it('make keys that differ by workspace, module, source and alias', () => {
    const texts = [
      `provider["${AWS}"]`,
      `provider["${AWS}"].east`,
      `module.m.provider["${AWS}"]`,
      'provider["a.b/c/d"]',
    ];
    const keys = ['one', 'two'].flatMap((workspace) =>
      texts.map((text) => {
        const address = parseProvider(text);
        return address && providerKey(workspace, address);
      }),
    );
    expect(new Set(keys).size).toBe(8);
  });
});
