import { expect, test } from 'vitest';
import { realizationsNeeded, WIDTH_TIMES_SNR } from './realizations.ts';

test('the number of realizations is that of the error formula', () => {
  // S/N 100, g = 0.02, σ_m = 1e-3: (2.06/(100 · 0.02 · 1e-3))².
  expect(realizationsNeeded(WIDTH_TIMES_SNR / 100, 0.02, 1e-3)).toBeCloseTo(1030 ** 2, 6);
});
