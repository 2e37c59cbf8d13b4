import { describe, expect, it } from 'vitest';
import {
  atError,
  clock,
  compact,
  exactBytes,
  fixed,
  grouped,
  listed,
  plain,
  scientific,
  shortBytes,
  withError,
} from './format.ts';

describe('numbers on the page', () => {
  it('writes small numbers of either sign with one kind of minus', () => {
    expect([-9.3e-4, 1.2e-3, 1e-3].map((value) => scientific(value, 1))).toEqual(['−9.3e−4', '1.2e−3', '1.0e−3']);
  });

  it('shows a size both rounded and exact', () => {
    expect(exactBytes(12_582_912)).toBe('12.0 MiB (12,582,912 bytes)');
    expect(shortBytes(1023)).toBe('1,023 B');
    expect(shortBytes(1024 ** 3)).toBe('1.0 GiB');
  });

  it('keeps three significant digits in rates', () => {
    expect(compact(412_345)).toBe('412 k');
    expect(compact(1_234_000)).toBe('1.23 M');
    expect(compact(9_876)).toBe('9,876');
    expect(compact(0.7123)).toBe('0.712');
    expect(compact(undefined)).toBe('–');
    expect(compact(Number.NaN)).toBe('–');
  });

  it('shows times as a clock', () => {
    expect(clock(7)).toBe('0:07');
    expect(clock(3723)).toBe('1:02:03');
    expect(clock(Number.POSITIVE_INFINITY)).toBe('–:––');
  });

  it('cuts a value at the second digit of its error', () => {
    expect(withError(-0.021345, 0.00198)).toBe('−0.0213 ± 0.0020');
    expect(withError(1234.56, 12.3)).toBe('1235 ± 12');
    expect(withError(3.21e-9, 1.1e-9)).toBe('(3.2 ± 1.1)e−9');
    expect(withError(0.5, Number.NaN)).toBe('0.5000');
  });

  it('shows as many decimals as the error means', () => {
    expect(atError(24.0000049, 7e-7)).toBe('24.00000490');
    expect(atError(-0.0009996, 0.002, 3)).toBe('−0.00100');
    expect(atError(1.25, 0)).toBe('1.2500');
  });

  it('shows what is no number as a dash, and zero without a sign', () => {
    expect(fixed(Number.NaN, 4)).toBe('–');
    expect(grouped(Number.NaN)).toBe('–');
    expect(fixed(-0.0001, 2)).toBe('0.00');
    expect(fixed(3.5e15, 4)).toBe('3.5e15');
  });

  it('names six of a long list and counts the rest', () => {
    expect(listed(['a'])).toBe('a');
    expect(listed([...'abcdef'])).toBe('a, b, c, d, e, f');
    expect(listed(Array.from({ length: 1207 }, (_, i) => `${i}`))).toBe('0, 1, 2, 3, 4, 5 and 1,201 more');
  });

  it('writes long numbers without an exponent', () => {
    expect(plain(401_300.4, 5)).toBe('401300');
    expect(plain(12.345, 4)).toBe('12.35');
    expect(plain(0.5, 4)).toBe('0.5000');
  });

  it('writes a true minus and an exponent without a plus', () => {
    expect(plain(-1.5, 2)).toBe('−1.5');
    expect(plain(-2.5e-7, 2)).toBe('−2.5e−7');
    expect(plain(3e8, 2)).toBe('3.0e8');
  });
});
