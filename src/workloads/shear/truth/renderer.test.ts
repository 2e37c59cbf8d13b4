import { describe, expect, it } from 'vitest';
import { galsimStamps } from '../test-support/galsim.ts';
import type { GalaxyProfile } from './profiles.ts';
import { type GalaxyTruth, TruthRenderer } from './renderer.ts';

const profiles = new Map<number, GalaxyProfile>([
  [0.5, 'gaussian'],
  [1, 'exponential'],
  [4, 'devaucouleurs'],
]);

/** Largest difference of two images over the peak of the first. */
function distance(a: Float64Array, b: Float64Array): number {
  return a.reduce((max, value, i) => Math.max(max, Math.abs(value - b[i])), 0) / Math.max(...a);
}

const galaxy: GalaxyTruth = { flux: 100, hlrPx: 2.5, g1: 0.03, g2: -0.02, e1: 0, e2: 0, xc: 0, yc: 0 };
const psf = { kind: 'gaussian', sigmaPx: 1 } as const;
const setup = { nx: 32, ny: 32, profile: 'exponential', sersicIndex: 1, psf } as const;

describe('TruthRenderer', () => {
  it.each(galsimStamps)('draws what GalSim draws: $name, to 1e-8 of the peak', (stamp) => {
    const profile = profiles.get(stamp.sersicIndex) ?? 'sersic';
    const { size, sersicIndex } = stamp;
    const { pixels } = new TruthRenderer({ nx: size, ny: size, profile, sersicIndex, psf: stamp.psf }).render(
      stamp.galaxy,
    );
    expect(distance(stamp.pixels, pixels)).toBeLessThan(1e-8);
  });

  it('keeps periodic images below 1e-10 of the peak for every profile at usual sizes', () => {
    for (const profile of ['exponential', 'gaussian', 'devaucouleurs', 'sersic'] as const) {
      const { sampling } = new TruthRenderer({ ...setup, profile, sersicIndex: 2.5 }).render(galaxy);
      expect(sampling.periodicImage).toBeLessThan(1e-10);
    }
  });

  it('puts all of the flux on a stamp that is large enough', () => {
    const { pixels } = new TruthRenderer({ ...setup, nx: 96, ny: 96 }).render(galaxy);
    expect(pixels.reduce((sum, value) => sum + value, 0)).toBeCloseTo(100, 8);
  });

  it('moves the image by whole pixels when the galaxy moves by whole pixels', () => {
    const renderer = new TruthRenderer(setup);
    const still = renderer.render(galaxy).pixels;
    const moved = renderer.render({ ...galaxy, xc: 3, yc: -2 }).pixels;
    for (const [ix, iy] of [
      [16, 16],
      [10, 20],
      [20, 9],
    ]) {
      expect(Math.abs(moved[(iy - 2) * 32 + ix + 3] - still[iy * 32 + ix])).toBeLessThan(1e-11);
    }
  });

  it('stretches along x for g1 > 0 and along the rising diagonal for g2 > 0', () => {
    const renderer = new TruthRenderer(setup);
    const moments = (g1: number, g2: number) => {
      const { pixels } = renderer.render({ ...galaxy, g1, g2 });
      return pixels.reduce(
        ([xx, xy, yy], value, i) => {
          const [x, y] = [(i % 32) - 15.5, Math.floor(i / 32) - 15.5];
          return [xx + value * x * x, xy + value * x * y, yy + value * y * y];
        },
        [0, 0, 0],
      );
    };
    const [xx, , yy] = moments(0.1, 0);
    expect(xx).toBeGreaterThan(yy);
    expect(moments(0, 0.1)[1]).toBeGreaterThan(0);
  });

  it('draws stamps that are not square as cuts of square ones', () => {
    const square = new TruthRenderer(setup).render(galaxy).pixels;
    const wide = new TruthRenderer({ ...setup, ny: 20 }).render(galaxy).pixels;
    expect(distance(square.slice(6 * 32, 26 * 32), wide)).toBeLessThan(1e-12);
  });

  it('folds frequencies beyond Nyquist: a PSF of 0.25 px is drawn as by summing a finer image', () => {
    const sharp = { kind: 'gaussian', sigmaPx: 0.25 } as const;
    const { pixels } = new TruthRenderer({ ...setup, psf: sharp }).render(galaxy);
    const fineGalaxy = { ...galaxy, hlrPx: 4 * galaxy.hlrPx };
    const fineSetup = { ...setup, nx: 128, ny: 128, psf: { kind: 'gaussian', sigmaPx: 1 } } as const;
    const fine = new TruthRenderer(fineSetup).render(fineGalaxy).pixels;
    const binned = new Float64Array(32 * 32);
    fine.forEach((value, i) => {
      binned[(i >> 9) * 32 + ((i & 127) >> 2)] += value;
    });
    expect(distance(binned, pixels)).toBeLessThan(1e-10);
  });
});
