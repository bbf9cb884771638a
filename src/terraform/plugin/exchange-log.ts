/** How the last HTTP exchange of one read ended. */
export interface LastExchange {
  readonly method: string;
  /** What the cloud answered with; undefined where the request stayed without a response. */
  readonly status: number | undefined;
}

/** Waits for the log of one read. */
export interface Watch {
  /**
   * Settles when the log of the read is complete, else after `limitMs` (five times that where this provider is known to
   * log its calls). Undefined where the provider does not log them.
   */
  ended(limitMs: number): Promise<LastExchange | undefined>;
}

interface Watched {
  readonly type: string;
  readonly since: number;
  /** Last exchange by the id that the provider gave the call. */
  readonly last: Map<string, LastExchange>;
  readonly settle: (last: LastExchange | undefined) => void;
}

/** Words by which provider libraries log HTTP: the AWS base library (aws-sdk-go-base, logging) and the plugin SDK's own. */
const REQUESTS = ['HTTP Request Sent', 'Sending HTTP Request'];
const RESPONSES = ['HTTP Response Received', 'Received HTTP Response'];
/** What terraform-plugin-go logs when a call is done (tfprotov5/tf5server, tfprotov6/tf6server). */
const SERVED = 'Served request';

const OF_INTEREST = new RegExp([...REQUESTS, ...RESPONSES, SERVED].join('|'));

/** A line longer than this is no line of interest: only its beginning is kept. */
const LONGEST = 4 * 1024 * 1024;

/**
 * Follows a provider's log (JSON lines on stderr, which it writes whether anybody wants it or not) for one purpose: to
 * see whether a provider that calls an object gone was able to look. Nothing of the log but status codes is kept.
 */
export class ExchangeLog {
  #rest = '';
  /** The end of a call was logged: then that of every call is. */
  #speaks = false;
  /** Nobody logged the end of a call that was waited for. */
  #mute = false;
  readonly #watched = new Set<Watched>();

  /** Takes the next piece of stderr. */
  feed(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = (lines.pop() ?? '').slice(0, LONGEST);
    for (const line of lines) {
      if (this.#speaks && this.#watched.size === 0) return;
      if (OF_INTEREST.test(line)) this.#take(line);
    }
  }

  /**
   * Watches for the next ReadResource call on a type. Call it before the read, and have no other read of that type
   * under way. The log lags: what it dates before `since` (milliseconds since 1970) belongs to an earlier read.
   */
  watch(type: string, since: number): Watch {
    let settle: Watched['settle'] = () => undefined;
    const ended = new Promise<LastExchange | undefined>((resolve) => {
      settle = resolve;
    });
    const watched: Watched = { type, since, last: new Map(), settle };
    this.#watched.add(watched);
    return {
      ended: async (limitMs) => {
        const timer = setTimeout(() => {
          // A provider that logs the end of its calls but not of this one left the question open.
          if (this.#speaks) return watched.settle({ method: '', status: undefined });
          this.#mute = true;
          watched.settle([...watched.last.values()].at(-1));
        }, this.#limit(limitMs));
        const last = await ended;
        clearTimeout(timer);
        this.#watched.delete(watched);
        return last;
      },
    };
  }

  /** Longer where the log is known to come, not at all where it is known not to. */
  #limit(limitMs: number): number {
    if (this.#speaks) return 5 * limitMs;
    return this.#mute ? 0 : limitMs;
  }

  #take(line: string): void {
    const entry = parse(line);
    if (entry === undefined || entry.tf_rpc !== 'ReadResource') return;
    const message = String(entry['@message']);
    const call = String(entry.tf_req_id);
    if (message === SERVED) this.#speaks = true;
    for (const watched of this.#watched) {
      if (watched.type !== entry.tf_resource_type || isBefore(entry['@timestamp'], watched.since)) continue;
      if (message === SERVED) watched.settle(watched.last.get(call));
      else if (REQUESTS.includes(message)) {
        const method = String(entry['http.method'] ?? entry.tf_http_req_method);
        watched.last.set(call, { method, status: undefined });
      } else if (RESPONSES.includes(message)) {
        const method = watched.last.get(call)?.method ?? '';
        watched.last.set(call, { method, status: Number(entry['http.status_code'] ?? entry.tf_http_res_status_code) });
      }
    }
  }
}

/** Whether a log line is dated before a moment; one without a date is not. */
function isBefore(timestamp: unknown, since: number): boolean {
  return typeof timestamp === 'string' && Date.parse(timestamp) < since;
}

function parse(line: string): { readonly [key: string]: unknown } | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null ? (entry as { readonly [key: string]: unknown }) : undefined;
  } catch {
    return undefined;
  }
}
