/** Lower-case words of a name: `module.orders.aws_sqs_queue.jobs` gives module, orders, sqs, queue, jobs. */
function wordsOf(text: string): ReadonlySet<string> {
  return new Set(
    text
      .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .filter((word) => word !== ''),
  );
}

/** Whether all words of a service's name stand in a text. */
export function holdsName(text: string, name: string): boolean {
  const words = wordsOf(text);
  const wanted = [...wordsOf(name)];
  return wanted.length > 0 && wanted.every((word) => words.has(word));
}

const CAPACITY =
  /size|count|concurren|memory|capacity|provision|limit|pool|max|min|batch|cpu|connection|instance|threshold|quota/i;
const TIMEOUT = /timeout|ttl|wait|delay|retention|interval|deadline|period|backoff|retry/i;
const NETWORK = /ingress|egress|cidr|port|route|subnet|security_group|vpc|listener|dns|record/i;
const ACCESS =
  /polic|role|principal|action|statement|auth|token|audience|issuer|callback|redirect|scope|permission|key|secret|login|client/i;

/** What kinds of trouble a change of an attribute of that name makes; empty where its name does not tell. */
export function troublesOfAttribute(path: string): ReadonlySet<'load' | 'access'> {
  const troubles = new Set<'load' | 'access'>();
  if (CAPACITY.test(path) || TIMEOUT.test(path) || NETWORK.test(path)) troubles.add('load');
  if (ACCESS.test(path) || NETWORK.test(path)) troubles.add('access');
  return troubles;
}
