import { describe, expect, it, test } from 'vitest';
import type { ImageStack } from '../../bundle/images.ts';
import type { OwnFiles } from '../../bundle/own-file.ts';
import type { TruthTable } from '../../bundle/truth-table.ts';
import { ConfigError } from '../workload.ts';
import { itemCount, shearItems, shearRunId } from './items.ts';
import { readShearParams } from './params.ts';
import { shearModel } from './spec.ts';
import { truthWarnings } from './truth-values.ts';

const images = (n: number): ImageStack => ({
  name: 'mine.npy',
  n,
  ny: 48,
  nx: 48,
  pixels: new Float32Array(n * 48 * 48),
  sha256: 'sha256:00',
});
const truth = (rows: TruthTable['rows']): TruthTable => ({ name: 'truth.csv', sha256: 'sha256:00', rows });
const items = (params: object, files: OwnFiles = {}, seed = 42) => {
  const inputs = { files };
  const values = readShearParams({ ...params });
  return shearItems(values, shearModel(values, inputs).spec, seed, inputs);
};

describe('simulated items', () => {
  it('run over realizations within shears, with seeds that count on through the whole list', () => {
    const list = items({ shearGrid: [0.01, -0.02], g2: 0.005, realizations: 2 });
    expect(list.map(({ runId }) => runId)).toEqual([
      'g1_+0.0100_g2_+0.0050_s42',
      'g1_+0.0100_g2_+0.0050_s43',
      'g1_-0.0200_g2_+0.0050_s44',
      'g1_-0.0200_g2_+0.0050_s45',
    ]);
    expect(list.map(({ index, seed }) => [index, seed])).toEqual([
      [0, 42],
      [1, 43],
      [2, 44],
      [3, 45],
    ]);
    expect(list[3].truth).toEqual({ g1: -0.02, g2: 0.005, x: 24, y: 24, flux: 1000, hlr: 0.5, e1: 0, e2: 0 });
  });

  it('name the folder as SHINE does', () => {
    expect(shearRunId(0.01, 0, 42)).toBe('g1_+0.0100_g2_+0.0000_s42');
    expect(shearRunId(-0.12345, 0.3, 7)).toBe('g1_-0.1235_g2_+0.3000_s7');
  });

  it('are counted without being made', () => {
    expect(itemCount(readShearParams({ realizations: 5 }), {})).toBe(15);
    expect(itemCount(readShearParams({ realizations: 5, truthSource: 'prior' }), {})).toBe(5);
    expect(itemCount(readShearParams({}), { files: { images: images(7) } })).toBe(7);
  });

  it('are refused beyond a million', () => {
    const shearGrid = Array.from({ length: 11 }, (_, i) => i / 100);
    expect(() => items({ shearGrid, realizations: 100_000 })).toThrow(/1100000 items in all are too many/);
  });
});

describe('items drawn from the prior', () => {
  const drawn = items({ truthSource: 'prior', realizations: 2000, freeParameters: '8', e1: 0.5 });

  it('have the prior’s mean and width in every free parameter', () => {
    const expected: Record<string, [number, number]> = {
      g1: [0.02, 0.05],
      g2: [-0.01, 0.05],
      x: [24, 1 / Math.sqrt(12)],
      y: [24, 1 / Math.sqrt(12)],
      flux: [Math.log(1000), 0.5],
      hlr: [Math.log(0.5), 0.3],
      e1: [0, 0.2],
      e2: [0, 0.2],
    };
    for (const [name, [mean, sd]] of Object.entries(expected)) {
      const log = name === 'flux' || name === 'hlr';
      const values = drawn.map((item) => (log ? Math.log(item.truth[name]) : item.truth[name]));
      const average = values.reduce((sum, v) => sum + v, 0) / values.length;
      const variance = values.reduce((sum, v) => sum + (v - average) ** 2, 0) / values.length;
      expect(Math.abs(average - mean)).toBeLessThan((4 * sd) / Math.sqrt(values.length));
      expect(Math.abs(Math.sqrt(variance) / sd - 1)).toBeLessThan(4 / Math.sqrt(2 * values.length));
    }
  });

  it('depend on their own seed alone, and keep fixed parameters at their values', () => {
    const shifted = items({ truthSource: 'prior', realizations: 3 }, {}, 44);
    const base = items({ truthSource: 'prior', realizations: 5 }, {}, 42);
    expect(shifted.map((item) => item.truth)).toEqual(base.slice(2).map((item) => item.truth));
    expect(base[0].truth).toMatchObject({ flux: 1000, hlr: 0.5, e1: 0 });
  });
});

describe('galaxies of a population', () => {
  const population = { morphology: 'population', shearGrid: [0.02], realizations: 2000 };

  it('have flux, size and ellipticity of their own with the stated widths, at the shear and place of the list', () => {
    const drawn = items(population);
    const spread = (of: (truth: Readonly<Record<string, number>>) => number) => {
      const values = drawn.map(({ truth }) => of(truth));
      const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
      return { mean, sd: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length) };
    };
    for (const [found, mean, sd] of [
      [spread(({ flux }) => Math.log(flux)), Math.log(1000), 0.5],
      [spread(({ hlr }) => Math.log(hlr)), Math.log(0.5), 0.3],
      [spread(({ e1 }) => e1), 0, 0.2],
      [spread(({ e2 }) => e2), 0, 0.2],
    ] as const) {
      expect(Math.abs(found.mean - mean)).toBeLessThan((4 * sd) / Math.sqrt(2000));
      expect(Math.abs(found.sd / sd - 1)).toBeLessThan(4 / Math.sqrt(4000));
    }
    expect(drawn.every(({ truth: { g1, g2, x, y } }) => g1 === 0.02 && g2 === 0 && x === 24 && y === 24)).toBe(true);
  });

  it('look the same for a seed, whatever is fitted and where the shear comes from', () => {
    const shape = ({ truth: { flux, hlr, e1, e2 } }: { truth: Readonly<Record<string, number>> }) => [
      flux,
      hlr,
      e1,
      e2,
    ];
    const [grid] = items(population);
    const [prior] = items({ ...population, truthSource: 'prior' });
    const [free] = items({ truthSource: 'prior', freeParameters: '8', realizations: 1 });
    expect(shape(prior)).toEqual(shape(grid));
    expect(shape(free)).toEqual(shape(grid));
  });
});

describe('items of the user’s images', () => {
  it('are numbered where nothing is known of them', () => {
    const list = items({}, { images: images(2) });
    expect(list.map(({ runId }) => runId)).toEqual(['image_0000_s42', 'image_0001_s43']);
    expect(list[0].truth).toEqual({});
  });

  it('take shear, seed and order from the truth table', () => {
    const table = truth([
      { index: 1, g1: 0.02, g2: -0.01, x: 24.5, seed: 9 },
      { index: 0, g1: -0.05, g2: -0.01 },
    ]);
    const list = items({}, { images: images(2), truth: table });
    expect(list.map(({ runId }) => runId)).toEqual(['g1_-0.0500_g2_-0.0100_s42', 'g1_+0.0200_g2_-0.0100_s9']);
    expect(list[1].truth).toEqual({ g1: 0.02, g2: -0.01, x: 24.5 });
  });

  it.each([
    ['a wrong number of rows', [{ g1: 0 }], /truth\.csv has 1 rows, the image file has 2 images/],
    ['unknown columns only', [{ shear: 1 }, { shear: 2 }], /none of the columns g1, g2/],
    [
      'a repeated index',
      [
        { index: 0, g1: 0 },
        { index: 0, g1: 0 },
      ],
      /index must hold each of 0 … 1 once, and 0 breaks/,
    ],
    ['a missing index', [{ index: 0, g1: 0 }, { g1: 0 }], /an empty cell breaks that/],
    [
      'a sentinel where nothing is known',
      [{ g1: -99, g2: -99 }, { g1: 0 }],
      /image 0 \(counted from 0\), column g1: -99 is not allowed; g1 is from -0\.9 to 0\.9\. Leave a cell empty/,
    ],
    [
      'a shear of two large components',
      [{ g1: 0 }, { g1: 0.8, g2: 0.7 }],
      /image 1 .*g1 and g2: \|g\| is 1\.063; .*at most 0\.9/,
    ],
    ['an ellipticity above 1', [{ e1: 0.7, e2: 0.75 }, {}], /e1 and e2: \|e\| is 1\.026/],
    ['no flux', [{ flux: 1 }, { flux: 0 }], /image 1 .*column flux: 0 is not allowed; flux is above 0/],
    ['a sentinel for the size', [{ hlr: -1 }, {}], /column hlr: -1 is not allowed/],
    ['a position in another image', [{ x: 1024.5 }, {}], /column x: 1024\.5 is not allowed; x is from 0 to 48 px/],
    [
      'a sentinel at its row of the index',
      [
        { index: 1, g1: -99 },
        { index: 0, g1: 0 },
      ],
      /row of image 1/,
    ],
    ['a broken seed', [{ g1: 0, seed: 1.5 }, { g1: 0 }], /the seed 1\.5 of image 0/],
    [
      'results that would share a folder',
      [
        { g1: 0, g2: 0, seed: 3 },
        { g1: 0, g2: 0, seed: 3 },
      ],
      /images 0 and 1 have the same shear and seed/,
    ],
  ])('are refused with a truth table with %s', (_, rows, message) => {
    const inputs = { images: images(2), truth: truth(rows as TruthTable['rows']) };
    expect(() => items({}, inputs)).toThrow(ConfigError);
    expect(() => items({}, inputs)).toThrow(message);
  });

  it('name columns of a truth table that nothing reads', () => {
    const mixed = truth([{ index: 0, seed: 3, g1: 0.1, theta_1: 2 }, { G2: 0.1 }] as TruthTable['rows']);
    expect(truthWarnings(mixed)).toEqual([
      expect.stringContaining('nothing reads its columns theta_1, G2; true values are g1'),
    ]);
    expect(truthWarnings(truth([{ index: 0, seed: 3, g1: 0.1, hlr: 1 }]))).toEqual([]);
    expect(truthWarnings(undefined)).toEqual([]);
  });

  it('need images for a truth table', () => {
    expect(() => items({}, { truth: truth([{ g1: 0 }]) })).toThrow(/there are no images to go with them/);
  });
});

test('pairs differ in the sign of the shear alone, and share their seed but not their folder', () => {
  const pairs = items({
    truthSource: 'pairs',
    shearGrid: [0.02, 0.05],
    g2: 0.01,
    realizations: 3,
    morphology: 'population',
  });
  expect(pairs).toHaveLength(12);
  for (let i = 0; i < pairs.length; i += 2) {
    const [plus, minus] = [pairs[i], pairs[i + 1]];
    expect([plus.seed, minus.seed]).toEqual([42 + i / 2, 42 + i / 2]);
    expect(minus.truth).toEqual({ ...plus.truth, g1: -plus.truth.g1, g2: -0.01 });
    expect(plus.truth.g1).toBe(i < 6 ? 0.02 : 0.05);
  }
  expect(new Set(pairs.map(({ runId }) => runId)).size).toBe(12);
  expect(() => items({ truthSource: 'pairs', shearGrid: [0, 0.02] })).toThrow('Leave 0 out');
});

test('turned twins share galaxy and shear, differ in the sign of the ellipticity and have noise of their own', () => {
  const twins = items({ truthSource: 'ring', shearGrid: [0.02], realizations: 3, morphology: 'population' });
  expect(twins.map(({ seed }) => seed)).toEqual([42, 43, 44, 45, 46, 47]);
  for (let i = 0; i < 6; i += 2) {
    const { e1, e2, ...rest } = twins[i].truth;
    expect(e1).not.toBe(0);
    expect(twins[i + 1].truth).toEqual({ ...rest, e1: -e1, e2: -e2 });
  }
  expect(twins[0].truth.e1).not.toBe(twins[2].truth.e1);
  expect(() => items({ truthSource: 'ring', shearGrid: [0.02] })).toThrow('fit 8 parameters');
});
