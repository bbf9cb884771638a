import { describe, expect, it } from 'vitest';
import { slack } from '../../../src/report/formats/slack.ts';
import { sheetOfScan } from '../../../src/report/formats/sheet-of-scan.ts';
import { SCANS } from '../../support/scan-samples.ts';
import { allSheets, bigSheet } from '../../support/sheets.ts';

interface Message {
  readonly text: string;
  readonly blocks: readonly {
    readonly type: string;
    readonly text?: { readonly type: string; readonly text: string };
    readonly elements?: readonly { readonly elements?: readonly { readonly type: string; readonly text: string }[] }[];
  }[];
}

const messageOf = (text: string): Message => JSON.parse(text) as Message;
const textsOf = ({ blocks }: Message): string[] =>
  blocks.flatMap(({ elements = [] }) => elements.flatMap(({ elements: inner = [] }) => inner.map(({ text }) => text)));

describe('a Slack message', () => {
  it('keeps within the limits of Block Kit, for every scan and every report', async () => {
    const sheets = [...allSheets(), { name: 'big', sheet: bigSheet(900, 700) }];
    for (const { name, sheet } of sheets) {
      const message = messageOf(slack(sheet));
      expect(message.blocks.length, name).toBeLessThanOrEqual(50);
      expect(JSON.stringify(message.blocks).length, name).toBeLessThanOrEqual(13_000);
      for (const { type, text } of message.blocks) {
        if (type === 'header') expect([...(text?.text ?? '')].length, name).toBeLessThanOrEqual(150);
      }
    }
  });

  it('says how many drifts and gaps it does not show, and shows some of both', () => {
    const message = messageOf(slack(bigSheet(900, 700)));
    const texts = textsOf(message);
    expect(message.text).toBe('driftbom scan: 900 open drifts, 0 waived, 700 gaps');
    for (const [title, all, what] of [
      ['changed: ', 900, 'more open drifts'],
      ['not compared: ', 700, 'more gaps'],
    ] as const) {
      const shown = texts.filter((text) => text.startsWith(title)).length;
      expect(shown).toBeGreaterThan(3);
      expect(texts).toContain(`${all - shown} ${what}, not shown here.`);
    }
  });

  it('shows the worst drifts first', () => {
    const first = textsOf(messageOf(slack(bigSheet(900, 0))))[1];
    expect(first).toContain('aws_sqs_queue.q[6]');
  });

  it('holds foreign text in literal elements alone, and none in the fallback', () => {
    const message = messageOf(slack(sheetOfScan(SCANS.hostile)));
    expect(JSON.stringify(message)).not.toContain('mrkdwn');
    expect(message.text).toMatch(/^driftbom scan: [\w ,]+$/);
    const inner = message.blocks.flatMap(({ elements = [] }) => elements.flatMap((one) => one.elements ?? []));
    expect(inner.every(({ type }) => type === 'text')).toBe(true);
    expect(textsOf(message).join('\n')).toContain('@everyone');
  });
});
