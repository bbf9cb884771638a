import type { ResourceFacts } from '../facts.ts';

/** IAM, KMS, secrets, parameters, certificates, user pools. */
export const identity: { readonly [type: string]: ResourceFacts } = {
  aws_iam_role: {
    aggregates: [
      {
        place: 'inline_policy',
        members: ['name'],
        strict: true,
        owners: [
          { type: 'aws_iam_role_policy', parent: 'role', names: ['name', 'id'], within: 'account', member: ['name'] },
        ],
      },
      {
        place: 'managed_policy_arns',
        members: 'value',
        strict: true,
        owners: [
          {
            type: 'aws_iam_role_policy_attachment',
            parent: 'role',
            names: ['name', 'id'],
            within: 'account',
            member: ['policy_arn'],
          },
          {
            type: 'aws_iam_policy_attachment',
            parent: 'roles',
            names: ['name', 'id'],
            within: 'account',
            member: ['policy_arn'],
          },
        ],
      },
    ],
  },
  aws_iam_policy: { volatile: ['attachment_count'] },
  aws_iam_user: {},
  aws_iam_group: {},
  aws_iam_access_key: {
    neverRead: [
      'secret',
      'encrypted_secret',
      'ses_smtp_password_v4',
      'encrypted_ses_smtp_password_v4',
      'pgp_key',
      'key_fingerprint',
    ],
  },
  aws_iam_user_login_profile: {
    neverRead: [
      'password',
      'encrypted_password',
      'key_fingerprint',
      'pgp_key',
      'password_length',
      'password_reset_required',
    ],
  },
  aws_iam_instance_profile: {},
  aws_iam_account_password_policy: {
    guards: {
      minimum_password_length: 'on',
      require_lowercase_characters: 'on',
      require_uppercase_characters: 'on',
      require_numbers: 'on',
      require_symbols: 'on',
      password_reuse_prevention: 'off',
      max_password_age: 'off',
    },
  },
  aws_iam_openid_connect_provider: { unordered: ['thumbprint_list', 'client_id_list'] },
  aws_iam_server_certificate: { neverRead: ['private_key'], rewritten: ['certificate_body', 'certificate_chain'] },
  aws_iam_service_linked_role: {},
  aws_kms_key: {
    aggregates: [
      {
        place: 'policy',
        members: 'whole',
        owners: [{ type: 'aws_kms_key_policy', parent: 'key_id', names: ['key_id', 'id', 'arn'] }],
      },
    ],
    // GetKeyRotationStatus tells the period only while rotation is on.
    copies: { rotation_period_in_days: 'enable_key_rotation' },
    guards: { is_enabled: 'on', enable_key_rotation: 'off', policy: 'off' },
  },
  aws_kms_alias: {},
  aws_kms_grant: { neverRead: ['retire_on_delete'] },
  aws_secretsmanager_secret: {
    aggregates: [
      {
        place: 'policy',
        members: 'whole',
        owners: [{ type: 'aws_secretsmanager_secret_policy', parent: 'secret_arn', names: ['arn', 'id'] }],
      },
    ],
    guards: { policy: 'off' },
  },
  aws_secretsmanager_secret_version: { neverRead: ['secret_string_wo', 'secret_string_wo_version'] },
  aws_secretsmanager_secret_rotation: {
    neverRead: ['rotate_immediately'],
    guards: { rotation_enabled: 'on', rotation_rules: 'on' },
  },
  aws_ssm_parameter: {
    neverRead: ['value_wo', 'value_wo_version'],
    copies: { insecure_value: 'value' },
    volatile: ['version'],
    rewritten: ['key_id'],
  },
  aws_ssm_document: { volatile: ['status'] },
  aws_acm_certificate: {
    neverRead: ['private_key'],
    volatile: [
      'not_after',
      'not_before',
      'renewal_eligibility',
      'renewal_summary',
      'pending_renewal',
      'validation_emails',
    ],
    rewritten: ['certificate_body', 'certificate_chain'],
  },
  aws_cognito_user_pool: {
    volatile: ['estimated_number_of_users', 'last_modified_date'],
    guards: { mfa_configuration: 'off', password_policy: 'on', deletion_protection: 'off' },
  },
  aws_cognito_user_pool_client: { neverRead: ['generate_secret'] },
};
