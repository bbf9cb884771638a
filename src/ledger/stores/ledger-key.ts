const KEY = /^(?!\.)[A-Za-z0-9._-]+(?:\/(?!\.)[A-Za-z0-9._-]+)*$/;

/** Gives the key back. Throws RangeError for one that leads out of the ledger or into what is the store's own. */
export function ledgerKey(key: string): string {
  if (!KEY.test(key)) throw new RangeError(`${JSON.stringify(key)} is no ledger key`);
  return key;
}
