import { describe, expect, it } from 'vitest';
import { formatCheckpoint, openCheckpoint, parseCheckpoint } from '../../src/ledger/checkpoint.ts';
import { FormatError } from '../../src/ledger/format-error.ts';
import { EMPTY_ROOT } from '../../src/ledger/merkle.ts';
import { formatNote, formatVkey, parseNote, parseVkey, signNote, verifyNote } from '../../src/ledger/note.ts';
import { checkpointSigner, newCheckpointKey } from '../../src/ledger/signers/local.ts';

// The example of the Go package golang.org/x/mod/sumdb/note, from which the C2SP specification was written.
const VKEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const SIGNATURE =
  '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const NOTE = `${TEXT}\n${SIGNATURE}`;

describe('a signed note', () => {
  it('of another implementation is accepted, and written back byte for byte', () => {
    const note = parseNote(Buffer.from(NOTE));
    expect(note.text).toBe(TEXT);
    expect(verifyNote(note, [parseVkey(VKEY)]).map((key) => key.name)).toEqual(['PeterNeumann']);
    expect(Buffer.from(formatNote(note)).toString()).toBe(NOTE);
    expect(formatVkey('PeterNeumann', parseVkey(VKEY).publicKey)).toBe(VKEY);
  });

  it('with one letter altered is refused', () => {
    const altered = parseNote(Buffer.from(NOTE.replace('answer', 'Answer')));
    expect(() => verifyNote(altered, [parseVkey(VKEY)])).toThrow(/does not hold/);
  });

  it('is accepted beside signatures of unknown keys, and refused with no known one', () => {
    const other = '\u2014 witness.example AAAAAAEC\n';
    const note = parseNote(Buffer.from(`${NOTE}${other}`));
    expect(note.signatures).toHaveLength(2);
    expect(verifyNote(note, [parseVkey(VKEY)])).toHaveLength(1);
    expect(() => verifyNote(note, [])).toThrow(/no known key/);
  });

  it('takes at least sixteen signatures', () => {
    const lines = Array.from({ length: 16 }, (_, at) => `\u2014 witness${at} AAAAAAEC\n`).join('');
    expect(parseNote(Buffer.from(`${TEXT}\n${lines}`)).signatures).toHaveLength(16);
  });

  it.each([
    ['no signature block', TEXT],
    ['no newline at the end', NOTE.slice(0, -1)],
    ['a tab', NOTE.replace('If', 'I\tf')],
    ['a carriage return', NOTE.replaceAll('\n', '\r\n')],
    ['a hyphen for the dash', NOTE.replace('\u2014', '-')],
    ['a second space', NOTE.replace('PeterNeumann x08', 'PeterNeumann  x08')],
    ['a plus in a name', NOTE.replace('PeterNeumann x08', 'Peter+Neumann x08')],
    ['a signature too short to be one', `${TEXT}\n\u2014 a AAAAAA==\n`],
    ['an empty signature block', `${TEXT}\n\n`],
  ])('with %s is malformed', (_what, text) => {
    expect(() => parseNote(Buffer.from(text))).toThrow(FormatError);
  });

  it('that is not UTF-8 is malformed', () => {
    expect(() => parseNote(Buffer.concat([Buffer.of(0xff), Buffer.from(NOTE)]))).toThrow(FormatError);
  });

  it.each([
    ['another key id', VKEY.replace('c74f20a3', 'c74f20a4')],
    ['another key', VKEY.replace('ARpc', 'ARpd')],
    ['another name', VKEY.replace('Peter', 'Pater')],
    ['another algorithm', VKEY.replace('ARpc', 'Ahpc')],
    ['no key', 'PeterNeumann+c74f20a3+'],
  ])('key with %s is refused', (_what, vkey) => {
    expect(() => parseVkey(vkey)).toThrow(FormatError);
  });
});

describe('a checkpoint', () => {
  const checkpoint = { origin: 'ledger.example/acme', size: 7, root: EMPTY_ROOT };
  const signer = checkpointSigner(newCheckpointKey(), checkpoint.origin);
  const keys = [parseVkey(signer.vkey)];

  it('reads back what was signed', async () => {
    const note = await signNote(formatCheckpoint(checkpoint), signer);
    expect(openCheckpoint(note, keys)).toMatchObject({ origin: checkpoint.origin, size: 7 });
  });

  it('signed by the key of another log is refused', async () => {
    const other = { ...checkpoint, origin: 'ledger.example/other' };
    const note = await signNote(formatCheckpoint(other), signer);
    expect(() => openCheckpoint(note, keys)).toThrow(/origin/);
  });

  it.each([
    ['a leading zero', 'o\n07\nX\n'],
    ['a sign', 'o\n+7\nX\n'],
    ['an extension line', 'o\n7\nX\nmore\n'],
    ['a size beyond exact integers', 'o\n9007199254740993\nX\n'],
    ['a line missing', 'o\n7\n'],
    ['an empty origin', '\n7\nX\n'],
  ])('with %s is malformed', (_what, text) => {
    expect(() => parseCheckpoint(text.replace('X', Buffer.from(EMPTY_ROOT).toString('base64')))).toThrow(FormatError);
  });

  it('with a root of another length is malformed', () => {
    expect(() => parseCheckpoint('o\n7\nAAAA\n')).toThrow(/32 bytes/);
  });
});
