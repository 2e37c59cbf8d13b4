import { describe, expect, it } from 'vitest';
import { unroll } from './unroll.ts';

const marked = [
  'before',
  '  //! unroll k',
  '  let n$k = w[$ku]; // the weight',
  '  sum += n$k;',
  '  //! end',
  'after',
].join('\n');

describe('unroll', () => {
  it('makes one copy of the block for each number, comments dropped', () => {
    const words = unroll(marked, 3).split(/\s+/).join(' ').trim();
    const copies = [0, 1, 2].map((k) => `let n${k} = w[${k}u]; sum += n${k};`).join(' ');
    expect(words).toBe(`before ${copies} after`);
  });

  it('keeps every other line on its number', () => {
    const lines = unroll(marked, 5).split('\n');
    expect(lines).toHaveLength(6);
    expect(lines[0]).toBe('before');
    expect(lines[5]).toBe('after');
    expect(lines[2]).toContain('w[4u]');
  });

  it('replaces its own variable only, and nothing outside', () => {
    expect(unroll('x$k\n//! unroll k\ny$k + $m;\n//! end', 1).split('\n')).toEqual(['x$k', '', 'y0 + $m;', '']);
  });

  it('unrolls blocks in blocks, each variable as often as it is told', () => {
    const nested = ['//! unroll q', 'c$q = b$q', '//! unroll k', '+ w$k[$qu]', '//! end', ';', '//! end', 'after'];
    const lines = unroll(nested.join('\n'), { q: 2, k: 3 }).split('\n');
    expect(lines.join(' ').split(/\s+/).filter(Boolean).join(' ')).toBe(
      'c0 = b0 + w0[0u] + w1[0u] + w2[0u] ; c1 = b1 + w0[1u] + w1[1u] + w2[1u] ; after',
    );
    expect(lines).toHaveLength(8);
    expect(lines[7]).toBe('after');
    expect(unroll('//! unroll m\nx$m\n//! end', { q: 2 }).trim()).toBe('x0');
  });

  it('leaves text without marks as it is', () => {
    expect(unroll('fn f() {}\n', 7)).toBe('fn f() {}\n');
  });

  it('removes the block for a count of 0', () => {
    expect(unroll(marked, 0).split(/\s+/).filter(Boolean)).toEqual(['before', 'after']);
  });

  it('refuses marks that do not pair', () => {
    expect(() => unroll('//! unroll k\n', 1)).toThrow('without "//! end"');
    expect(() => unroll('//! end\n', 1)).toThrow('without "//! unroll"');
    expect(() => unroll('//! unroll k\n//! unroll j\n//! end\n', 1)).toThrow('without "//! end"');
  });
});
