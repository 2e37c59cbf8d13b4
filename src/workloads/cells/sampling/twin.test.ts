/** Cells of the f64 twin against enumerated laws. */
import { describe, expect, test } from 'vitest';
import { chiSquareTest } from '../../../stats/chi-square.ts';
import { ConfigError } from '../../workload.ts';
import { chainLaw, mixtureJoint, parityLaw, settingsFor, smallMixture, twoClasses } from '../test-support/laws.ts';
import { countStates, exactLaw } from './exact-law.ts';
import { MixturePredictor } from './mixture-predictor.ts';
import type { Predictor } from './predictor.ts';
import type { SamplerSettings } from './settings.ts';
import { TablePredictor } from './table-predictor.ts';
import { TwinSampler } from './twin.ts';

const CELLS = 20_000;

async function sampled(settings: SamplerSettings, predictor: Predictor, cells: Parameters<TwinSampler['begin']>[0]) {
  const sampler = new TwinSampler(settings, predictor);
  sampler.begin(cells);
  await sampler.advance(Number.POSITIVE_INFINITY);
  expect(sampler.done).toBe(true);
  return sampler.tokens();
}

const seedsFrom = (first: number, count: number) => Uint32Array.from({ length: count }, (_, i) => first + i);

/** p of the cells against the law of the same settings. */
async function holds(settings: SamplerSettings, predictor: Predictor, options: Parameters<typeof exactLaw>[2] = {}) {
  const repeat = (values: ArrayLike<number> | undefined) =>
    values && Array.from({ length: CELLS }, () => Array.from(values)).flat();
  const start = repeat(options.start);
  const labels = repeat(options.labels);
  const tokens = await sampled(settings, predictor, {
    seeds: seedsFrom(1, CELLS),
    ...(start && { start: Uint8Array.from(start) }),
    ...(labels && { labels: Uint32Array.from(labels) }),
  });
  return chiSquareTest(countStates(tokens, settings), await exactLaw(settings, predictor, options)).p;
}

describe.each([
  ['chain', chainLaw()],
  ['parity', parityLaw()],
])('%s: 20,000 cells follow the exact law', (_, law) => {
  const predictor = new TablePredictor(law);
  test.each([
    ['tweedie', 'loglinear', 1],
    ['tweedie', 'loglinear', 4],
    ['tweedie', 'geometric', 4],
    ['euler', 'loglinear', 16],
    ['euler', 'geometric', 16],
    ['balanced', 'loglinear', 2],
    ['balanced', 'loglinear', 3],
    ['first-hitting', 'loglinear', 1],
    ['origin', 'loglinear', 4],
    ['origin', 'loglinear', 1000],
    ['origin', 'geometric', 128],
  ] as const)('%s, %s, %i steps', async (rule, schedule, steps) => {
    expect(await holds(settingsFor(law, { rule, schedule, steps }), predictor)).toBeGreaterThan(1e-4);
  });
});

test('temperature, guidance and known genes follow their laws too', async () => {
  const chain = chainLaw();
  const table = new TablePredictor(chain);
  for (const temperature of [0.7, 1.3])
    expect(await holds(settingsFor(chain, { temperature }), table)).toBeGreaterThan(1e-4);
  expect(await holds(settingsFor(chain), table, { start: [3, 1, 3] })).toBeGreaterThan(1e-4);
  const classes = twoClasses();
  for (const guidance of [0, 0.5, 1, 3])
    expect(
      await holds(settingsFor(classes, { guidance }), new TablePredictor(classes), { labels: [0, 0] }),
    ).toBeGreaterThan(1e-4);
});

test('the law is told from that of twice the steps: the test can fail', async () => {
  const law = chainLaw();
  const predictor = new TablePredictor(law);
  const tokens = await sampled(settingsFor(law, { steps: 2 }), predictor, { seeds: seedsFrom(1, CELLS) });
  const other = await exactLaw(settingsFor(law, { steps: 4 }), predictor);
  expect(chiSquareTest(countStates(tokens, law), other).p).toBeLessThan(1e-12);
});

test('a mixture predicts as the enumerated law of the same mixture does, with a label and without', async () => {
  const tables = smallMixture(3, 4, 3);
  const mixture = new MixturePredictor(tables);
  const table = new TablePredictor({ ...tables, classes: [mixtureJoint(tables)] });
  const settings = settingsFor(tables, { steps: 3 });
  const cells = { seeds: seedsFrom(5, 500) };
  // Differences of 1e-15 in a weight move no token but one whose word lies there: none of 2,000.
  expect(await sampled(settings, mixture, cells)).toEqual(await sampled(settings, table, cells));
  const one = { ...tables, classes: 1, logPrior: [0], logProb: Array.from(tables.logProb).slice(12, 24) };
  const labelled = { ...cells, labels: new Uint32Array(1000).fill(1) };
  expect(await sampled(settings, mixture, labelled)).toEqual(await sampled(settings, new MixturePredictor(one), cells));
});

test('a cell is the same in any chunk and by any pace; known genes keep their tokens', async () => {
  const law = chainLaw();
  const settings = settingsFor(law, { steps: 5 });
  const predictor = new TablePredictor(law);
  const start = Uint8Array.from({ length: 3 * 40 }, (_, row) => (row % 4 === 0 ? row % 3 : 3));
  const all = await sampled(settings, predictor, { seeds: seedsFrom(9, 40), start });
  start.forEach((token, row) => {
    if (token < 3) expect(all[row]).toBe(token);
  });
  const paced = new TwinSampler(settings, predictor);
  for (let first = 0; first < 40; first += 7) {
    const end = Math.min(40, first + 7);
    paced.begin({ seeds: seedsFrom(9 + first, end - first), start: start.slice(3 * first, 3 * end) });
    let before = 0;
    while (!paced.done) {
      await paced.advance(0, 1);
      expect(paced.revealed).toBeGreaterThan(before);
      before = paced.revealed;
    }
    expect(paced.step).toBe(paced.steps);
    expect(await paced.tokens()).toEqual(all.slice(3 * first, 3 * end));
  }
});

test('what does not fit is refused by name', () => {
  const law = chainLaw();
  const sampler = new TwinSampler(settingsFor(law), new TablePredictor(law));
  const seeds = seedsFrom(0, 2);
  expect(() => sampler.begin({ seeds, start: Uint8Array.of(0, 1, 2, 3, 4, 0) })).toThrow(/Cell 1 starts with token 4/);
  expect(() => sampler.begin({ seeds, labels: new Uint32Array(3) })).toThrow(ConfigError);
  const cold = new TwinSampler(settingsFor(law, { temperature: 0 }), new TablePredictor(law));
  expect(() => cold.begin({ seeds })).toThrow(/temperature above 0/);
});
