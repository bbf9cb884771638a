import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import { cdktfSources } from '../declared/cdktf.ts';
import { terraformDirectory } from '../declared/directory.ts';
import { runProgram } from '../declared/directory-run.ts';
import type { DiscoverOptions, Target } from '../declared/discover.ts';
import { planSource } from '../declared/plan.ts';
import type { DeclaredSource } from '../declared/port.ts';
import { stateFile } from '../declared/state.ts';
import { planReader } from '../live/plan.ts';
import type { LiveReader } from '../live/port.ts';
import { DriftbomError, fileFault } from '../model/error.ts';
import type { ProviderConfig } from '../model/resource.ts';
import type { Value, ValueMap } from '../model/value.ts';
import type { WireIo } from './io.ts';

/** A source that can answer for its live side too. */
export interface OwnLive {
  readonly ownLive?: LiveReader;
}

interface DeclaredRequest {
  readonly synth: boolean;
  readonly varFile: readonly string[];
  readonly state?: string;
}

/** How each kind of target becomes sources. */
export function sourceFactories(request: DeclaredRequest, config: Config, io: WireIo): DiscoverOptions['factories'] {
  const varFiles = request.varFile.map((file) => resolve(io.cwd, file));
  const state = request.state === undefined ? undefined : resolve(io.cwd, request.state);
  const overridden = (sources: readonly DeclaredSource[]): DeclaredSource[] =>
    sources.map((source) => withProviders(source, config.providers ?? {}));
  return {
    directory: (target) =>
      overridden([
        terraformDirectory({
          directory: target.path,
          shown: target.shown,
          label: target.label,
          env: io.env,
          run: runProgram,
          varFiles,
          stateFile: target.stateFile ?? state,
          terraformWorkspace: target.terraformWorkspace,
        }),
      ]),
    state: (target) => overridden([stateFile({ path: target.path, shown: target.shown, workspace: target.label })]),
    cdktf: async (target) =>
      overridden(
        await cdktfSources({
          path: target.path,
          noSynth: !request.synth,
          env: io.env,
          varFiles,
          workspaceName: (stack) => (target.label === 'default' ? stack : `${target.label}/${stack}`),
          ...(state === undefined ? {} : { state }),
        }),
      ),
    plan: async (target) => [await plan(target)],
  };
}

async function plan(target: Target): Promise<DeclaredSource & OwnLive> {
  const bytes = await readFile(target.path).catch((cause: unknown) => {
    const message = `cannot read the plan ${target.shown}: ${fileFault(cause)}`;
    throw new DriftbomError('E_PLAN_FORMAT', message, 'Check the path.', { cause });
  });
  const source = planSource({ bytes, name: target.shown, workspace: target.label });
  return { read: () => source.read(), ownLive: planReader([source.sides]) };
}

/** Puts driftbom.yaml's `providers` over what the configuration says, by the provider's local name and alias. */
function withProviders(source: DeclaredSource, overrides: NonNullable<Config['providers']>): DeclaredSource {
  if (Object.keys(overrides).length === 0) return source;
  return {
    read: async () => {
      const declared = await source.read();
      return { ...declared, providers: declared.providers.map((provider) => overridden(provider, overrides)) };
    },
  };
}

function overridden(provider: ProviderConfig, overrides: NonNullable<Config['providers']>): ProviderConfig {
  const name = provider.source.split('/').at(-1) as string;
  const own = overrides[provider.alias === undefined ? name : `${name}.${provider.alias}`];
  if (own === undefined) return provider;
  const values: Record<string, Value> = { ...provider.values };
  for (const [key, value] of Object.entries(own)) values[key] = value as Value;
  return { ...provider, values: values as ValueMap };
}
