import { describe, expect, it } from 'vitest';
import { type ScanInput, workspaceKeys } from '../../src/model/scan.ts';

const state = (workspace: string, lineage?: string): ScanInput => ({
  kind: 'state',
  name: 'terraform.tfstate',
  sha256: 'a'.repeat(64),
  workspace,
  ...(lineage === undefined ? {} : { lineage }),
});

describe('the key of a workspace', () => {
  it('is its lineage', () => expect(workspaceKeys([state('.', 'one')])('.')).toBe('lineage:one'));

  it('is its name where no state says a lineage', () => {
    expect(workspaceKeys([state('.'), state('.', '')])('.')).toBe('name:.');
    expect(workspaceKeys([])('lineage:x')).toBe('name:lineage:x');
  });

  it('is its name where two states of it disagree', () => {
    expect(workspaceKeys([state('.', 'one'), state('.', 'two')])('.')).toBe('name:.');
  });

  it('is its name where a copy of the state stands beside it', () => {
    const keyOf = workspaceKeys([state('a', 'one'), state('b', 'one'), state('c', 'two')]);
    expect(['a', 'b', 'c'].map(keyOf)).toEqual(['name:a', 'name:b', 'lineage:two']);
  });
});
