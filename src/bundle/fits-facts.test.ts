/** What headers say of scale, orientation and noise, in the ways in which they say it. */
import { describe, expect, it } from 'vitest';
import type { HeaderFacts } from './header-facts.ts';
import { loadImages } from './images.ts';
import { type Cards, concat, imageUnit } from './test-support/fits.ts';

const primary = (cards: Cards) => imageUnit([1], [1, 1], cards, true);
const load = async (...units: Uint8Array[]): Promise<HeaderFacts> =>
  (await loadImages('m.fits', concat(...units))).header!;
const facts = (cards: Cards) => load(primary(cards));

const SKY: Cards = { CTYPE1: 'RA---TAN', CTYPE2: 'DEC--TAN' };
const PLANE: Cards = { CTYPE1: 'LINEAR', CTYPE2: 'LINEAR' };
const cd = (a: number, b: number, c: number, d: number): Cards => ({ CD1_1: a, CD1_2: b, CD2_1: c, CD2_2: d });
const DEG = 1 / 3600;
const sine = (degrees: number) => Math.sin((degrees * Math.PI) / 180);
const cosine = (degrees: number) => Math.cos((degrees * Math.PI) / 180);

describe('pixel scale', () => {
  it.each<[string, Cards, number, string]>([
    ['GalSim', { GS_WCS: 'PixelScale', GS_SCALE: 0.3, ...PLANE, ...cd(0.3, 0, 0, 0.3) }, 0.3, 'GS_SCALE'],
    ['GS_SCALE alone', { GS_SCALE: 0.3 }, 0.3, 'GS_SCALE'],
    ['GalSim’s Jacobian', { GS_WCS: 'Jacobian', ...PLANE, ...cd(0, -0.3, 0.3, 0) }, 0.3, 'CDi_j'],
    // Only nominal where the scale varies.
    ['GalSim’s CubicWCS', { GS_WCS: 'CubicWCS', GS_SCALE: 0.2, ...PLANE, ...cd(0.3, 0, 0, 0.3) }, 0.3, 'CDi_j'],
    ['CD', { ...SKY, ...cd(-0.3 * DEG, 0, 0, 0.3 * DEG) }, 0.3, 'CDi_j'],
    ['CD in arcseconds', { ...SKY, CUNIT1: 'arcsec', ...cd(-0.3, 0, 0, 0.3) }, 0.3, 'CDi_j'],
    ['CD without a type', cd(0.3 * DEG, 0, 0, 0.3 * DEG), 0.3, 'CDi_j, taken as degrees'],
    [
      'PC and CDELT',
      { ...SKY, CDELT1: -0.3 * DEG, CDELT2: 0.3 * DEG, PC1_1: 0, PC1_2: -1, PC2_1: 1, PC2_2: 0 },
      0.3,
      'PCi_j and CDELTi',
    ],
    ['CDELT', { ...SKY, CDELT1: -0.3 * DEG, CDELT2: 0.3 * DEG }, 0.3, 'CDELTi'],
    ['a keyword of observatories', { PIXSCALE: 0.3 }, 0.3, 'PIXSCALE'],
  ])('is read from %s', async (_, cards, value, source) => {
    const { scale, remarks } = await facts(cards);
    expect(scale?.value).toBeCloseTo(value, 12);
    expect(scale?.source).toBe(source);
    expect(remarks).toEqual([]);
  });

  it('is not made of pixels counted as such, and said where its unit is not known', async () => {
    expect(await facts({ CDELT1: 1, CDELT2: 1 })).toEqual({ remarks: [] });
    expect(await facts({})).toEqual({ remarks: [] });
    const { scale, remarks } = await facts(cd(0.3, 0, 0, 0.3));
    expect(scale).toBeUndefined();
    expect(remarks).toEqual([expect.stringContaining('0.3 (CDi_j) is in no known unit')]);
    expect((await facts({ ...SKY, ...cd(1, 1, 1, 1) })).remarks).toEqual([expect.stringContaining('no inverse')]);
  });

  it('is refused where two keywords, or two units, contradict each other', async () => {
    await expect(facts({ PIXSCALE: 0.2, ...SKY, ...cd(-0.3 * DEG, 0, 0, 0.3 * DEG) })).rejects.toThrow(
      /two pixel scales: 0\.2 arcsec \(PIXSCALE\) and 0\.3 arcsec \(CDi_j\)/,
    );
    const second = (scale: number) => imageUnit([1], [1, 1], { GS_SCALE: scale });
    await expect(load(primary({ GS_SCALE: 0.2 }), second(0.3))).rejects.toThrow(
      /differ in their pixel scale: 0\.2 and 0\.3 arcsec \(HDU 0 and HDU 1\)/,
    );
    expect((await load(primary({ GS_SCALE: 0.2 }), second(0.2))).scale?.value).toBe(0.2);
  });
});

describe('orientation', () => {
  it.each<[string, Cards, number, boolean, boolean]>([
    ['north up, east left', { ...SKY, ...cd(-DEG, 0, 0, DEG) }, 0, true, true],
    ['north up, east right', { ...SKY, ...cd(DEG, 0, 0, DEG) }, 0, false, true],
    [
      'a rotation by 30°',
      { ...SKY, ...cd(DEG * cosine(30), -DEG * sine(30), DEG * sine(30), DEG * cosine(30)) },
      30,
      false,
      true,
    ],
    ['CROTA2', { ...SKY, CDELT1: -DEG, CDELT2: DEG, CROTA2: 30 }, 30, true, true],
    ['declination first', { CTYPE1: 'DEC--TAN', CTYPE2: 'RA---TAN', ...cd(0, DEG, DEG, 0) }, 0, false, true],
    ['GalSim’s plane', { GS_WCS: 'Jacobian', ...PLANE, ...cd(0, -0.2, 0.2, 0) }, 90, false, false],
  ])('is read of %s', async (_, cards, rotationDeg, flipped, sky) => {
    const { orientation } = await facts(cards);
    expect(orientation?.rotationDeg).toBeCloseTo(rotationDeg, 9);
    expect(orientation).toMatchObject({ flipped, sky });
    expect(orientation?.stretch).toBeCloseTo(0, 12);
  });

  it('keeps the shear of pixels that are not square apart', async () => {
    const { orientation, scale } = await facts({ ...SKY, ...cd(1.02 * DEG, 0, 0, 0.98 * DEG) });
    expect(orientation?.stretch).toBeCloseTo(0.02, 12);
    expect(scale?.value).toBeCloseTo(Math.sqrt(1.02 * 0.98), 12);
  });

  it('is one for all units', async () => {
    const turned = imageUnit([1], [1, 1], { ...SKY, ...cd(DEG, 0, 0, DEG) });
    await expect(load(primary({ ...SKY, ...cd(-DEG, 0, 0, DEG) }), turned)).rejects.toThrow('their orientation');
  });
});

describe('noise', () => {
  it('is read as a standard deviation or a variance', async () => {
    expect((await facts({ SKYSIG: 0.5 })).noise).toEqual({ value: 0.5, source: 'SKYSIG' });
    expect((await facts({ NOISEVAR: 0.25 })).noise).toEqual({ value: 0.5, source: 'square root of NOISEVAR' });
    expect((await facts({ SKYSIG: -99 })).noise).toBeUndefined();
    const other = imageUnit([1], [1, 1], { SKYSIG: 0.6 });
    await expect(load(primary({ SKYSIG: 0.5 }), other)).rejects.toThrow('their noise: 0.5 and 0.6');
  });

  it('is at least what gain, exposure and read noise make in the image’s unit', async () => {
    const read = { RDNOISE: 6, GAIN: 2, EXPTIME: 10 };
    expect((await facts({ ...read, BUNIT: 'ADU' })).leastNoise).toEqual({ value: 3, source: 'RDNOISE / GAIN' });
    expect((await facts({ ...read, BUNIT: 'electrons' })).leastNoise?.value).toBe(6);
    expect((await facts({ ...read, BUNIT: 'ADU/s' })).leastNoise).toEqual({
      value: 0.3,
      source: 'RDNOISE / GAIN / EXPTIME',
    });
    expect((await facts(read)).leastNoise).toBeUndefined();
    // What holds for the exposure stands in the primary header.
    const header = primary({ ...read, EXTNAME: 'WHT' });
    expect((await load(header, imageUnit([1], [1, 1], { BUNIT: 'ADU', EXTNAME: 'SCI' }))).leastNoise?.value).toBe(3);
  });
});
