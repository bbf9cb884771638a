import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { DeclaredSource } from '../../src/declared/port.ts';
import type { LiveReader } from '../../src/live/port.ts';
import { providerReader } from '../../src/live/provider.ts';
import { snapshotReader } from '../../src/live/snapshot.ts';
import { startRecording } from '../../src/live/snapshot-record.ts';
import type { DeclaredResource } from '../../src/model/resource.ts';
import { scan } from '../../src/scan/scan.ts';
import { declaredResource, providerConfig } from '../support/declared-samples.ts';
import { tinyProvider } from '../support/tiny-provider.ts';

const clock = () => new Date('2026-11-21T03:00:00Z');

const server = (id: string, attributes: object = {}, schemaVersion = 1): DeclaredResource =>
  declaredResource('tiny_server', { id, ...attributes }, { state: { schemaVersion } });

const declared: DeclaredSource = {
  read: async () => ({
    reader: 'terraform state',
    workspace: 'default',
    resources: [
      server('clean', { name: 'a', ports: [80, 443], password: 'mark-clean' }),
      server('resized', { name: 'b', size: 1, rules: [{ port: 1, cidr: 'x' }] }),
      server('leaked', { name: 'c', password: 'mark-old', policy: '{"password":"mark-in-text","on":true}' }),
      server('upgraded', { title: 'd', size: 2 }, 0),
      server('gone', { name: 'e' }),
      server('denied', { name: 'f', password: 'mark-quoted' }),
    ],
    providers: [providerConfig()],
    inputs: [],
    gaps: [],
    skippedDataSources: 0,
  }),
};

async function scanWith(live: LiveReader) {
  const { scan: facts } = await scan({
    pairs: [{ source: declared, live }],
    ignore: [],
    redact: (secret) => `hmac-sha256:test:${createHash('sha256').update(JSON.stringify(secret)).digest('hex')}`,
    clock,
    startedAt: new Date(0),
    inputs: [],
    scanId: 'scan',
    version: '0.0.0',
    defaultRegion: undefined,
  });
  await live.close();
  return facts;
}

it('a replay gives the drifts, gaps and counts of the scan that recorded it, without its secrets', async () => {
  const provider = tinyProvider({ read: { denied: { summary: 'AccessDenied', detail: 'not with mark-quoted' } } });
  try {
    provider.setLive({
      clean: { ports: [443, 80] },
      resized: {
        size: 900,
        rules: [
          { port: 1, cidr: 'x' },
          { port: 22, cidr: '0.0.0.0/0' },
        ],
      },
      leaked: { password: 'mark-new', policy: '{"on":false,"password":"mark-in-text"}' },
      gone: null,
    });
    const recording = startRecording({ clock });
    const reader = providerReader({ env: { ...provider.env }, homeDir: 'no-home', cacheDir: undefined });
    const first = await scanWith(recording.tee(reader));
    const bytes = recording.bytes();
    expect(Buffer.from(bytes).toString()).not.toContain('mark-');
    expect(first.summary).toMatchObject({ resources: 6, inSync: 2, changed: 2, missing: 1, unread: 1, gaps: 1 });

    const again = await scanWith(snapshotReader({ bytes, name: 'live.json' }));
    const comparable = (facts: typeof first) => ({
      summary: facts.summary,
      gaps: facts.gaps,
      compared: facts.scope.compared,
      providers: facts.scope.providers,
      drifts: facts.drifts.map(({ drift }) => ({
        kind: drift.kind,
        resource: drift.resource,
        // A secret that differs is told as such; the digest of the live one is gone with it.
        changes: drift.changes.map((change) => (change.sensitive ? { ...change, after: 'masked' } : change)),
      })),
    });
    expect(comparable(again)).toEqual(comparable(first));
    expect(again.drifts.flatMap(({ drift }) => drift.changes.map((change) => change.path)).sort()).toEqual(
      expect.arrayContaining(['password', 'policy', 'rules', 'size']),
    );
  } finally {
    provider.remove();
  }
});
