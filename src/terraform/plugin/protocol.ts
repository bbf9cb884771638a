/**
 * The words of the Terraform plugin protocol and of the handshake under it.
 * Source: hashicorp/terraform docs/plugin-protocol (tfplugin5, tfplugin6); hashicorp/go-plugin for the handshake.
 */

/** Major versions of the protocol that we speak. */
export type ProtocolVersion = 5 | 6;

/** What a provider wants to see in its environment before it serves: proof that a plugin client started it. */
export const HANDSHAKE_ENV = {
  TF_PLUGIN_MAGIC_COOKIE: 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2',
  PLUGIN_PROTOCOL_VERSIONS: '5,6',
} as const;

/**
 * Variables that would change how the provider serves: those of a plugin client above us (a Terraform that runs
 * driftbom), and log levels, since the log tells what the answer hides (exchange-log.ts).
 */
export const FOREIGN_PLUGIN_ENV = /^(PLUGIN_|TF_REATTACH_PROVIDERS$|TF_LOG)/;

/** Terraform's version as providers see it. They put it into their user agent and judge nothing by it. */
export const CLIENT_VERSION = '1.11.4';

/** GetSchema of a large provider is some 14 MB; gRPC's own limit is 4 MB. Bytes. */
export const RECEIVE_LIMIT = 256 * 1024 * 1024;

export type Call = 'schema' | 'configure' | 'upgrade' | 'read' | 'plan' | 'stop';

const METHODS: { readonly [version in ProtocolVersion]: { readonly [call in Call]: string } } = {
  5: {
    schema: 'GetSchema',
    configure: 'Configure',
    upgrade: 'UpgradeResourceState',
    read: 'ReadResource',
    plan: 'PlanResourceChange',
    stop: 'Stop',
  },
  6: {
    schema: 'GetProviderSchema',
    configure: 'ConfigureProvider',
    upgrade: 'UpgradeResourceState',
    read: 'ReadResource',
    plan: 'PlanResourceChange',
    stop: 'StopProvider',
  },
};

/** The gRPC path of a call. */
export function methodPath(protocol: ProtocolVersion, call: Call): string {
  return `/tfplugin${protocol}.Provider/${METHODS[protocol][call]}`;
}
