/** A member of a request that says why the call was made, or what the thing is for that it makes. */
export interface CommentPlace {
  /** `route53.amazonaws.com`. */
  readonly source: string;
  /** The call's name, without an API date. */
  readonly call: RegExp;
  /** Name of the member, at any depth. */
  readonly member: string;
}

/**
 * Where calls carry words about themselves. Only members that are written anew with each call: the comment of a
 * distribution or the description of a key stay from call to call and explain none. Source: the services' API references.
 */
export const changeComments: readonly CommentPlace[] = [
  { source: 'route53.amazonaws.com', call: /^ChangeResourceRecordSets$/, member: 'comment' },
  {
    source: 'ec2.amazonaws.com',
    call: /^(?:AuthorizeSecurityGroup(?:In|E)gress|ModifySecurityGroupRules|UpdateSecurityGroupRuleDescriptions(?:In|E)gress)$/,
    member: 'description',
  },
  { source: 'ec2.amazonaws.com', call: /^CreateLaunchTemplateVersion$/, member: 'versionDescription' },
  {
    source: 'ec2.amazonaws.com',
    call: /^(?:CreateSnapshots?|CreateImage|CopySnapshot|CopyImage)$/,
    member: 'description',
  },
  { source: 'ec2.amazonaws.com', call: /^ModifyManagedPrefixList$/, member: 'description' },
  {
    source: 'appconfig.amazonaws.com',
    call: /^(?:StartDeployment|CreateHostedConfigurationVersion)$/,
    member: 'description',
  },
  {
    source: 'lambda.amazonaws.com',
    call: /^(?:PublishVersion|PublishLayerVersion|UpdateAlias)$/,
    member: 'description',
  },
  { source: 'lambda.amazonaws.com', call: /^UpdateFunctionConfiguration$/, member: 'description' },
  { source: 'ssm.amazonaws.com', call: /^PutParameter$/, member: 'description' },
  { source: 'ssm.amazonaws.com', call: /^(?:SendCommand|StartChangeRequestExecution)$/, member: 'comment' },
  { source: 'ssm.amazonaws.com', call: /^StartChangeRequestExecution$/, member: 'changeRequestName' },
  { source: 'apigateway.amazonaws.com', call: /^CreateDeployment$/, member: 'description' },
  { source: 'codedeploy.amazonaws.com', call: /^CreateDeployment$/, member: 'description' },
  { source: 'cloudformation.amazonaws.com', call: /^CreateChangeSet$/, member: 'description' },
  { source: 'elasticbeanstalk.amazonaws.com', call: /^CreateApplicationVersion$/, member: 'description' },
  {
    source: 'states.amazonaws.com',
    call: /^(?:UpdateStateMachine|PublishStateMachineVersion)$/,
    member: 'versionDescription',
  },
  { source: 'monitoring.amazonaws.com', call: /^SetAlarmState$/, member: 'stateReason' },
  { source: 'ecs.amazonaws.com', call: /^StopTask$/, member: 'reason' },
  { source: 'batch.amazonaws.com', call: /^(?:TerminateJob|CancelJob)$/, member: 'reason' },
];
