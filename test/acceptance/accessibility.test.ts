import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

const RENDERED = fileURLToPath(new URL('../../fixtures/rendered/', import.meta.url));
const pages = readdirSync(RENDERED, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.html'))
  .sort();

interface AxeAnswer {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

// The pages are the golden files: what the tests of the reports hold every rendering to.
describe.skipIf(inject('browser') === '')('every page that driftbom writes', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: inject('browser'), args: ['--no-sandbox', '--disable-gpu'] });
  });
  afterAll(() => browser?.close());

  it('is there to be looked at', () => expect(pages.length).toBeGreaterThan(10));

  for (const name of pages) {
    for (const scheme of ['light', 'dark'] as const) {
      it(`passes the accessibility rules of axe: ${name}, ${scheme}`, async () => {
        const page = await browser.newPage({ colorScheme: scheme });
        await page.goto(pathToFileURL(join(RENDERED, name)).href);
        await page.evaluate(axe.source);
        const answer = (await page.evaluate('axe.run()')) as AxeAnswer;
        const told = answer.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
        await page.close();
        expect(told).toEqual([]);
      });
    }

    it(`fits a phone without scrolling sideways, and loads nothing: ${name}`, async () => {
      const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.goto(pathToFileURL(join(RENDERED, name)).href);
      const wider = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      await page.close();
      expect(asked).toHaveLength(1);
      expect(wider).toBeLessThanOrEqual(0);
    });
  }
});
