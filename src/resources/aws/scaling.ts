/** Counts that people and autoscalers raise to get through an incident: putting them back may undo the mitigation. */
export const scalingCounts: { readonly [type: string]: readonly string[] } = {
  aws_autoscaling_group: ['desired_capacity', 'min_size', 'max_size'],
  aws_appautoscaling_target: ['min_capacity', 'max_capacity'],
  aws_ecs_service: ['desired_count'],
  aws_eks_node_group: ['scaling_config'],
  aws_dynamodb_table: ['read_capacity', 'write_capacity'],
  aws_lambda_provisioned_concurrency_config: ['provisioned_concurrent_executions'],
  aws_kinesis_stream: ['shard_count'],
  aws_rds_cluster: ['serverlessv2_scaling_configuration'],
  aws_elasticache_replication_group: ['num_cache_clusters', 'num_node_groups', 'replicas_per_node_group'],
};
