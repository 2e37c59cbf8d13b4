import { describe, expect, it } from 'vitest';
import { ebfmi } from './ebfmi.ts';
import { essBulk, essMean, essQuantile, essSd, essTail } from './ess.ts';
import { normals, referenceDraws } from './fixtures/draws.ts';
import reference from './fixtures/reference.json';
import { mcseMean, mcseQuantile, mcseSd } from './mcse.ts';
import { rhat } from './rhat.ts';
import { summarize } from './summary.ts';

/** Fails unless the values agree to `tolerance` relative. */
function expectClose(actual: number, expected: number, what: string, tolerance = 1e-6): void {
  expect(Math.abs(actual - expected), `${what}: ${actual} against ${expected}`).toBeLessThanOrEqual(
    tolerance * Math.abs(expected),
  );
}

describe.each(reference.cases)('against NumPy and SciPy: $name', (example) => {
  const { chains, draws, expected } = example;
  const x = referenceDraws(example);

  it('summarizes', () => {
    // Peaks have tests of their own.
    const { peaks: _, ...summary } = summarize(x, chains, draws);
    for (const [name, value] of Object.entries(summary)) {
      expectClose(value, expected[name as keyof typeof summary], name);
    }
  });

  it('has the same effective sample sizes and errors', () => {
    expectClose(rhat(x, chains, draws), expected.rhat, 'rhat');
    expectClose(essBulk(x, chains, draws), expected.essBulk, 'essBulk');
    expectClose(essTail(x, chains, draws), expected.essTail, 'essTail');
    expectClose(essMean(x, chains, draws), expected.essMean, 'essMean');
    expectClose(essSd(x, chains, draws), expected.essSd, 'essSd');
    expectClose(essQuantile(x, chains, draws, 0.5), expected.essMedian, 'essMedian');
    expectClose(mcseMean(x, chains, draws), expected.mcse, 'mcse');
    expectClose(mcseSd(x, chains, draws), expected.mcseSd, 'mcseSd');
    expectClose(mcseQuantile(x, chains, draws, 0.5), expected.mcseMedian, 'mcseMedian');
    expectClose(mcseQuantile(x, chains, draws, 0.1), expected.mcseQ10, 'mcseQ10');
  });

  it('has the same E-BFMI', () => {
    ebfmi(x, chains, draws).forEach((value, chain) => {
      expectClose(value, expected.ebfmi[chain], `chain ${chain}`);
    });
  });
});

describe('AR(1) chains, whose values are known analytically (Priestley 1981, Spectral Analysis and Time Series, §3.5)', () => {
  // The autocorrelation at lag k is φ^k, so ESS = S (1 − φ)/(1 + φ); that of (x − mean)² is φ^2k for Gaussian chains, so
  // ESS = S (1 − φ²)/(1 + φ²) for the standard deviation. Taken as energies, E-BFMI = E[(x_t − x_t−1)²]/σ² = 2 (1 − φ).
  it.each([0, 0.2, 0.5, 0.8, 0.9, -0.2, -0.4])('φ = %d: effective sample sizes, errors, R̂ and E-BFMI', (phi) => {
    const [chains, draws] = [8, 5000];
    const x = referenceDraws({ name: '', seed: 77, chains, draws, phi, shift: 0, kind: 'plain' });
    const ess = (chains * draws * (1 - phi)) / (1 + phi);
    const essOfSd = (chains * draws * (1 - phi ** 2)) / (1 + phi ** 2);
    expectClose(essMean(x, chains, draws), ess, 'ESS', 0.1);
    expectClose(essBulk(x, chains, draws), ess, 'bulk ESS', 0.1);
    expectClose(essSd(x, chains, draws), essOfSd, 'ESS of the sd', 0.1);
    expectClose(mcseMean(x, chains, draws), 1 / Math.sqrt(ess), 'MCSE of the mean', 0.1);
    // For normal draws the error of the sd is σ/√(2 ESS).
    expectClose(mcseSd(x, chains, draws), 1 / Math.sqrt(2 * essOfSd), 'MCSE of the sd', 0.1);
    expect(rhat(x, chains, draws)).toBeLessThan(1.01);
    for (const value of ebfmi(x, chains, draws)) expectClose(value, 2 * (1 - phi), 'E-BFMI', 0.15);
  });
});

it('has at least 20 cases with reference values of another implementation, besides the analytic ones', () => {
  expect(reference.cases.length).toBeGreaterThanOrEqual(20);
  expect(reference.provenance).toMatch(/NumPy.*SciPy/);
});

describe('draws that are no posterior', () => {
  const healthy = normals(3, 400);
  const broken = [
    ['a NaN draw', healthy.with(17, Number.NaN)],
    ['an infinite draw', healthy.with(399, Number.POSITIVE_INFINITY)],
    ['frozen chains', new Float64Array(400).fill(24.25)],
  ] as const;
  it.each(broken)('%s gives NaN, never a large effective sample size', (_, values) => {
    for (const diagnostic of [rhat, essBulk, essTail, essMean, essSd, mcseMean, mcseSd]) {
      expect(diagnostic(values, 4, 100)).toBeNaN();
    }
    expect(essQuantile(values, 4, 100, 0.5)).toBeNaN();
    expect(mcseQuantile(values, 4, 100, 0.5)).toBeNaN();
    expect(summarize(values, 4, 100).essTail).toBeNaN();
  });

  it('a NaN draw makes location and spread NaN, the median too', () => {
    const { mean, median, sd, q05, q95 } = summarize(healthy.with(17, Number.NaN), 4, 100);
    expect([mean, median, sd, q05, q95]).toEqual([NaN, NaN, NaN, NaN, NaN]);
  });

  it('frozen chains keep their location', () => {
    expect(summarize(new Float64Array(400).fill(24.25), 4, 100)).toMatchObject({ mean: 24.25, median: 24.25, sd: 0 });
  });

  it('one chain has no R̂ and three draws have no diagnostics, as in ArviZ', () => {
    expect(rhat(healthy, 1, 400)).toBeNaN();
    expect(essBulk(healthy, 1, 400)).toBeGreaterThan(200);
    expect(essBulk(healthy.subarray(0, 12), 4, 3)).toBeNaN();
  });

  it('a length that is not chains × draws is refused with both numbers', () => {
    expect(() => rhat(healthy, 4, 99)).toThrow('values has 400 entries, but 4 chains × 99 draws need 396');
  });

  it('a chain whose energy never changes has no E-BFMI', () => {
    const energy = normals(5, 40).fill(3, 0, 20);
    const [frozen, moving] = ebfmi(energy, 2, 20);
    expect(frozen).toBeNaN();
    expect(moving).toBeGreaterThan(1);
  });
});

/** Milliseconds of the quickest of many calls in turns: whatever else the machine does made the others longer. */
function quickest(...works: readonly (() => void)[]): number[] {
  const best = works.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < 40; round++) {
    works.forEach((work, i) => {
      const start = performance.now();
      work();
      best[i] = Math.min(best[i], performance.now() - start);
    });
  }
  return best;
}

it('diagnoses a column in the time of a few sorts of it, and a longer one in proportion', () => {
  const [column, longer] = [normals(1, 640), normals(2, 8 * 640)];
  const [short, long, sort] = quickest(
    () => summarize(column, 4, 160),
    () => summarize(longer, 4, 8 * 160),
    () => Array.from(column).sort((a, b) => a - b),
  );
  // It takes about one. Sixteen were half a second for 64 posteriors of 4 parameters, which a page would feel.
  expect(short).toBeLessThan(8 * sort);
  // n log n is 10 times as long; autocovariances term by term would be 64 times as long.
  expect(long).toBeLessThan(24 * short);
});
