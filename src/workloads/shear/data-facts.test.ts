/** What stamps say of themselves, against what they were made of. */
import { describe, expect, it } from 'vitest';
import type { ImageStack } from '../../bundle/images.ts';
import { dataFacts } from './data-facts.ts';
import { observationsOf, pixelNormals } from './observations.ts';
import { readShearParams } from './params.ts';
import { shearPresets } from './presets.ts';
import { prepareShear } from './problem.ts';
import { measureStamps } from './stamp-measures.ts';

const quick = shearPresets.find(({ id }) => id === 'quick')!.params;

/** Stamps of the preset Quick by the Fourier renderer, all changed alike. @param change of a pixel's value */
function stackOf(seed: number, more: object = {}, change = (value: number) => value): ImageStack {
  const problem = prepareShear({ ...quick, shearGrid: [0.03], realizations: 6, ...more }, seed, {});
  const { nx, ny } = problem.spec;
  const { data } = observationsOf(problem);
  const pixels = new Float32Array(problem.items.length * nx * ny);
  for (const { index } of problem.items) pixels.set(data(index).map(change), index * nx * ny);
  return { name: 'mine.npy', n: problem.items.length, ny, nx, pixels, sha256: `sha256:${seed}` };
}

const doubts = (images: ImageStack, more: object = {}) =>
  dataFacts(readShearParams({ ...quick, ...more }), { files: { images } })
    .filter(({ doubt }) => doubt)
    .map(({ text }) => text);

describe('measures', () => {
  it('of noise and level are right within their errors, and the errors are what they say', () => {
    const [n, side, sigma, level] = [4, 32, 0.3, 5];
    const scores = Array.from({ length: 60 }, (_, seed) => {
      const normals = pixelNormals(seed, n * side * side);
      const pixels = Float32Array.from(normals, (value) => level + sigma * value);
      const measured = measureStamps({ name: '', n, ny: side, nx: side, pixels, sha256: '' });
      return [
        (measured.noise.value - sigma) / measured.noise.error,
        (measured.level.value - level) / measured.level.error,
      ];
    });
    for (const at of [0, 1]) {
      const rms = Math.sqrt(scores.reduce((sum, score) => sum + score[at] ** 2, 0) / scores.length);
      // A χ² of 60 over 60 lies in 0.73 … 1.29 squared, rooted, but for one time in a thousand.
      expect(rms).toBeGreaterThan(0.7);
      expect(rms).toBeLessThan(1.3);
    }
  });

  it('of the light are the flux, and of the place the galaxy’s', () => {
    const { light, farthestPx } = measureStamps(stackOf(1));
    // The frame cuts the wings of an exponential disk off below a per cent.
    expect(Math.abs(light.value - 100)).toBeLessThan(1);
    expect(farthestPx).toBeLessThanOrEqual(1);
  });
});

describe('facts', () => {
  it('say no word against stamps that are what the form says', () => {
    for (const seed of [1, 2, 3, 4, 5]) expect(doubts(stackOf(seed))).toEqual([]);
  });

  it('doubt a noise that the borders do not have, and say what it does to intervals', () => {
    const images = stackOf(7, { noiseSigma: 0.031 });
    expect(doubts(images)).toEqual([
      expect.stringMatching(/^Pixel noise σ 0\.01, .*Intervals would be 3(\.\d)? times too narrow/),
    ]);
    expect(doubts(images, { noiseSigma: 0.062 })).toEqual([
      expect.stringMatching(/Intervals would be 2(\.\d)? times too wide/),
    ]);
    expect(doubts(images, { noiseSigma: 0.031 })).toEqual([]);
  });

  it('doubt a sky that is left in the stamps', () => {
    expect(doubts(stackOf(8, {}, (value) => value + 3))).toEqual([
      expect.stringMatching(/^The borders lie at 3\.00\d+ ± 0\.000\d+, and the model has no sky: subtract it/),
    ]);
  });

  it('doubt a flux that is held at another value, unless it is fitted', () => {
    const images = stackOf(9, { flux: 160 });
    expect(doubts(images)).toEqual([
      expect.stringMatching(/held at 100 and 0\.5 arcsec, but the stamps hold 1(59|60)/),
    ]);
    expect(doubts(images, { freeParameters: '6' })).toEqual([]);
  });

  it('say at which shape galaxies are held, or that it is fitted', () => {
    const words = (more: object) =>
      dataFacts(readShearParams({ ...quick, ...more }), { files: { images: stackOf(1) } }).map(({ text }) => text);
    expect(words({ e1: 0.1 })).toContainEqual(
      expect.stringMatching(/^Ellipticity: held at e1 0\.1, e2 0; .*reads as shear/),
    );
    expect(words({ freeParameters: '8' })).toContain('Ellipticity: fitted.');
  });

  it('doubt stamps that are not cut about their galaxies', () => {
    const images = stackOf(10);
    const { n, nx, ny, pixels } = images;
    const moved = pixels.map((_, i) => pixels[(i + 4) % (n * nx * ny)]);
    expect(doubts({ ...images, pixels: moved })).toContainEqual(
      expect.stringMatching(
        /^The brightest part of a stamp lies 4(\.5)? px off its centre, and positions are sought within 0\.5/,
      ),
    );
  });

  it('name where a number comes from', () => {
    const header = { scale: { value: 0.2, source: 'GS_SCALE' }, remarks: [] };
    const images: ImageStack = { ...stackOf(1), header };
    const text = dataFacts(readShearParams(quick), { files: { images } })
      .map((fact) => fact.text)
      .join(' ');
    expect(text).toContain('Pixel scale 0.2 arcsec, by the header (GS_SCALE).');
    expect(text).toContain('Pixel noise σ 0.01, by the form, the file states none;');
    expect(text).toContain('PSF: a Gaussian of σ 0.2 arcsec (1 px), by the form.');
    expect(text).toContain('Priors: g1 ~ N(0, 0.05), g2 ~ N(0, 0.05), x and y within 0.5 px of the centre.');
  });
});
