/**
 * Attributes that providers set and users never do, under any type: asked only where no schema says it. Taken from the
 * AWS provider's schemas: names that are computed-only in every type that has them, and the identities of objects.
 */
const NAMES = new Set(
  (
    'arn arn_suffix unique_id owner_id create_date create_time created_at created_by created_date created_time ' +
    'created_timestamp creation_date creation_time date_created date_updated last_modified last_modified_date ' +
    'last_modified_time last_modified_timestamp last_updated_date last_updated_time modified_at update_time updated_at ' +
    'status_message status_reason engine_version_actual caller_reference failure_reason error_message key_state ' +
    'policy_version name_servers fingerprint lock_token current_version latest_revision latest_version invoke_arn ' +
    'invoke_url execution_arn qualified_arn qualified_invoke_arn association_id reader_endpoint private_dns public_dns ' +
    'dns_entry cluster_resource_id dbi_resource_id writer default_version_id home_region uuid revision_id ' +
    'security_group_rule_id hosted_zone_id bucket_domain_name bucket_regional_domain_name website_domain ' +
    'website_endpoint stream_arn stream_label latest_restorable_time source_code_size signing_job_arn ' +
    'signing_profile_version_arn attachment_count repository_url registry_id dns_name zone_id_alias ' +
    'has_public_access_policy checksum support_code'
  ).split(' '),
);

/** Whether an attribute of that name is the provider's own bookkeeping. */
export function isBookkeeping(name: string): boolean {
  return NAMES.has(name);
}
