/** Shears in the axes of an image's header against ellipses that the header's matrix carries there itself. */
import { describe, expect, it } from 'vitest';
import { sameDirections } from '../../bundle/header-facts.ts';
import { loadImages } from '../../bundle/images.ts';
import { type Cards, concat, imageUnit } from '../../bundle/test-support/fits.ts';
import type { PosteriorItem } from '../../results/posterior/item.ts';
import type { ParamValues } from '../params.ts';
import { ConfigError, type RunInputs } from '../workload.ts';
import { shearFiles } from './files.ts';
import type { ShearPeek } from './peek.ts';
import { prepareShear } from './problem.ts';
import { openTwinSession } from './sessions.ts';
import { toPixels, toWorld, turnOf } from './sky-axes.ts';
import { galsimStamps } from './test-support/galsim.ts';
import { runToEnd } from './test-support/small-runs.ts';

type Matrix = readonly [number, number, number, number];

const DEG = 1 / 3600;
const sky = ([a, b, c, d]: Matrix, scale = 0.1): Cards => ({
  CTYPE1: 'RA---TAN',
  CTYPE2: 'DEC--TAN',
  CD1_1: a * scale * DEG,
  CD1_2: b * scale * DEG,
  CD2_1: c * scale * DEG,
  CD2_2: d * scale * DEG,
});
const rotation = (degrees: number): Matrix => {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return [c, -s, s, c];
};
const orientationOf = async (matrix: Matrix) =>
  (await loadImages('m.fits', concat(imageUnit([1], [1, 1], sky(matrix), true)))).header!.orientation!;

/** g of the ellipse whose second moments are A (1, 0; 0, 1) Aᵀ for the shear matrix A = (1 + g1, g2; g2, 1 − g1), carried by M. */
function carried([a, b, c, d]: Matrix, [g1, g2]: readonly [number, number]): [number, number] {
  const columns = [
    [a * (1 + g1) + b * g2, c * (1 + g1) + d * g2],
    [a * g2 + b * (1 - g1), c * g2 + d * (1 - g1)],
  ];
  const moment = (i: number, j: number) => columns.reduce((sum, column) => sum + column[i] * column[j], 0);
  const [xx, xy, yy] = [moment(0, 0), moment(0, 1), moment(1, 1)];
  const size = xx + yy + 2 * Math.sqrt(xx * yy - xy * xy);
  return [(xx - yy) / size, (2 * xy) / size];
}

describe('shears in world axes', () => {
  it.each<[string, Matrix]>([
    ['as they are', [1, 0, 0, 1]],
    ['turned by half a circle', [-1, 0, 0, -1]],
    ['mirrored, as on the sky', [-1, 0, 0, 1]],
    ['mirrored the other way', [1, 0, 0, -1]],
    ['turned by 90°', rotation(90)],
    ['turned by 30°', rotation(30)],
    ['turned by −127°', rotation(-127)],
    ['mirrored and turned by 30°', [-Math.cos(Math.PI / 6), -0.5, -0.5, Math.cos(Math.PI / 6)]],
  ])('are those of the ellipse on the sky: pixels %s', async (_, matrix) => {
    const turn = turnOf(await orientationOf(matrix));
    for (const g of [
      [0.3, 0],
      [0, 0.3],
      [-0.2, 0.45],
    ] as const) {
      const expected = carried(matrix, g);
      toWorld(turn, g).forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i], 12);
      });
      toPixels(turn, toWorld(turn, g)).forEach((value, i) => {
        expect(value).toBeCloseTo(g[i], 12);
      });
    }
  });

  it('are the same as in pixel axes for none and half a turn alone', async () => {
    const same = async (matrix: Matrix) => sameDirections(await orientationOf(matrix));
    expect([await same([1, 0, 0, 1]), await same([-1, 0, 0, -1])]).toEqual([true, true]);
    expect([await same([-1, 0, 0, 1]), await same(rotation(90)), await same(rotation(1))]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('a run in sky axes', () => {
  const SIZE = 48;
  // GalSim's stamp of level 0 at g = (0.02, −0.01), in the upright of the sky.
  const upright = galsimStamps.find(({ name }) => name === 'level0_seed 2')!.pixels;
  const picked = (from: (x: number, y: number) => [number, number]) =>
    Float32Array.from({ length: SIZE * SIZE }, (_, i) => {
      const [x, y] = from(i % SIZE, Math.floor(i / SIZE));
      return upright[y * SIZE + x];
    });
  const short = { warmup: 16, draws: 8, chains: 2 };

  async function fitted(pixels: ArrayLike<number>, matrix: Matrix, axes: string, params: ParamValues = {}) {
    const bytes = concat(imageUnit(pixels, [SIZE, SIZE], sky(matrix), true));
    const { input } = await shearFiles[0].read('m.fits', bytes, { 'image-axes': axes });
    const inputs: RunInputs = { files: { images: input } };
    const problem = prepareShear({ ...short, ...params }, 42, inputs);
    const session = openTwinSession(problem);
    const [item] = await runToEnd(session, [0]);
    const look = (await session.peek(0, 0)) as ShearPeek;
    return { item, problem, look };
  }
  const g = ({ fit: { mean } }: PosteriorItem) => mean.slice(0, 2);
  const meanOf = ({ parameters }: PosteriorItem, i: number) =>
    Array.from(parameters[i].values).reduce((a, b) => a + b, 0) / parameters[i].values.length;

  it('finds the sky’s shear in a mirrored and in a turned image, with the sky’s priors', async () => {
    const plain = (await fitted(upright, [1, 0, 0, 1], 'pixel')).item;
    expect(plain.fit.mean[0]).toBeCloseTo(0.02, 2);
    expect(plain.fit.mean[1]).toBeCloseTo(-0.01, 2);
    const mirrored = picked((x, y) => [SIZE - 1 - x, y]);
    const flip: Matrix = [-1, 0, 0, 1];
    // Pixel (x, y) of the turned image shows the sky at (y, −x): its x axis points down the sky.
    const turned = picked((x, y) => [y, SIZE - 1 - x]);
    for (const [pixels, matrix] of [
      [mirrored, flip],
      [turned, rotation(-90)],
    ] as const) {
      const { item, problem, look } = await fitted(pixels, matrix, 'sky');
      g(item).forEach((value, i) => {
        expect(value).toBeCloseTo(plain.fit.mean[i], 6);
        // Draws of a posterior of σ 0.002; 16 of them.
        expect(Math.abs(meanOf(item, i) - plain.fit.mean[i])).toBeLessThan(0.003);
        expect(item.fit.sd[i]).toBeCloseTo(plain.fit.sd[i], 6);
        // What is seen of the chains is their last draw.
        const last = [0, 1].map((chain) => item.parameters[i].values[chain * short.draws + short.draws - 1]);
        expect(look.own?.positions.map((position) => position[i])).toEqual(last);
      });
      expect(problem.warnings).toEqual([]);
      expect(problem.notes.join(' ')).toContain('g1 along east');
    }
    const inPixels = await fitted(mirrored, flip, 'pixel');
    expect(inPixels.item.fit.mean[1]).toBeCloseTo(0.01, 2);
    expect(inPixels.problem.warnings).toEqual([
      expect.stringMatching(/Shears are in pixel axes.*x axis is mirrored.*--image-axes sky/),
    ]);
  }, 60_000);

  it('needs a header that says how the pixels lie, and one width of the prior for axes askew', async () => {
    await expect(fitted(upright, rotation(30), 'sky', { g1PriorSigma: 0.1 })).rejects.toThrow(
      /g2PriorSigma.*0\.1 and 0\.05/,
    );
    const plain = concat(imageUnit(upright, [SIZE, SIZE], {}, true));
    const { input, choices } = await shearFiles[0].read('m.fits', plain, { 'image-axes': 'sky' });
    expect(choices).toEqual({});
    expect(() => prepareShear({}, 42, { files: { images: input } })).toThrow(ConfigError);
    expect(() => prepareShear({}, 42, { files: { images: input } })).toThrow('does not say how its pixels lie');
  });
});
