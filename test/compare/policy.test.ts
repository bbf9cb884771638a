import { describe, expect, it } from 'vitest';
import { meaningOf, sameMeaning } from '../../src/compare/text-meaning.ts';
import { attribute, schemaOf, told } from '../support/compare.ts';

type Json = Record<string, unknown>;

const statement: Json = {
  Sid: 'Read',
  Effect: 'Allow',
  Principal: { AWS: ['arn:aws:iam::111122223333:root', 'arn:aws:iam::444455556666:role/app'] },
  Action: ['s3:GetObject', 's3:ListBucket'],
  Resource: ['arn:aws:s3:::a', 'arn:aws:s3:::a/*'],
  Condition: { StringEquals: { 'aws:PrincipalOrgID': ['o-1', 'o-2'] }, Bool: { 'aws:SecureTransport': 'true' } },
};
const policy = (change: Json = {}, top: Json = {}): string =>
  JSON.stringify({ Version: '2012-10-17', ...top, Statement: [{ ...statement, ...change }] });

describe('two policies say the same', () => {
  const other: Json = { Effect: 'Deny', Action: '*', Resource: '*', Principal: '*' };
  const two = JSON.stringify({ Version: '2012-10-17', Statement: [statement, other] });
  const swapped = JSON.stringify({ Statement: [other, statement], Version: '2012-10-17' });
  const equal: [string, string, string][] = [
    ['in another layout', policy(), JSON.stringify(JSON.parse(policy()), null, 4)],
    ['with members in another order', policy(), JSON.stringify({ Statement: [statement], Version: '2012-10-17' })],
    ['with one statement or a list of one', policy(), JSON.stringify({ Version: '2012-10-17', Statement: statement })],
    ['with statements in another order', two, swapped],
    ['with a string or a list of one', policy({ Action: 's3:GetObject' }), policy({ Action: ['s3:GetObject'] })],
    ['with one left-out action or a list of one', policy({ NotAction: 'a:B' }), policy({ NotAction: ['a:B'] })],
    ['with actions in another order', policy(), policy({ Action: ['s3:ListBucket', 's3:GetObject'] })],
    ['with actions in another case', policy(), policy({ Action: ['S3:getobject', 's3:listbucket'] })],
    ['with an action twice', policy(), policy({ Action: ['s3:GetObject', 's3:ListBucket', 's3:GetObject'] })],
    ['with resources in another order', policy(), policy({ Resource: ['arn:aws:s3:::a/*', 'arn:aws:s3:::a'] })],
    [
      'with principals in another order',
      policy(),
      policy({ Principal: { AWS: ['arn:aws:iam::444455556666:role/app', 'arn:aws:iam::111122223333:root'] } }),
    ],
    [
      'with an account id or its root',
      policy(),
      policy({ Principal: { AWS: ['111122223333', 'arn:aws:iam::444455556666:role/app'] } }),
    ],
    ['with an empty list of principals or none', policy({ Principal: { AWS: [] } }), policy({ Principal: undefined })],
    ['with anyone in either spelling, allowed', policy({ Principal: '*' }), policy({ Principal: { AWS: '*' } })],
    [
      'with condition values in another order, or true for "true"',
      policy(),
      policy({
        Condition: { Bool: { 'aws:SecureTransport': true }, StringEquals: { 'aws:PrincipalOrgID': ['o-2', 'o-1'] } },
      }),
    ],
    [
      'with condition keys in another case',
      policy(),
      policy({
        Condition: { Bool: { 'AWS:securetransport': 'True' }, StringEquals: { 'aws:PrincipalOrgID': ['o-1', 'o-2'] } },
      }),
    ],
    ['with an empty condition or none', policy({ Condition: {} }), policy({ Condition: undefined })],
    ['with a Sid that only counts or none', policy({ Sid: '1' }), policy({ Sid: undefined })],
    ['with an effect in another case', policy(), policy({ Effect: 'allow' })],
    ['with the default version left out', policy({}, { Version: '2008-10-17' }), policy({}, { Version: undefined })],
    ['URL-encoded', policy(), encodeURIComponent(policy())],
    [
      'with the short form of the API',
      policy({ Resource: 'execute-api:/prod/GET/*' }),
      policy({ Resource: 'arn:aws:execute-api:eu-west-1:111122223333:abc123/prod/GET/*' }),
    ],
  ];

  it.each(equal)('%s', (_, a, b) => {
    expect(sameMeaning(a, b)).toBe(true);
    expect(sameMeaning(b, a)).toBe(true);
  });

  it.each(equal)('and is no drift: %s', (_, a, b) => {
    const schema = schemaOf({ policy: attribute('string', '!') });
    expect(told({ prior: { policy: a }, live: { policy: b }, schema })).toEqual([]);
    expect(told({ prior: { policy: a }, live: { policy: b } })).toEqual([]);
  });
});

describe('two policies differ', () => {
  const different: [string, string, string][] = [
    ['in what they leave out', policy(), policy({ Action: undefined, NotAction: ['s3:GetObject', 's3:ListBucket'] })],
    ['in their version', policy(), policy({}, { Version: '2008-10-17' })],
    ['in their id', policy({}, { Id: 'a' }), policy({}, { Id: 'b' })],
    [
      'in a statement that was added',
      policy(),
      JSON.stringify({ Version: '2012-10-17', Statement: [statement, { ...statement, Sid: 'Write', Action: 's3:*' }] }),
    ],
    ['in one more action', policy(), policy({ Action: ['s3:GetObject', 's3:ListBucket', 's3:PutObject'] })],
    ['in a resource', policy(), policy({ Resource: ['arn:aws:s3:::a', 'arn:aws:s3:::b/*'] })],
    ['in the case of a resource', policy(), policy({ Resource: ['arn:aws:s3:::A', 'arn:aws:s3:::a/*'] })],
    ['in a principal', policy(), policy({ Principal: { AWS: ['arn:aws:iam::111122223333:root'] } })],
    ['in the kind of principal', policy({ Principal: { AWS: 'x' } }), policy({ Principal: { Federated: 'x' } })],
    [
      'in another account',
      policy({ Principal: { AWS: '111122223333' } }),
      policy({ Principal: { AWS: '444455556666' } }),
    ],
    [
      'in a role of the same account',
      policy({ Principal: { AWS: '111122223333' } }),
      policy({ Principal: { AWS: 'arn:aws:iam::111122223333:role/root' } }),
    ],
    [
      'in anyone who is denied',
      policy({ Effect: 'Deny', Principal: '*' }),
      policy({ Effect: 'Deny', Principal: { AWS: '*' } }),
    ],
    ['in a condition', policy(), policy({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } })],
    [
      'in a condition operator',
      policy(),
      policy({
        Condition: { StringLike: { 'aws:PrincipalOrgID': ['o-1', 'o-2'] }, Bool: { 'aws:SecureTransport': 'true' } },
      }),
    ],
    [
      'in the case of a condition value',
      policy({ Condition: { StringEquals: { k: 'a' } } }),
      policy({ Condition: { StringEquals: { k: 'A' } } }),
    ],
    ['in their effect', policy(), policy({ Effect: 'Deny' })],
    ['in a Sid that is a name', policy(), policy({ Sid: 'Other' })],
    [
      'in the API that they name',
      policy({ Resource: 'arn:aws:execute-api:eu-west-1:111122223333:abc123/*' }),
      policy({ Resource: 'arn:aws:execute-api:eu-west-1:111122223333:zzz999/*' }),
    ],
    ['where one is no policy', policy(), '{"Version":"2012-10-17"}'],
  ];

  it.each(different)('%s', (_, a, b) => {
    expect(sameMeaning(a, b)).toBe(false);
    const schema = schemaOf({ policy: attribute('string', '!') });
    const [change, ...more] = told({ prior: { policy: a }, live: { policy: b }, schema });
    expect(change).toMatch(/^policy replace/);
    expect(more).toEqual([]);
  });
});

describe('a JSON document in a string', () => {
  const schema = schemaOf({ document: attribute('string'), variables: attribute(['map', 'string']) });

  it('is compared by its meaning', () => {
    const a = '{"a": [1, 2], "b": {"c": null}}';
    expect(told({ prior: { document: a }, live: { document: '{"b":{"c":null},"a":[1,2]}' }, schema })).toEqual([]);
    expect(told({ prior: { document: a }, live: { document: '{"b":{"c":null},"a":[2,1]}' }, schema })).toHaveLength(1);
  });

  it('is told in its own words, so that reports can show the difference', () => {
    const change = told({ prior: { document: '{ "a": 1 }' }, live: { document: '{ "a": 2 }' }, schema });
    expect(change).toEqual(['document replace "{ \\"a\\": 1 }" -> "{ \\"a\\": 2 }"']);
  });

  it('keeps numbers apart that a double cannot', () => {
    const [a, b] = ['{"n":12345678901234567890}', '{"n":12345678901234567891}'];
    expect(told({ prior: { document: a }, live: { document: b }, schema })).toHaveLength(1);
    expect(told({ prior: { document: a }, live: { document: '{"n": 12345678901234567890}' }, schema })).toEqual([]);
  });

  it("is plain text in a map whose strings are the user's", () => {
    const question = { prior: { variables: { P: '{"a":1}' } }, live: { variables: { P: '{ "a": 1 }' } } };
    expect(told({ ...question, schema })).toHaveLength(1);
    expect(told(question)).toHaveLength(1);
  });

  it('that is broken, or absurdly deep, is plain text', () => {
    const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
    expect(meaningOf(deep)).toBe(deep);
    expect(meaningOf('{"a":')).toBe('{"a":');
    expect(told({ prior: { document: deep }, live: { document: `${deep} ` }, schema })).toHaveLength(1);
  });
});
