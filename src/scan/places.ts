import type { Declared } from '../declared/port.ts';
import { byCodeUnit } from '../model/order.ts';
import type { LiveAnswer } from '../model/resource.ts';
import type { ScanPlace } from '../model/scan.ts';
import { isMap, type Value } from '../model/value.ts';
import { type ArnPlace, placeOfArn } from '../resources/arn.ts';
import { isGlobalSource, sourcesOf } from '../resources/aws/audit-services.ts';
import { regionOf } from './place.ts';

/**
 * Where each resource lives, read or not: by its own ARN and `region`; else in the region of its provider configuration,
 * and in the account in which all else lives that was found through that. What neither tells is null.
 */
export function placesOf(
  answers: readonly LiveAnswer[],
  declared: readonly Declared[],
  defaultRegion: string | undefined,
): ScanPlace[] {
  const providers = new Map(declared.flatMap((one) => one.providers).map((provider) => [provider.key, provider]));
  const accounts = soleAccounts(answers);
  const places = new Map<string, ScanPlace & { readonly addresses: string[] }>();
  for (const answer of answers) {
    const { ref, providerKey } = answer.resource;
    const said = saidBy(answer);
    const arn = placeOfArn(said.arn);
    const provider = providers.get(providerKey);
    const account = accountIn(arn) ?? accounts.get(providerKey) ?? null;
    const region =
      ownRegion(said.region, arn) ?? (isWithoutRegion(ref.type, arn) ? null : regionOf(provider, defaultRegion));
    const where = { workspace: ref.workspace, provider: ref.provider, account, region: region ?? null };
    const key = JSON.stringify(Object.values(where));
    const known = places.get(key);
    if (known === undefined) places.set(key, { ...where, addresses: [ref.address] });
    else known.addresses.push(ref.address);
  }
  for (const { addresses } of places.values()) addresses.sort(byCodeUnit);
  return [...places].sort(([a], [b]) => byCodeUnit(a, b)).map(([, place]) => place);
}

/** The one account of everything that a provider configuration reads; none where its objects tell of several. */
function soleAccounts(answers: readonly LiveAnswer[]): Map<string, string | undefined> {
  const accounts = new Map<string, string | undefined>();
  for (const answer of answers) {
    const { providerKey } = answer.resource;
    const account = accountIn(placeOfArn(saidBy(answer).arn));
    if (account === undefined) continue;
    const known = accounts.get(providerKey);
    accounts.set(providerKey, accounts.has(providerKey) && known !== account ? undefined : account);
  }
  return accounts;
}

/** What an object says of its place: as it is live, else as the state remembers it. */
function saidBy(answer: LiveAnswer): { readonly arn: Value | undefined; readonly region: Value | undefined } {
  const live = answer.kind === 'found' && isMap(answer.live) ? answer.live : undefined;
  const state = answer.resource.state?.attributes;
  return { arn: live?.arn ?? state?.arn, region: live?.region ?? state?.region };
}

/** `aws` stands where the account would: an object that AWS owns. */
function accountIn(arn: ArnPlace | undefined): string | undefined {
  return arn === undefined || arn.account === '' || arn.account === 'aws' ? undefined : arn.account;
}

function ownRegion(region: Value | undefined, arn: ArnPlace | undefined): string | undefined {
  if (typeof region === 'string' && region !== '') return region;
  return arn === undefined || arn.region === '' ? undefined : arn.region;
}

/** A service without regions: its ARNs leave the region out, and its calls are logged in one region of all. */
function isWithoutRegion(type: string, arn: ArnPlace | undefined): boolean {
  return arn === undefined ? [...sourcesOf(type, [])].some(isGlobalSource) : arn.region === '';
}
