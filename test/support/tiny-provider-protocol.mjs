// The wire of the tiny provider: our own wording of the protocol's messages, read by protobufjs' reflection, so that the
// client's hand-written codec is tested against another implementation. Field numbers: tfplugin5 and tfplugin6.
import protobuf from 'protobufjs';

const messages = (protocol) => `
syntax = "proto3";
package tfplugin${protocol};
message DynamicValue { bytes msgpack = 1; bytes json = 2; }
message Step { oneof selector { string attribute_name = 1; string element_key_string = 2; int64 element_key_int = 3; } }
message AttributePath { repeated Step steps = 1; }
message Diagnostic { int32 severity = 1; string summary = 2; string detail = 3; AttributePath attribute = 4; }
message RawState { bytes json = 1; map<string, string> flatmap = 2; }
message Object { repeated Attribute attributes = 1; int32 nesting = 3; }
message Attribute {
  string name = 1; bytes type = 2; string description = 3;
  bool required = 4; bool optional = 5; bool computed = 6; bool sensitive = 7; bool deprecated = 9;
  ${protocol === 6 ? 'Object nested_type = 10; bool write_only = 11;' : 'bool write_only = 10;'}
}
message NestedBlock { string type_name = 1; Block block = 2; int32 nesting = 3; int64 min_items = 4; int64 max_items = 5; }
message Block { int64 version = 1; repeated Attribute attributes = 2; repeated NestedBlock block_types = 3; string description = 4; }
message Schema { int64 version = 1; Block block = 2; }
message Capabilities { bool plan_destroy = 1; bool get_provider_schema_optional = 2; bool move_resource_state = 3; }
message Empty {}
message SchemaAnswer {
  Schema provider = 1; map<string, Schema> resource_schemas = 2; map<string, Schema> data_source_schemas = 3;
  repeated Diagnostic diagnostics = 4; Schema provider_meta = 5; Capabilities server_capabilities = 6;
}
message ConfigureRequest { string terraform_version = 1; DynamicValue config = 2; }
message ConfigureAnswer { repeated Diagnostic diagnostics = 1; }
message UpgradeRequest { string type_name = 1; int64 version = 2; RawState raw_state = 3; }
message UpgradeAnswer { DynamicValue upgraded_state = 1; repeated Diagnostic diagnostics = 2; }
message ReadRequest { string type_name = 1; DynamicValue current_state = 2; bytes private = 3; DynamicValue provider_meta = 4; }
message ReadAnswer { DynamicValue new_state = 1; repeated Diagnostic diagnostics = 2; bytes private = 3; }
message PlanRequest {
  string type_name = 1; DynamicValue prior_state = 2; DynamicValue proposed_new_state = 3; DynamicValue config = 4;
  bytes prior_private = 5;
}
message PlanAnswer {
  DynamicValue planned_state = 1; repeated AttributePath requires_replace = 2; bytes planned_private = 3;
  repeated Diagnostic diagnostics = 4;
}
message StopAnswer { string Error = 1; }
`;

const calls = (protocol) => ({
  schema: [protocol === 5 ? 'GetSchema' : 'GetProviderSchema', 'Empty', 'SchemaAnswer'],
  configure: [protocol === 5 ? 'Configure' : 'ConfigureProvider', 'ConfigureRequest', 'ConfigureAnswer'],
  upgrade: ['UpgradeResourceState', 'UpgradeRequest', 'UpgradeAnswer'],
  read: ['ReadResource', 'ReadRequest', 'ReadAnswer'],
  plan: ['PlanResourceChange', 'PlanRequest', 'PlanAnswer'],
  stop: [protocol === 5 ? 'Stop' : 'StopProvider', 'Empty', 'StopAnswer'],
});

/** A service definition for @grpc/grpc-js whose methods are named schema, configure, upgrade, read, plan and stop. */
export function serviceOf(protocol) {
  const { root } = protobuf.parse(messages(protocol), { keepCase: true });
  const codec = (name) => {
    const type = root.lookupType(`tfplugin${protocol}.${name}`);
    return {
      write: (message) => Buffer.from(type.encode(type.fromObject(message)).finish()),
      read: (bytes) => type.toObject(type.decode(bytes), { longs: Number, defaults: true }),
    };
  };
  return Object.fromEntries(
    Object.entries(calls(protocol)).map(([call, [method, request, answer]]) => [
      call,
      {
        path: `/tfplugin${protocol}.Provider/${method}`,
        requestStream: false,
        responseStream: false,
        requestSerialize: codec(request).write,
        requestDeserialize: codec(request).read,
        responseSerialize: codec(answer).write,
        responseDeserialize: codec(answer).read,
      },
    ]),
  );
}
