import type { SeverityRule } from './policy.ts';

/** Ports over which machines are administered. */
const ADMIN = [22, 3389, 5985, 5986];
const adminPort = ADMIN.map((port) => `(p.from <= ${port} && p.to >= ${port})`).join(' || ');

/**
 * The severity policy that comes with driftbom. Asked in this order after the user's own rules; the first that holds ranks
 * the change. It speaks of facts alone: which types and attributes these come from, src/resources knows.
 */
export const BUILT_IN_RULES: readonly SeverityRule[] = [
  {
    id: 'NET-001',
    severity: 'critical',
    title: 'Administration port or all traffic opened to the internet',
    when: `facts.publicIngressAdded.exists(p, ${adminPort} || p.protocol == '-1')`,
    controls: ['boundary', 'change-control'],
  },
  {
    id: 'IAM-001',
    severity: 'critical',
    title: 'Policy gained administrative actions, or anybody as principal',
    when: "facts.iamActionsAdded.exists(a, a in ['*', 'iam:*', 'sts:*', 'iam:PassRole', 'sts:AssumeRole', '* on *'] || a.startsWith('all but ')) || facts.iamPrincipalsAdded.exists(p, p == '*' || p.startsWith('all but '))",
    controls: ['access', 'change-control'],
  },
  {
    id: 'EXP-001',
    severity: 'critical',
    title: 'Public access block weakened',
    when: 'facts.publicAccessBlockOff.size() > 0',
    controls: ['access', 'boundary'],
  },
  {
    id: 'LOG-001',
    severity: 'critical',
    title: 'Audit logging turned off or turned away',
    when: 'facts.loggingOff.size() > 0 || facts.loggingTargetsRemoved.size() > 0',
    controls: ['logging'],
  },
  {
    id: 'ENC-001',
    severity: 'high',
    title: 'Encryption turned off',
    when: 'facts.encryptionOff.size() > 0',
    controls: ['encryption'],
  },
  {
    id: 'NET-002',
    severity: 'high',
    title: 'Port opened to the internet',
    when: 'facts.publicIngressAdded.size() > 0 || facts.publicAccessOn.size() > 0',
    controls: ['boundary', 'change-control'],
  },
  {
    id: 'IAM-002',
    severity: 'high',
    title: 'Policy widened',
    when: 'facts.iamActionsAdded.size() > 0 || facts.iamPrincipalsAdded.size() > 0 || facts.iamConditionsRemoved.size() > 0',
    controls: ['access'],
  },
  {
    id: 'LOG-002',
    severity: 'high',
    title: 'Retention of logs or messages shortened',
    when: 'facts.retentionShortened.size() > 0',
    controls: ['logging'],
  },
  {
    id: 'DEL-001',
    severity: 'high',
    title: 'Declared resource is gone',
    when: 'facts.resourceGone',
    controls: ['change-control', 'inventory'],
  },
  {
    id: 'BKP-001',
    severity: 'medium',
    title: 'Backups kept for less time, or protection against deletion switched off',
    when: 'facts.backupShortened.size() > 0 || facts.deletionProtectionOff.size() > 0',
    controls: ['backup'],
  },
  {
    id: 'INV-001',
    severity: 'medium',
    title: 'Resource that nobody declares',
    when: 'facts.resourceUnmanaged',
    controls: ['inventory', 'change-control'],
  },
  {
    id: 'TAG-001',
    severity: 'info',
    title: 'Tags only',
    when: 'facts.onlyTagsChanged',
  },
  {
    id: 'CFG-001',
    severity: 'low',
    title: 'Configuration prepared and not applied',
    when: "drift.cause == 'unapplied'",
    controls: ['change-control'],
  },
  {
    id: 'CFG-002',
    severity: 'medium',
    title: 'Other change past the configuration',
    when: "drift.cause in ['out-of-band', 'both']",
    controls: ['change-control'],
  },
];
