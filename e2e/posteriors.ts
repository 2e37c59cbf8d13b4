/** Posteriors of a run as Python reads them, and what it means for two runs to agree. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findNcdump, findPython, root } from '../scripts/locate.mjs';

export interface PosteriorVariable {
  readonly dims: readonly string[];
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly finite: boolean;
  readonly mean: number;
  readonly sd: number;
  /** Over the values alone: equal exactly when the numbers are. */
  readonly sha256: string;
}

/** `posteriors[runId][group][variable]` */
export type Posteriors = Record<string, Record<'posterior' | 'sample_stats', Record<string, PosteriorVariable>>>;

/** xarray's two ways to a netCDF file; each reads in a process of its own, since their libraries do not mix. */
export const engines = ['netcdf4', 'h5netcdf'] as const;

/** Reads every `<runId>/posterior.nc` below a folder; throws with Python's message when a file does not open. */
export function readPosteriors(folder: string, engine: (typeof engines)[number] = 'netcdf4'): Posteriors {
  const python = findPython();
  if (!python) throw new Error('No Python with xarray, h5netcdf and netCDF4: npm test says how to install them.');
  const output = execFileSync(python, [join(root, 'e2e/read_posteriors.py'), folder, engine], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  return JSON.parse(output);
}

/** `ncdump -h`: the header as the netCDF library itself sees it. */
export function headerOf(file: string): string {
  const ncdump = findNcdump();
  if (!ncdump) throw new Error('No ncdump: npm test says how to install it.');
  return execFileSync(ncdump, ['-h', file], { encoding: 'utf8' });
}

/** The hash of every variable of `posterior` and `sample_stats`, to compare runs that must be equal to the last bit. */
export function fingerprints(posteriors: Posteriors): Record<string, string> {
  const hashes: Record<string, string> = {};
  for (const [runId, groups] of Object.entries(posteriors))
    for (const [group, variables] of Object.entries(groups))
      for (const [name, { sha256 }] of Object.entries(variables)) hashes[`${runId}/${group}/${name}`] = sha256;
  return hashes;
}

/**
 * Largest distance between the posterior means of g1 and g2 in two runs' folders, in combined Monte Carlo standard errors
 * (MCSE = sd / √ESS, with the bulk ESS of convergence.json). Throws when the runs hold different realizations.
 */
export function largestDistanceInMcse(folderA: string, folderB: string): number {
  const [a, b] = [readPosteriors(folderA), readPosteriors(folderB)];
  const runIds = Object.keys(a).sort();
  if (runIds.length === 0 || runIds.join() !== Object.keys(b).sort().join())
    throw new Error(`Different realizations: ${runIds.join(', ')} against ${Object.keys(b).sort().join(', ')}.`);
  const distances = runIds.flatMap((runId) =>
    (['g1', 'g2'] as const).map((name) => {
      const [p, q] = [a[runId].posterior[name], b[runId].posterior[name]];
      const mcse = Math.hypot(
        p.sd / Math.sqrt(essOf(folderA, runId, name)),
        q.sd / Math.sqrt(essOf(folderB, runId, name)),
      );
      return Math.abs(p.mean - q.mean) / mcse;
    }),
  );
  return Math.max(...distances);
}

function essOf(folder: string, runId: string, name: 'g1' | 'g2'): number {
  return JSON.parse(readFileSync(join(folder, runId, 'convergence.json'), 'utf8')).ess[name];
}
