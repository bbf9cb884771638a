import { afterEach, expect, it } from 'vitest';
import { type CliWorld, cliWorld, serverState } from '../support/cli-world.ts';

let world: CliWorld;
afterEach(() => world.remove());

it('lets no marked secret out: outputs, ledger, snapshot, reports, errors', async () => {
  world = cliWorld();
  const marks = [
    'MARK-declared-password',
    'MARK-live-password',
    'MARK-label-token',
    'MARK-live-token',
    'MARK-in-json',
    'MARK-marked',
    'MARK-denied',
  ];
  const state = serverState([
    {
      name: 'web',
      password: marks[0],
      labels: { API_TOKEN: marks[2], team: 'a' },
      policy: JSON.stringify({ db_password: marks[4] }),
    },
    { name: 'marked', size: 1, labels: { harmless: marks[5] } },
    { name: 'denied', password: marks[6] },
  ]) as { resources: { name: string; instances: Record<string, unknown>[] }[] };
  const marked = state.resources.find((one) => one.name === 'marked')?.instances[0];
  if (marked === undefined) throw new Error('no such resource');
  marked.sensitive_attributes = [
    [
      { type: 'get_attr', value: 'labels' },
      { type: 'index', value: { value: 'harmless', type: 'string' } },
    ],
  ];
  world.write('terraform.tfstate', state);
  world.tiny.setBehaviour({ read: { denied: { summary: 'AccessDenied', detail: `request was ${marks[6]}` } } });
  world.tiny.setLive({
    web: {
      password: marks[1],
      labels: { API_TOKEN: marks[3], team: 'a' },
      policy: JSON.stringify({ db_password: `${marks[4]}2` }),
    },
    marked: { labels: { harmless: `${marks[5]}2` } },
  });

  const printed = [
    await world.run(
      'scan',
      '--all',
      '-o',
      'json=o/s.json',
      '-o',
      'markdown=o/s.md',
      '-o',
      'html=o/s.html',
      '--record-live',
      'o/live.json',
    ),
    await world.run('explain', 'tiny_server.web'),
    await world.run('explain', 'tiny_server.marked'),
    await world.run('report', 'incident', '-o', 'markdown=-', '-o', 'html=o/i.html'),
    await world.run('report', 'compliance', '-o', 'markdown=-', '-o', 'html=o/c.html'),
    await world.run('verify', '--json'),
  ];
  expect(printed.map((one) => one.code)).toEqual([2, 2, 2, 0, 0, 0]);
  expect(printed[0]?.out).toContain('password');

  const texts = [
    ...printed.flatMap(({ out, err }, i) => [
      { name: `out ${i}`, content: out },
      { name: `err ${i}`, content: err },
    ]),
    ...world.files().filter((file) => file.name !== 'terraform.tfstate'),
  ];
  const leaks = texts.flatMap(({ name, content }) =>
    marks.filter((mark) => holds(content, mark)).map((mark) => `${mark} in ${name}`),
  );
  expect(leaks).toEqual([]);
  const paths = JSON.parse(world.read('o/s.json')).drifts.flatMap(
    (drift: { changes: { path: string; sensitive: boolean }[] }) =>
      drift.changes.map(({ path, sensitive }) => `${path} ${sensitive}`),
  );
  expect(paths.sort()).toEqual(['labels.API_TOKEN true', 'labels.harmless true', 'password true', 'policy true']);
});

/** Plain or in base64, as a DSSE envelope carries its payload. */
function holds(content: string, mark: string): boolean {
  if (content.includes(mark)) return true;
  const encoded = content.match(/[A-Za-z0-9+/]{40,}={0,2}/g) ?? [];
  return encoded.some((text) => Buffer.from(text, 'base64').toString('latin1').includes(mark));
}
