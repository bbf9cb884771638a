import { byCodeUnit } from '../model/order.ts';
import type { DeclaredResource, LiveAnswer } from '../model/resource.ts';
import type { ResourceSchema } from '../model/schema.ts';
import type { Value } from '../model/value.ts';
import { scrubber } from '../resources/scrub.ts';
import { secretTexts } from '../resources/secret-texts.ts';
import { stringifyJson } from '../terraform/json.ts';
import type { LiveReader } from './port.ts';
import { extras, stateBlocks } from './snapshot-blocks.ts';
import { SNAPSHOT_VERSION } from './snapshot-file.ts';
import { lineOf } from './snapshot-line.ts';
import type { Line } from './snapshot-line.ts';

/** Writes down what live readers answer while a scan goes on. */
export interface Recording {
  /** The same reader, listened to. Several readers may be recorded into one snapshot. */
  tee(reader: LiveReader): LiveReader;
  /** The snapshot of all answers so far. Secrets are not in it: what is secret, src/resources/secrets.ts says. */
  bytes(): Uint8Array;
}

/**
 * Starts a recording for --record-live. The scan replayed from its bytes (snapshotReader) gives the same drifts, gaps and
 * counts. Answers are reduced to what is written as they arrive; of their secrets only the texts are kept, to take them
 * out of providers' messages.
 */
export function startRecording(options: { readonly clock: () => Date }): Recording {
  const recordedAt = options.clock().toISOString();
  const readers = new Set<LiveReader>();
  const wantedBy = new Map<string, DeclaredResource>();
  const lines = new Map<string, Line>();
  const schemas = new Map<string, Map<string, ResourceSchema>>();
  const secrets = new Set<string>();

  const take = (answer: LiveAnswer): void => {
    const { ref } = answer.resource;
    lines.set(JSON.stringify([ref.workspace, ref.address]), lineOf(answer));
    for (const text of secretTexts(answer.resource, answer.schema)) secrets.add(text);
    if (answer.kind === 'unread' || answer.schema === undefined) return;
    const ofProvider = schemas.get(ref.provider) ?? new Map<string, ResourceSchema>();
    schemas.set(ref.provider, ofProvider.set(ref.type, answer.schema));
  };

  return {
    tee: (reader) => ({
      name: reader.name,
      versions: () => reader.versions(),
      close: () => reader.close(),
      async *read(wanted, providers) {
        readers.add(reader);
        for (const resource of wanted)
          wantedBy.set(JSON.stringify([resource.ref.workspace, resource.ref.address]), resource);
        for await (const answer of reader.read(wanted, providers)) {
          take(answer);
          yield answer;
        }
      },
    }),
    bytes: () => {
      const scrub = scrubber(secrets);
      const workspaces = [...new Set([...wantedBy.values()].map((resource) => resource.ref.workspace))].sort();
      const written = [...lines.values()].sort((a, b) => byCodeUnit(a.resource.ref.address, b.resource.ref.address));
      const single = workspaces.length === 1;
      const places = workspaces.map((name, i) => ({ name, module: single ? undefined : `module.workspace_${i}` }));
      const providers = new Map([...readers].flatMap((one) => one.versions()).map((one) => [JSON.stringify(one), one]));
      const snapshot = {
        version: 4,
        terraform_version: '1.0.0',
        serial: 1,
        lineage: 'driftbom-snapshot',
        outputs: {},
        resources: places.flatMap(({ name, module }) =>
          stateBlocks(
            written.filter((line) => line.resource.ref.workspace === name),
            module,
          ),
        ),
        check_results: null,
        driftbom: {
          version: SNAPSHOT_VERSION,
          recordedAt,
          workspaces: places.map(({ name, module }) => ({
            name,
            ...(module === undefined ? {} : { module }),
            ...extras(
              written.filter((line) => line.resource.ref.workspace === name),
              scrub,
            ),
          })),
          providers: [...providers.values()],
          schemas: Object.fromEntries([...schemas].map(([source, types]) => [source, Object.fromEntries(types)])),
        },
      };
      return new TextEncoder().encode(`${stringifyJson(snapshot as unknown as Value, 1)}\n`);
    },
  };
}
