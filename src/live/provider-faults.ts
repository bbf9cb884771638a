import type { GapReason } from '../model/resource.ts';
import { type Diagnostic, errorText } from '../terraform/plugin/diagnostic-message.ts';
import type { LastExchange } from '../terraform/plugin/exchange-log.ts';

/** What an error diagnostic means for us. */
export type FaultClass = 'throttled' | 'credentials' | 'access-denied' | 'other';

/**
 * Providers report in prose; the cloud's error codes inside it are what can be relied on. The first class that matches
 * stands. Codes: the "Common Error Types" of the AWS API references, the retry rules of the AWS SDK for Go v2 (aws/retry,
 * DefaultThrottleErrorCodes), gRPC status names for providers of other clouds.
 */
const CLASSES: readonly (readonly [Exclude<FaultClass, 'other'>, RegExp])[] = [
  [
    'throttled',
    /\b(Throttl(ing|ed)(Exception|RequestsException)?|ThrottledException|RequestThrottled(Exception)?|TooManyRequests(Exception)?|RequestLimitExceeded|BandwidthLimitExceeded|LimitExceededException: Rate|ProvisionedThroughputExceeded(Exception)?|PriorRequestNotComplete|TransactionInProgressException|SlowDown|EC2ThrottledException|Rate exceeded|RESOURCE_EXHAUSTED|rateLimitExceeded|StatusCode: 429|429 Too Many Requests)\b/i,
  ],
  [
    'credentials',
    /\b(No valid credential sources? found|NoCredentialProviders|failed to (refresh cached|retrieve) credentials|ExpiredToken(Exception)?|RequestExpired|InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignatureException|MissingAuthenticationToken(Exception)?|AuthFailure|InvalidIdentityToken|IncompleteSignature|Cannot assume IAM Role|failed to get shared config profile|static credentials are empty|could not find default credentials|UNAUTHENTICATED)\b/i,
  ],
  [
    'access-denied',
    /\b(AccessDenied(Exception|Fault)?|Access Denied|UnauthorizedOperation|UnauthorizedAccess|Unauthorized(Exception)?|AuthorizationError(Exception)?|NotAuthorized(Exception)?|not authorized to perform|ForbiddenException|Forbidden|OptInRequired|StatusCode: 403|PERMISSION_DENIED)\b/i,
  ],
];

/** Classifies the errors of one call; `other` where nothing is known of them. */
export function classOf(diagnostics: readonly Diagnostic[]): FaultClass {
  const text = errorText(diagnostics, Number.POSITIVE_INFINITY);
  return CLASSES.find(([, pattern]) => pattern.test(text))?.[0] ?? 'other';
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((one) => one.severity === 'error');
}

/** The gap that an unread resource becomes. Credentials that end half-way deny access, whatever they did before. */
export const GAP_OF_CLASS: { readonly [one in FaultClass]: GapReason } = {
  throttled: 'throttled',
  credentials: 'access-denied',
  'access-denied': 'access-denied',
  other: 'provider-error',
};

/**
 * The gap behind an absence that the cloud never confirmed; undefined where it did, or where nothing is known. 400 is what
 * many services answer with, in a body, for an object that does not exist; to HEAD, which has no body, it says nothing
 * (expired credentials, for one). Source: RFC 9110 sections 9.3.2 and 15; AWS API references, common errors.
 */
export function refusalOf(last: LastExchange | undefined): GapReason | undefined {
  if (last === undefined) return undefined;
  const { method, status } = last;
  if (status === undefined) return 'provider-error';
  if (status === 401 || status === 403 || status === 407) return 'access-denied';
  if (status === 400 && method === 'HEAD') return 'access-denied';
  if (status === 429 || status === 503) return 'throttled';
  return status === 408 || status >= 500 ? 'provider-error' : undefined;
}
