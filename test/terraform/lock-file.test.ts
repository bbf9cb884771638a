import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DriftbomError } from '../../src/model/error.ts';
import { parseLockFile } from '../../src/terraform/lock-file.ts';

const LOCK = `# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.

provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.100.0"
  constraints = "~> 5.0"
  hashes = [
    "h1:abc=",
    "zh:0011",
  ]
}

provider "registry.terraform.io/hashicorp/random" {
  version = "3.6.0"
  hashes  = ["h1:def="]
}
`;

describe('parseLockFile', () => {
  it('gives version and hashes of each provider', () => {
    const lock = parseLockFile(LOCK, '.terraform.lock.hcl');
    expect(lock.get('registry.terraform.io/hashicorp/aws')).toEqual({
      version: '5.100.0',
      hashes: ['h1:abc=', 'zh:0011'],
    });
    expect(lock.get('registry.terraform.io/hashicorp/random')?.version).toBe('3.6.0');
    expect(lock.size).toBe(2);
  });

  it('takes an empty file, and a provider without hashes', () => {
    expect(parseLockFile('# nothing\n', 'l').size).toBe(0);
    expect(parseLockFile('provider "a/b/c" {\n version = "1.0.0"\n}', 'l').get('a/b/c')?.hashes).toEqual([]);
  });

  it('names file, line and column of a fault', () => {
    expect(() => parseLockFile('provider "a/b/c" {\n  version = 5\n}', 'l.hcl')).toThrow(/^l\.hcl:2:13: /);
    expect(() => parseLockFile('provider "a/b/c" {\n}', 'l.hcl')).toThrow(/version/);
  });

  it('answers any damage with one clear error or a reading', () => {
    fc.assert(
      fc.property(fc.nat(LOCK.length), fc.string({ maxLength: 2 }), (at, text) => {
        try {
          parseLockFile(LOCK.slice(0, at) + text, 'l');
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(DriftbomError);
        }
      }),
    );
  });
});
