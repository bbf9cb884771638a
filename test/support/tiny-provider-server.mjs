// A Terraform provider for tests: a real gRPC server on a Unix socket, protocol 5 or 6. What it answers stands in files
// of one folder (live.json, behaviour.json), read anew at each call; every call is noted in calls.log there.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { Decoder, Encoder } from '@msgpack/msgpack';
import { serviceOf } from './tiny-provider-protocol.mjs';
import { emptyOf, providerSchema, resourceSchemas } from './tiny-provider-schema.mjs';

const encoder = new Encoder({ useBigInt64: true });
const decoder = new Decoder({ useBigInt64: true });

export function serve(folder) {
  const json = (name) => (existsSync(join(folder, name)) ? JSON.parse(readFileSync(join(folder, name), 'utf8')) : {});
  const log = join(folder, 'calls.log');
  const calls = () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n') : []);
  const note = (text) => appendFileSync(log, `${text}\n`);
  const { protocol = 5, start, schemaOptional = true, silent = false } = json('behaviour.json');
  note('start');

  if (process.env.TF_PLUGIN_MAGIC_COOKIE === undefined) {
    process.stderr.write('This is a plugin: it is started by its client.\n');
    process.exit(1);
  }
  if (start === 'exit') {
    process.stderr.write('cannot open the thing that it needs\n');
    process.exit(3);
  }
  if (start === 'garbage') process.stdout.write('Hello, I am no plugin.\n');
  if (start === 'silent' || start === 'garbage') return setInterval(() => undefined, 1000);

  const schemas = resourceSchemas(protocol);
  const state = (value) => ({ msgpack: Buffer.from(encoder.encode(value)) });
  const errors = (fault) =>
    fault === undefined ? [] : [{ severity: 1, summary: fault.summary, detail: fault.detail ?? '' }];
  const panic = (words) => {
    process.stderr.write(`panic: ${words}\n\ngoroutine 1 [running]:\n`);
    process.kill(process.pid, 'SIGKILL');
  };

  /** The fault of a call on one object; one with `times` happens so often only. */
  const faultOf = (call, type, id) => {
    const faults = json('behaviour.json')[call] ?? {};
    const seen = calls().filter((line) => line === `${call} ${type}/${id}`).length;
    note(`${call} ${type}/${id}`);
    // A fault that has happened often enough gives way to the next one that fits.
    return [`${type}/${id}`, id, type]
      .map((key) => faults[key])
      .find((fault) => fault !== undefined && seen < (fault.times ?? Number.POSITIVE_INFINITY));
  };

  /** Acts a fault out, then answers. */
  const answer = (fault, reply, make) => {
    if (fault?.crash === true) return panic('tiny provider told to crash');
    setTimeout(() => reply(null, make()), fault?.delayMs ?? 0);
  };

  const server = new Server({ 'grpc.max_receive_message_length': -1 });
  server.addService(serviceOf(protocol), {
    schema: (_call, reply) => {
      note('schema');
      reply(null, {
        provider: providerSchema,
        resource_schemas: schemas,
        data_source_schemas: { tiny_server: schemas.tiny_rule },
        server_capabilities: { get_provider_schema_optional: schemaOptional },
        diagnostics: errors(json('behaviour.json').schema),
      });
    },
    configure: ({ request }, reply) => {
      const config = decoder.decode(request.config.msgpack);
      note(`configure ${JSON.stringify(config)} in ${process.cwd()}`);
      const fault = json('behaviour.json').configure;
      answer(fault, reply, () => ({ diagnostics: fault?.summary === undefined ? [] : errors(fault) }));
    },
    upgrade: ({ request }, reply) => {
      const type = request.type_name;
      const old = JSON.parse(request.raw_state.json.toString());
      const fault = faultOf('upgrade', type, old.id);
      if (type === 'tiny_server' && request.version === 0) {
        old.name = old.title;
        delete old.title;
      }
      answer(fault, reply, () =>
        fault?.summary !== undefined
          ? { diagnostics: errors(fault) }
          : { upgraded_state: state({ ...emptyOf(schemas[type]), ...old }) },
      );
    },
    read: ({ request }, rawReply) => {
      const call = String(Math.random());
      // Real providers log every call at full length, and leave it to their client to throw that away.
      const log = (message, more = {}) =>
        silent ||
        process.stderr.write(
          `${JSON.stringify({ '@message': message, '@timestamp': new Date().toISOString(), tf_rpc: 'ReadResource', tf_req_id: call, tf_resource_type: request.type_name, ...more })}\n`,
        );
      const reply = (error, message) => {
        log('Served request');
        rawReply(error, message);
      };
      log('HTTP Request Sent', { 'http.method': 'HEAD', 'http.request.body': 'x'.repeat(70_000) });
      const type = request.type_name;
      const current = decoder.decode(request.current_state.msgpack);
      const fault = faultOf('read', type, current.id);
      const live = json('live.json');
      const found = `${type}/${current.id}` in live ? live[`${type}/${current.id}`] : live[current.id];
      answer(fault, reply, () => {
        if (fault?.summary !== undefined) return { diagnostics: errors(fault) };
        if (fault?.status !== 'unanswered') log('HTTP Response Received', { 'http.status_code': fault?.status ?? 200 });
        const gone = found === null || fault?.absent === true;
        return { new_state: state(gone ? null : { ...current, ...found }), private: request.private };
      });
    },
    plan: ({ request }, reply) => {
      note(`plan ${request.type_name}`);
      reply(null, {
        planned_state: request.proposed_new_state,
        planned_private: request.prior_private,
        requires_replace: [{ steps: [{ attribute_name: 'rules' }, { element_key_int: 0 }] }],
      });
    },
    stop: (_call, reply) => {
      note('stop');
      reply(null, {});
    },
  });
  const socket = join(process.env.PLUGIN_UNIX_SOCKET_DIR ?? process.env.TMPDIR, 'tiny');
  server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (error) => {
    if (error !== null) throw error;
    process.stdout.write(`1|${protocol}|unix|${socket}|grpc|\n`);
  });
}
