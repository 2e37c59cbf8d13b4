/** The enumerated law against closed forms. */
import { describe, expect, test } from 'vitest';
import { chainLaw, parityLaw, settingsFor, twoClasses } from '../test-support/laws.ts';
import { exactLaw } from './exact-law.ts';
import type { RevealRule } from './rules.ts';
import { type EnumeratedLaw, TablePredictor } from './table-predictor.ts';

const total = (law: Float64Array) => law.reduce((sum, p) => sum + p, 0);
const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from({ length: a.length }, (_, i) => Math.abs(a[i] - b[i]) / 2).reduce((sum, d) => sum + d, 0);

function productOfMarginals({ genes, bins, classes: [joint] }: EnumeratedLaw): number[] {
  const bin = (state: number, gene: number) => Math.floor(state / bins ** (genes - 1 - gene)) % bins;
  const marginal = (gene: number, value: number) =>
    Array.from(joint).reduce((sum, p, state) => sum + (bin(state, gene) === value ? p : 0), 0);
  return Array.from({ length: joint.length }, (_, state) => {
    let p = 1;
    for (let gene = 0; gene < genes; gene++) p *= marginal(gene, bin(state, gene));
    return p;
  });
}

describe.each([
  ['chain', chainLaw()],
  ['parity', parityLaw()],
])('%s', (_, law) => {
  const predictor = new TablePredictor(law);
  const of = (rule: RevealRule, steps: number, changes = {}) =>
    exactLaw(settingsFor(law, { rule, steps, ...changes }), predictor);

  test('one gene at a time is exact', async () => {
    expect(distance(await of('first-hitting', 1), law.classes[0])).toBeLessThan(1e-14);
    expect(distance(await of('balanced', law.genes), law.classes[0])).toBeLessThan(1e-14);
  });

  test('all at once is the product of marginals', async () => {
    const marginals = productOfMarginals(law);
    expect(distance(await of('balanced', 1), marginals)).toBeLessThan(1e-14);
    // One step leaves 1e-5 of each gene for the denoising.
    expect(distance(await of('tweedie', 1), marginals)).toBeLessThan(law.genes * 1e-5);
    expect(distance(await of('origin', 16), marginals)).toBeLessThan(1e-5);
  });

  test('the error of Tweedie falls as 1/N', async () => {
    const [far, near] = await Promise.all([of('tweedie', 32), of('tweedie', 64)]);
    expect(distance(far, law.classes[0]) / distance(near, law.classes[0])).toBeCloseTo(2, 1);
  });

  test('each is a law', async () => {
    for (const rule of ['tweedie', 'euler', 'origin'] as const)
      for (const schedule of ['loglinear', 'geometric'] as const)
        expect(total(await of(rule, 4, { schedule, temperature: 0.7 }))).toBeCloseTo(1, 13);
  });
});

test('temperature sharpens as p^{1/T}: one hidden gene', async () => {
  const predictor = new TablePredictor({ genes: 1, bins: 3, classes: [[0.2, 0.3, 0.5]] });
  const law = await exactLaw(settingsFor(predictor, { temperature: 0.5 }), predictor);
  [0.04, 0.09, 0.25].forEach((weight, bin) => {
    expect(law[bin]).toBeCloseTo(weight / 0.38, 13);
  });
});

test('imputation with the middle of a chain known is exact: its ends are then independent', async () => {
  const law = chainLaw();
  const [joint] = law.classes;
  const found = await exactLaw(settingsFor(law, { steps: 1 }), new TablePredictor(law), { start: [3, 1, 3] });
  const known = Array.from(joint, (p, state) => (Math.floor(state / 3) % 3 === 1 ? p : 0));
  const sum = known.reduce((a, b) => a + b, 0);
  expect(
    distance(
      found,
      known.map((p) => p / sum),
    ),
  ).toBeLessThan(1e-14);
});

test('guidance: γ = 1 is the class, γ = 0 the mixture, and γ > 1 sharper than the class', async () => {
  const law = twoClasses();
  const predictor = new TablePredictor(law);
  const of = (guidance: number) =>
    exactLaw(settingsFor(law, { rule: 'first-hitting', guidance }), predictor, { labels: [0, 0] });
  const mixture = Array.from(law.classes[0], (p, i) => (p + law.classes[1][i]) / 2);
  expect(distance(await of(1), law.classes[0])).toBeLessThan(1e-14);
  expect(distance(await of(0), mixture)).toBeLessThan(1e-14);
  const sharp = await of(3);
  expect(total(sharp)).toBeCloseTo(1, 13);
  expect(distance(sharp, mixture)).toBeGreaterThan(distance(law.classes[0], mixture) + 0.05);
});

test('the denoising alone is the product of the marginals, or all on their modes', async () => {
  const law = chainLaw();
  const predictor = new TablePredictor(law);
  const drawn = await exactLaw(settingsFor(law, { steps: 0 }), predictor);
  expect(distance(drawn, productOfMarginals(law))).toBeLessThan(1e-14);
  const likeliest = await exactLaw(settingsFor(law, { steps: 0, denoise: 'argmax' }), predictor);
  expect(Math.max(...likeliest)).toBe(1);
  // At a known middle of 1 its neighbours are likeliest 1 too: P(x₀ = 1 | 1) = .225/.275, P(x₂ = 1 | 1) = .75.
  const start = [3, 1, 3];
  const known = await exactLaw(settingsFor(law, { steps: 0, denoise: 'argmax' }), predictor, { start });
  expect(known[9 + 3 + 1]).toBe(1);
});
