import { describe, expect, it } from 'vitest';
import { formatPath } from '../../src/model/path.ts';
import type { Value } from '../../src/model/value.ts';
import { isSecretName } from '../../src/resources/secret-names.ts';
import { isSecretText } from '../../src/resources/secret-text.ts';
import { maskSecrets, secretPaths } from '../../src/resources/secrets.ts';
import { attribute, block, redact, schemaOf } from '../support/compare.ts';

const found = (
  value: Value,
  more: Partial<{ schema: ReturnType<typeof schemaOf>; marks: string[][]; type: string }> = {},
) => secretPaths(value, more.schema, more.marks ?? [], more.type ?? 'test_thing').map(formatPath);

describe('secretPaths', () => {
  it('finds what the schema calls sensitive or write-only, whatever its name and kind', () => {
    const schema = schemaOf(
      {
        plain: attribute('string'),
        a: attribute('string', '?*'),
        b: attribute('number', 'w'),
        c: attribute(['map', 'string'], '?*'),
      },
      { inner: block('list', { d: attribute('bool', '?*'), e: attribute('bool') }) },
    );
    const value = { plain: 'p', a: 'x', b: 7, c: { k: 'arn:aws:iam::1:x' }, inner: [{ d: true, e: true }] };
    expect(found(value, { schema })).toEqual(['a', 'b', 'c.k', 'inner[0].d']);
  });

  it('finds whole subtrees that the state marks, and the merged tags with the marked ones', () => {
    const value = {
      tags: { K: 'v', O: 'w' },
      tags_all: { K: 'v', O: 'w' },
      deep: { list: [{ x: 1 }, 'y', false, null] },
    };
    expect(found(value, { marks: [['tags', 'K'], ['deep']] })).toEqual([
      'tags.K',
      'tags_all.K',
      'deep.list[0].x',
      'deep.list[1]',
      'deep.list[2]',
    ]);
  });

  it('finds everything where the mark is the resource itself', () => {
    expect(found({ a: 'x', b: { c: 1 } }, { marks: [[]] })).toEqual(['a', 'b.c']);
  });

  it('finds what is named as a secret and leaves what only speaks of one', () => {
    const value = {
      password: 'x',
      master_password: 'x',
      auth_token: 'x',
      secret_string: 'x',
      connection_string: 'x',
      secret_arn: 'y',
      kms_key_id: 'y',
      token_ttl: 5,
      secret_id: 'y',
      password_policy: { minimum_length: 8 },
      manage_master_user_password: true,
      secret: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:x',
    };
    expect(found(value)).toEqual(['password', 'master_password', 'auth_token', 'secret_string', 'connection_string']);
  });

  it("finds secrets in a user's environment, by key and by form", () => {
    const variables = {
      DB_PASSWORD: 'x',
      STRIPE_KEY: 'x',
      DATABASE_URL: 'x',
      LOG: 'info',
      S3_KEY: 'a/b',
      REPO: 'https://u:p4ss@host/x',
    };
    expect(found({ environment: [{ variables }] })).toEqual([
      'environment[0].variables.DB_PASSWORD',
      'environment[0].variables.STRIPE_KEY',
      'environment[0].variables.DATABASE_URL',
      'environment[0].variables.REPO',
    ]);
  });

  it('finds the value of a pair whose name gives it away', () => {
    const value = {
      environment_variable: [
        { name: 'API_TOKEN', value: 'x' },
        { name: 'STAGE', value: 'y' },
      ],
    };
    expect(found(value)).toEqual(['environment_variable[0].value']);
  });

  it('goes into JSON that a string holds', () => {
    const containers = JSON.stringify([
      {
        name: 'web',
        environment: [
          { name: 'DB_PASSWORD', value: 'hunter2-x' },
          { name: 'MODE', value: 'prod' },
        ],
        secrets: [{ name: 'TOKEN', valueFrom: 'arn:aws:ssm:eu-west-1:111122223333:parameter/t' }],
      },
    ]);
    const value = { container_definitions: containers };
    const paths = secretPaths(value, undefined, [], 'test_thing');
    expect(paths.map(formatPath)).toEqual(['container_definitions[0].environment[0].value']);
    const masked = maskSecrets(value, paths, redact) as { container_definitions: string };
    expect(masked.container_definitions).not.toContain('hunter2');
    const [web] = JSON.parse(masked.container_definitions);
    expect(web.environment[1]).toEqual({ name: 'MODE', value: 'prod' });
    expect(web.secrets[0].valueFrom).toContain('parameter/t');
  });

  it('finds nothing in empty values: there is nothing to hide', () => {
    expect(found({ password: '', token: null, secrets: [] })).toEqual([]);
  });
});

describe('a name', () => {
  it.each([
    'password',
    'DB_PASSWORD',
    'dbPassword',
    'db-pass',
    'apiKey',
    'API_KEY',
    'x-api-key',
    'clientSecret',
    'oauth_token',
    'privateKey',
    'PGPASSWORD',
    'accessKey',
    'SLACK_WEBHOOK_URL',
    'smtp_pass',
  ])("%s is a secret's", (name) => {
    expect(isSecretName(name, true)).toBe(true);
  });

  it.each([
    'name',
    'key',
    'hash_key',
    'partition_key',
    'public_key',
    'kms_key_id',
    'secret_arn',
    'token_ttl',
    'password_length',
    'tokenizer',
    'author',
    'key_name',
    'password_enabled',
  ])('%s is not', (name) => {
    expect(isSecretName(name, false)).toBe(false);
    expect(isSecretName(name, true)).toBe(false);
  });
});

describe('a text', () => {
  it.each([
    '-----BEGIN RSA PRIVATE KEY-----\nMIIE',
    '-----BEGIN PRIVATE KEY-----',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl',
    'postgres://app:s3cr3t@db.internal:5432/app',
    `ghp_${'a'.repeat(36)}`,
    'xoxb-123456789012-abcdefghijkl',
    'AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    'Server=db;User Id=sa;Password=hunter22;',
    '#!/bin/sh\nexport DB_PASSWORD=hunter22\n',
    'api_key: "abcdef123"',
    Buffer.from('#!/bin/sh\nexport DB_PASSWORD=hunter22\n').toString('base64'),
  ])('%j gives a secret away', (text) => {
    expect(isSecretText(text)).toBe(true);
  });

  it.each([
    'https://example.com/path?x=1',
    'arn:aws:iam::111122223333:role/secret-reader',
    'AKIAIOSFODNN7EXAMPLE',
    'Reads the password from the store',
    'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
    '10.0.0.0/16',
    'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ user@host',
    '',
  ])('%j does not', (text) => {
    expect(isSecretText(text)).toBe(false);
  });

  it('of great length is answered at once', () => {
    expect(isSecretText(`${'a:'.repeat(200_000)}`)).toBe(false);
    expect(isSecretText(`${'A'.repeat(400_000)}`)).toBe(false);
    expect(isSecretText(`${'PASSWORD'.repeat(30_000)}`)).toBe(false);
  });
});

describe('maskSecrets', () => {
  it('masks leaves at their paths and nothing else', () => {
    const value = { a: ['x', { b: 'secret', c: 1 }], d: 'e' };
    expect(maskSecrets(value, [['a', 1, 'b']], () => '***')).toEqual({ a: ['x', { b: '***', c: 1 }], d: 'e' });
    expect(maskSecrets(value, [], () => '***')).toBe(value);
  });

  it('treats keys of the prototype as data', () => {
    const value = JSON.parse('{"__proto__":{"password":"hunter22"},"constructor":{"token":"tok-12345"}}');
    const masked = maskSecrets(value, secretPaths(value, undefined, [], 't'), () => '***');
    expect(JSON.stringify(masked)).toBe('{"__proto__":{"password":"***"},"constructor":{"token":"***"}}');
  });
});
