import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeDiagnostic, errorText } from '../../../src/terraform/plugin/diagnostic-message.ts';
import { parseHandshake } from '../../../src/terraform/plugin/handshake.ts';
import { decodeSchemaAnswer } from '../../../src/terraform/plugin/schema-message.ts';
import { stateJson } from '../../../src/terraform/plugin/state-json.ts';
import { Message } from '../../../src/terraform/plugin/wire.ts';

describe('the handshake line', () => {
  it('says where the provider serves', () => {
    expect(parseHandshake('1|5|unix|/tmp/p/plugin123|grpc|')).toEqual({ protocol: 5, target: 'unix:/tmp/p/plugin123' });
    expect(parseHandshake('1|6|tcp|127.0.0.1:1234|grpc\r')).toEqual({ protocol: 6, target: '127.0.0.1:1234' });
  });

  it.each([
    ['hello', 'no plugin handshake'],
    ['', 'no plugin handshake'],
    ['2|5|unix|x|grpc|', 'version "2" of the plugin handshake'],
    ['1|4|unix|x|netrpc|', 'version "4" of the provider protocol'],
    ['1|5|unix|x|netrpc|', 'does not speak gRPC'],
    ['1|5|pipe|x|grpc|', 'unknown kind of network'],
  ])('is refused in words where it is %j', (line, words) => {
    expect(parseHandshake(line)).toContain(words);
  });
});

describe('diagnostics', () => {
  it('carry severity, words and the attribute', () => {
    const step = (message: Message): Message => new Message().message(1, message);
    const path = new Message()
      .message(1, new Message().text(1, 'tags'))
      .message(1, new Message().text(2, 'team.name'))
      .message(1, new Message().int(3, 2));
    const bytes = new Message().int(1, 1).text(2, 'bad').text(3, 'very').message(4, path).finish();
    expect(decodeDiagnostic(bytes)).toEqual({
      severity: 'error',
      summary: 'bad',
      detail: 'very',
      path: 'tags["team.name"][2]',
    });
    expect(decodeDiagnostic(new Message().int(1, 2).text(2, 'soft').finish())).toMatchObject({ severity: 'warning' });
    expect(decodeDiagnostic(step(new Message()).finish()).severity).toBe('error');
  });

  it('become one line of bounded length, without warnings and control characters', () => {
    const one = { severity: 'error', summary: 'reading\u001b[31m', detail: 'a\n\n  b', path: undefined } as const;
    expect(errorText([one, { ...one, severity: 'warning', summary: 'soft' }])).toBe('reading [31m: a b');
    expect(errorText([{ ...one, detail: 'x'.repeat(5000) }]).length).toBe(600);
  });
});

describe('state as JSON', () => {
  it('writes numbers that no double holds as numbers where the type says so', () => {
    const type = ['object', { big: 'number', list: ['list', 'number'], text: 'string' }] as const;
    const value = { big: '9007199254740993', list: ['1e30', 2], text: '9007199254740993', more: '7' };
    expect(stateJson(value, type)).toBe(
      '{"big":9007199254740993,"list":[1e+30,2],"text":"9007199254740993","more":"7"}',
    );
  });

  it('is plain JSON where no type is known', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(stateJson(value as never, undefined))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('a schema answer', () => {
  it('is decoded or refused, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          decodeSchemaAnswer(bytes, new Set(['a']), 6);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(Error);
        }
      }),
    );
  });

  it('passes over fields that a later protocol may add', () => {
    const attribute = new Message().text(1, 'id').bytes(2, Buffer.from('"string"')).text(99, 'new');
    const schema = new Message().int(1, 4).message(2, new Message().message(2, attribute).text(77, 'new'));
    const entry = new Message().text(1, 'a').message(2, schema);
    const bytes = new Message().message(2, entry).text(55, 'new').finish();
    expect(decodeSchemaAnswer(bytes, new Set(['a']), 5).resources.get('a')).toEqual({
      version: 4,
      block: { attributes: { id: { type: 'string' } }, blocks: {} },
    });
  });
});
