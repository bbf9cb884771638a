import type { AwsChange } from './aws-change.ts';
import { computeChanges } from './aws-changes-compute.ts';
import { identityChanges } from './aws-changes-identity.ts';
import { messagingChanges } from './aws-changes-messaging.ts';
import { networkChanges } from './aws-changes-network.ts';
import { storageChanges } from './aws-changes-storage.ts';

/** Every change, those that can be undone first. */
export const AWS_CHANGES: readonly AwsChange[] = [
  ...networkChanges,
  ...identityChanges,
  ...storageChanges,
  ...computeChanges,
  ...messagingChanges,
].sort((a, b) => Number(a.undo === undefined) - Number(b.undo === undefined));
