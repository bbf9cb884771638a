import type { Declared } from '../declared/port.ts';
import type { LiveAnswer, ProviderConfig } from '../model/resource.ts';
import { placeOfArn } from '../resources/arn.ts';

/**
 * A wrong region or account makes a living object look deleted: the worst false finding there is. So an absence is
 * believed only where the provider looked in the region of the object's ARN, and in an account in which everything
 * else was found. What does not fit becomes unread.
 */
export function misplacedAbsences(
  answers: readonly LiveAnswer[],
  declared: readonly Declared[],
  defaultRegion: string | undefined,
): LiveAnswer[] {
  if (!answers.some((answer) => answer.kind === 'absent')) return [...answers];
  const providers = new Map(declared.flatMap((one) => one.providers).map((provider) => [provider.key, provider]));
  const accounts = accountsFound(answers);
  return answers.map((answer) => {
    if (answer.kind !== 'absent') return answer;
    const place = placeOfArn(answer.resource.state?.attributes.arn);
    if (place === undefined) return answer;
    const { providerKey } = answer.resource;
    const region = regionOf(providers.get(providerKey), defaultRegion);
    if (region !== undefined && place.region !== '' && place.region !== region) {
      return unread(answer, `the provider looked in ${region}, but the object's ARN says ${place.region}`);
    }
    const seen = accounts.get(providerKey);
    if (place.account !== '' && seen !== undefined && !seen.has(place.account)) {
      return unread(
        answer,
        `the credentials see account ${[...seen].join(', ')}, but the object's ARN says ${place.account}`,
      );
    }
    return answer;
  });
}

function unread(answer: LiveAnswer, why: string): LiveAnswer {
  const message = `not found, but not looked for in the right place: ${why}`;
  return { kind: 'unread', resource: answer.resource, reason: 'provider-not-configured', message };
}

/** The region that a provider configuration reads. */
export function regionOf(provider: ProviderConfig | undefined, fallback: string | undefined): string | undefined {
  const region = provider?.values.region;
  return typeof region === 'string' && region !== '' ? region : fallback;
}

function accountsFound(answers: readonly LiveAnswer[]): Map<string, Set<string>> {
  const accounts = new Map<string, Set<string>>();
  for (const answer of answers) {
    if (answer.kind !== 'found') continue;
    const { live } = answer;
    const arn = typeof live === 'object' && live !== null && 'arn' in live ? live.arn : undefined;
    const account = placeOfArn(arn)?.account;
    if (account === undefined || account === '' || account === 'aws') continue;
    const known = accounts.get(answer.resource.providerKey);
    if (known === undefined) accounts.set(answer.resource.providerKey, new Set([account]));
    else known.add(account);
  }
  return accounts;
}
