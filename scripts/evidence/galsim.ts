/** GalSim's sets in a folder laid out as `<folder>/{noisefree,profiles,level0_batch}`, as parameters and inputs of shear runs. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { decodeCsv } from '../../src/bundle/csv.ts';
import { type ImageStack, loadImages } from '../../src/bundle/images.ts';
import { loadTruth } from '../../src/bundle/truth-table.ts';
import type { ParamValues } from '../../src/workloads/params.ts';
import type { RunInputs } from '../../src/workloads/workload.ts';

/** A stamp as GalSim's tables describe it: arcsec, and pixels for the offset. */
export interface StampRow {
  readonly file: string;
  readonly index: number;
  readonly nx: number;
  readonly ny: number;
  readonly scale: number;
  readonly galaxy: string;
  readonly sersic_n?: number;
  readonly flux: number;
  readonly half_light_radius: number;
  readonly e1?: number;
  readonly e2?: number;
  readonly g1: number;
  readonly g2: number;
  readonly dx: number;
  readonly dy: number;
  readonly psf: string;
  readonly psf_sigma?: number;
  readonly psf_beta?: number;
  readonly psf_fwhm?: number;
  readonly peak: number;
}

/** Noise-free stamps that differ in shear and position only. */
export interface NoiseFreeSet {
  /** File name without its ending. */
  readonly name: string;
  readonly stamps: readonly StampRow[];
  readonly inputs: RunInputs;
  /** Parameters of the model; priors and noise are the caller's. */
  readonly params: ParamValues;
}

const PROFILES: Readonly<Record<string, ParamValues>> = {
  Exponential: { profile: 'exponential' },
  Gaussian: { profile: 'gaussian' },
  DeVaucouleurs: { profile: 'devaucouleurs' },
  Sersic: { profile: 'sersic' },
};

async function bytesOf(...path: string[]): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(join(...path)));
}

async function jsonOf<T>(...path: string[]): Promise<T> {
  return JSON.parse(await readFile(join(...path), 'utf8')) as T;
}

/** What a row says of galaxy, PSF and pixels, as run parameters. */
export function paramsOf(row: StampRow): ParamValues {
  const moffat = { psf: 'moffat', moffatBeta: row.psf_beta ?? 0, psfFwhmArcsec: row.psf_fwhm ?? 0 };
  return {
    ...PROFILES[row.galaxy],
    ...(row.galaxy === 'Sersic' ? { sersicIndex: row.sersic_n ?? 0 } : {}),
    flux: row.flux,
    halfLightRadiusArcsec: row.half_light_radius,
    e1: row.e1 ?? 0,
    e2: row.e2 ?? 0,
    stampSize: row.nx,
    pixelScaleArcsec: row.scale,
    ...(row.psf_sigma === undefined ? moffat : { psf: 'gaussian', psfSigmaArcsec: row.psf_sigma }),
  };
}

/** The sets of `noisefree/` and `profiles/`. */
export async function readNoiseFree(folder: string): Promise<NoiseFreeSet[]> {
  const sets: NoiseFreeSet[] = [];
  for (const part of ['noisefree', 'profiles']) {
    const { stamps } = await jsonOf<{ stamps: StampRow[] }>(folder, part, `${part}.json`);
    for (const file of new Set(stamps.map((row) => row.file))) {
      const rows = stamps.filter((row) => row.file === file);
      const images: ImageStack = await loadImages(file, await bytesOf(folder, part, file));
      sets.push({
        name: basename(file, '.npy'),
        stamps: rows,
        inputs: { files: { images } },
        params: paramsOf(rows[0]),
      });
    }
  }
  return sets;
}

export interface ReferencePosterior {
  readonly index: number;
  readonly parameters: Readonly<Record<string, { mean: number; mcse_mean: number; sd: number; mcse_sd: number }>>;
}

/** The 64 noisy stamps, what GalSim's own posteriors and fits of them are. */
export interface NoisyBatch {
  readonly inputs: RunInputs;
  readonly references: readonly ReferencePosterior[];
  /** Rows of map_fits.csv by column. */
  readonly fits: readonly Readonly<Record<string, number>>[];
}

/** The set of `level0_batch/`. */
export async function readNoisyBatch(folder: string): Promise<NoisyBatch> {
  const path = (name: string) => bytesOf(folder, 'level0_batch', name);
  const table = decodeCsv('map_fits.csv', new TextDecoder().decode(await path('map_fits.csv')));
  const { posteriors } = await jsonOf<{ posteriors: ReferencePosterior[] }>(
    folder,
    'level0_batch',
    'reference_posteriors.json',
  );
  return {
    inputs: {
      files: {
        images: await loadImages('images.npy', await path('images.npy')),
        truth: await loadTruth('truth.csv', await path('truth.csv')),
      },
    },
    references: posteriors,
    fits: table.rows.map((row) => Object.fromEntries(row.map((cell, i) => [table.header[i], Number(cell)]))),
  };
}
