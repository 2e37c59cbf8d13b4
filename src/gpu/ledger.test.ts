import { describe, expect, it } from 'vitest';
import { Ledger } from './ledger.ts';

describe('Ledger', () => {
  it('counts current and peak bytes, lists the largest first, and returns to zero', () => {
    const ledger = new Ledger();
    const a = ledger.add('a', 100, 'storage');
    const b = ledger.add('b', 300, 'readback');
    expect(ledger.entries.map(({ name }) => name)).toEqual(['b', 'a']);
    ledger.remove(b);
    const c = ledger.add('a', 50, 'storage');
    expect([ledger.current, ledger.peak]).toEqual([150, 400]);
    ledger.remove(a);
    ledger.remove(c);
    ledger.remove(c);
    expect([ledger.current, ledger.peak, ledger.entries.length]).toEqual([0, 400, 0]);
  });
});
