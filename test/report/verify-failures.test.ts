import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { Failures } from '../../src/ledger/verify/diagnostics.ts';
import { type FailureFacts, failureLines } from '../../src/report/verify-failures.ts';

function told(failures: Failures): string[] {
  const facts: FailureFacts = { failures: failures.sorted(), failureCounts: failures.counts };
  return failureLines(facts, pc.createColors(false), 100);
}

describe('what a verification found wrong', () => {
  it('is told with its entry where it is wrong once', () => {
    const failures = new Failures();
    failures.add('payload-wrong', 7, 'the payload is not what its leaf names');
    failures.add('head-missing', undefined, 'there is no checkpoint');
    expect(told(failures)).toEqual([
      '✗ payload-wrong in entry 7',
      '    the payload is not what its leaf names',
      '✗ head-missing',
      '    there is no checkpoint',
    ]);
  });

  it('is one line with a count and the first few, where ten thousand entries have the same fault', () => {
    const failures = new Failures();
    for (let i = 0; i < 10_000; i++) {
      const key = i.toString(16).padStart(16, 'a');
      failures.add('signature-wrong', i, `the signature of key ${key} does not fit, at byte ${i}`);
    }
    expect(told(failures)).toEqual([
      '✗ signature-wrong, 10,000 times: entries 0, 1, 2 and 9,997 more',
      '    entry 0: the signature of key aaaaaaaaaaaaaaa0 does not fit, at byte 0',
    ]);
  });

  it('hides no other fault behind many of one kind', () => {
    const failures = new Failures();
    for (let i = 0; i < 5000; i++) failures.add('payload-wrong', i, 'the payload is not what its leaf names');
    failures.add('forked', undefined, 'the kept checkpoint signs another history');
    expect(failures.count).toBe(5001);
    expect(told(failures).slice(2)).toEqual(['✗ forked', '    the kept checkpoint signs another history']);
  });

  it('keeps messages of one code apart, the first three of them', () => {
    const failures = new Failures();
    for (const [i, word] of ['left', 'right', 'above', 'below'].entries()) {
      failures.add('tile-wrong', undefined, `tile 0/${i} differs ${word}`);
    }
    expect(told(failures)).toEqual([
      '✗ tile-wrong, 4 times',
      '    tile 0/0 differs left',
      '    tile 0/1 differs right',
      '    tile 0/2 differs above',
      '    … and 1 more (all with --json)',
    ]);
  });

  it('counts entries, not faults, where one entry has several', () => {
    const failures = new Failures();
    failures.add('document-wrong', 4, 'the document before has another digest');
    failures.add('document-wrong', 4, 'the document after has another digest');
    expect(told(failures)[0]).toBe('✗ document-wrong, 2 times: entry 4');
  });

  it('lets nothing through that moves a cursor', () => {
    const failures = new Failures();
    failures.add('payload-malformed', 1, 'text \u001b[2J');
    expect(told(failures).join('')).not.toContain('\u001b');
  });
});
