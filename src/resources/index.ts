import { compute } from './aws/compute.ts';
import { data } from './aws/data.ts';
import { identity } from './aws/identity.ts';
import { messaging } from './aws/messaging.ts';
import { network } from './aws/network.ts';
import { storage } from './aws/storage.ts';
import { every } from './every.ts';
import type { FactsTable } from './facts.ts';

/** All that is known beyond schemas. A type that is not here is compared by its schema and the rules of `every`. */
export const factsTable: FactsTable = {
  every,
  types: { ...compute, ...data, ...identity, ...messaging, ...network, ...storage },
};
