import { describe, expect, it } from 'vitest';
import { maskKeyValue } from '../../src/record/mask.ts';
import type { Value } from '../../src/model/value.ts';

const mask = (key: string, value: Value, sensitive = false) => maskKeyValue(key, value, sensitive, () => 'masked');

describe('the value of a key', () => {
  it.each([
    ['app/db_password', 'hunter22'],
    ['app/db_password', 123456],
    ['app.stripe.api_key', 'x'],
    ['STRIPE_KEY', 'x'],
    ['secrets/production', 'x'],
    ['note', '-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----'],
    ['url', 'postgres://app:hunter22@db.example/app'],
  ])('of %s is masked', (key, value) => expect(mask(key, value)).toBe('masked'));

  it.each([
    ['app/max_batch_size', 50],
    ['app/password_rotation_days', 30],
    ['secret-rotation/enabled', true],
    ['flags/new_checkout', 'on'],
    ['pool', { min: 1, max: 10 }],
  ])('of %s is not', (key, value) => expect(mask(key, value)).toEqual(value));

  it('is masked only where the secret stands', () => {
    expect(mask('service', { url: 'a', password: 'hunter22', deep: [{ token: 'x' }] })).toEqual({
      url: 'a',
      password: 'masked',
      deep: [{ token: 'masked' }],
    });
  });

  it('is masked whole where somebody says that it is sensitive; that there is none is no secret', () => {
    expect(mask('plain', { a: 1 }, true)).toBe('masked');
    expect(mask('plain', null, true)).toBe(null);
  });
});
