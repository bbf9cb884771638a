import type { Aggregate, Owner, ResourceFacts } from '../facts.ts';

const GROUP_SPLIT = {
  fields: ['protocol', 'from_port', 'to_port'],
  sources: ['cidr_blocks', 'ipv6_cidr_blocks', 'prefix_list_ids', 'security_groups'],
  self: { flag: 'self', sameAs: 'security_groups' },
} as const;

function groupRules(direction: 'ingress' | 'egress'): Aggregate {
  return {
    place: direction,
    strict: true,
    members: GROUP_SPLIT,
    owners: [
      {
        type: 'aws_security_group_rule',
        parent: 'security_group_id',
        names: ['id'],
        where: { type: direction },
        member: ['protocol', 'from_port', 'to_port'],
        sources: {
          cidr_blocks: 'cidr_blocks',
          ipv6_cidr_blocks: 'ipv6_cidr_blocks',
          prefix_list_ids: 'prefix_list_ids',
          security_groups: 'source_security_group_id',
          self: 'self',
        },
      },
      {
        type: `aws_vpc_security_group_${direction}_rule`,
        parent: 'security_group_id',
        names: ['id'],
        member: ['ip_protocol', 'from_port', 'to_port'],
        sources: {
          cidr_blocks: 'cidr_ipv4',
          ipv6_cidr_blocks: 'cidr_ipv6',
          prefix_list_ids: 'prefix_list_id',
          security_groups: 'referenced_security_group_id',
        },
      },
    ],
  };
}

const securityGroup: ResourceFacts = {
  protocols: ['ingress.protocol', 'egress.protocol'],
  aggregates: [groupRules('ingress'), groupRules('egress')],
};

function aclEntries(direction: 'ingress' | 'egress'): Aggregate {
  return {
    place: direction,
    strict: true,
    members: ['rule_no'],
    owners: [
      {
        type: 'aws_network_acl_rule',
        parent: 'network_acl_id',
        names: ['id'],
        where: { egress: direction === 'egress' },
        member: ['rule_number'],
      },
    ],
  };
}

const aclSubnets: Aggregate = {
  place: 'subnet_ids',
  members: 'value',
  owners: [{ type: 'aws_network_acl_association', parent: 'network_acl_id', names: ['id'], member: ['subnet_id'] }],
};

const networkAcl: ResourceFacts = {
  protocols: ['ingress.protocol', 'egress.protocol'],
  aggregates: [aclEntries('ingress'), aclEntries('egress'), aclSubnets],
};

const routes: ResourceFacts = {
  aggregates: [
    {
      place: 'route',
      strict: true,
      members: ['cidr_block', 'ipv6_cidr_block', 'destination_prefix_list_id'],
      owners: [
        {
          type: 'aws_route',
          parent: 'route_table_id',
          names: ['id'],
          member: ['destination_cidr_block', 'destination_ipv6_cidr_block', 'destination_prefix_list_id'],
        },
      ],
    },
    {
      place: 'propagating_vgws',
      members: 'value',
      owners: [
        {
          type: 'aws_vpn_gateway_route_propagation',
          parent: 'route_table_id',
          names: ['id'],
          member: ['vpn_gateway_id'],
        },
      ],
    },
  ],
};

function endpointMembers(place: string, type: string, member: string): Aggregate {
  const owner: Owner = { type, parent: 'vpc_endpoint_id', names: ['id'], member: [member] };
  return { place, members: 'value', owners: [owner] };
}

/** VPC and its parts, load balancers, DNS, content delivery. */
export const network: { readonly [type: string]: ResourceFacts } = {
  aws_security_group: securityGroup,
  aws_default_security_group: securityGroup,
  aws_security_group_rule: {
    unordered: ['cidr_blocks', 'ipv6_cidr_blocks', 'prefix_list_ids'],
    protocols: ['protocol'],
  },
  aws_vpc_security_group_ingress_rule: { protocols: ['ip_protocol'] },
  aws_vpc_security_group_egress_rule: { protocols: ['ip_protocol'] },
  aws_network_acl: networkAcl,
  aws_default_network_acl: networkAcl,
  aws_network_acl_rule: { protocols: ['protocol'] },
  aws_route_table: routes,
  aws_default_route_table: routes,
  aws_route: { volatile: ['state'] },
  aws_vpc: { guards: { enable_dns_support: 'on' } },
  aws_subnet: { guards: { map_public_ip_on_launch: 'off' } },
  aws_internet_gateway: {
    aggregates: [
      {
        place: 'vpc_id',
        members: 'whole',
        owners: [{ type: 'aws_internet_gateway_attachment', parent: 'internet_gateway_id', names: ['id'] }],
      },
    ],
  },
  aws_vpn_gateway: {
    aggregates: [
      {
        place: 'vpc_id',
        members: 'whole',
        owners: [{ type: 'aws_vpn_gateway_attachment', parent: 'vpn_gateway_id', names: ['id'] }],
      },
    ],
  },
  aws_vpn_connection: { volatile: ['vgw_telemetry', 'routes'], secrets: ['customer_gateway_configuration'] },
  aws_nat_gateway: {},
  aws_eip: {
    aggregates: [
      {
        place: 'instance',
        with: ['network_interface', 'associate_with_private_ip'],
        members: 'whole',
        owners: [
          { type: 'aws_eip_association', parent: 'allocation_id', names: ['allocation_id', 'id'] },
          { type: 'aws_nat_gateway', parent: 'allocation_id', names: ['allocation_id', 'id'] },
          { type: 'aws_nat_gateway', parent: 'secondary_allocation_ids', names: ['allocation_id', 'id'] },
        ],
      },
    ],
    copies: { network_interface: 'instance' },
  },
  aws_network_interface: {
    aggregates: [
      {
        place: 'security_groups',
        members: 'value',
        owners: [
          {
            type: 'aws_network_interface_sg_attachment',
            parent: 'network_interface_id',
            names: ['id'],
            member: ['security_group_id'],
          },
        ],
      },
      {
        place: 'attachment',
        members: 'whole',
        owners: [
          { type: 'aws_network_interface_attachment', parent: 'network_interface_id', names: ['id'] },
          { type: 'aws_instance', parent: 'network_interface.network_interface_id', names: ['id'] },
        ],
      },
    ],
    copies: { private_ip_list: 'private_ips', ipv6_address_list: 'ipv6_addresses' },
    unordered: ['private_ip_list', 'ipv6_address_list'],
  },
  aws_vpc_endpoint: {
    aggregates: [
      endpointMembers('route_table_ids', 'aws_vpc_endpoint_route_table_association', 'route_table_id'),
      endpointMembers('subnet_ids', 'aws_vpc_endpoint_subnet_association', 'subnet_id'),
      endpointMembers('security_group_ids', 'aws_vpc_endpoint_security_group_association', 'security_group_id'),
      {
        place: 'policy',
        members: 'whole',
        owners: [{ type: 'aws_vpc_endpoint_policy', parent: 'vpc_endpoint_id', names: ['id'] }],
      },
    ],
    volatile: ['state', 'network_interface_ids', 'cidr_blocks', 'dns_entry'],
    copies: { subnet_configuration: 'subnet_ids' },
  },
  aws_flow_log: {},
  aws_lb: {
    copies: { subnet_mapping: 'subnets' },
    guards: { drop_invalid_header_fields: 'off', enable_deletion_protection: 'off', access_logs: 'off' },
  },
  aws_alb: { copies: { subnet_mapping: 'subnets' } },
  aws_lb_listener: { rewritten: ['default_action'], guards: { ssl_policy: 'off', certificate_arn: 'off' } },
  aws_lb_listener_rule: { rewritten: ['action'] },
  aws_lb_target_group: { volatile: ['load_balancer_arns'] },
  aws_elb: {
    aggregates: [
      {
        place: 'instances',
        members: 'value',
        owners: [
          { type: 'aws_elb_attachment', parent: 'elb', names: ['name', 'id'], within: 'account', member: ['instance'] },
        ],
      },
    ],
    copies: { source_security_group: 'security_groups' },
  },
  aws_route53_zone: {
    aggregates: [
      {
        place: 'vpc',
        members: ['vpc_id'],
        owners: [
          { type: 'aws_route53_zone_association', parent: 'zone_id', names: ['zone_id', 'id'], member: ['vpc_id'] },
        ],
      },
    ],
  },
  aws_route53_record: { unordered: [], rewritten: ['name'] },
  aws_cloudfront_distribution: {
    volatile: [
      'etag',
      'status',
      'in_progress_validation_batches',
      'last_modified_time',
      'trusted_signers',
      'trusted_key_groups',
    ],
    guards: { web_acl_id: 'off', logging_config: 'off', viewer_certificate: 'off' },
  },
  aws_wafv2_web_acl: { volatile: ['lock_token', 'capacity'], guards: { rule: 'off' } },
  aws_api_gateway_rest_api: {
    aggregates: [
      {
        place: 'policy',
        members: 'whole',
        owners: [{ type: 'aws_api_gateway_rest_api_policy', parent: 'rest_api_id', names: ['id'] }],
      },
    ],
    neverRead: ['body', 'parameters', 'fail_on_warnings', 'put_rest_api_mode'],
    guards: { disable_execute_api_endpoint: 'off' },
  },
  aws_api_gateway_deployment: { neverRead: ['triggers', 'variables', 'stage_description', 'stage_name'] },
  aws_api_gateway_stage: { guards: { access_log_settings: 'off', xray_tracing_enabled: 'off' } },
  aws_apigatewayv2_api: { neverRead: ['body', 'fail_on_warnings', 'credentials_arn', 'route_key', 'target'] },
  aws_apigatewayv2_deployment: { neverRead: ['triggers'], volatile: ['auto_deployed'] },
  aws_apigatewayv2_stage: { copies: {}, guards: { access_log_settings: 'off' } },
};
