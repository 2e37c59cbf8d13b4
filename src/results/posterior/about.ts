/** What a bundle's README says of posteriors, and how they open in Python. */
import type { ResultsAbout } from '../../bundle/readme.ts';
import type { PosteriorItem } from './item.ts';

interface Told {
  readonly itemName: { readonly one: string; readonly many: string };
  readonly items: readonly PosteriorItem[];
  readonly parameters: readonly { readonly name: string }[];
  /** Whether there are plots: of parameters whose true values are known. */
  readonly plots: boolean;
}

export function posteriorAbout({ itemName: { one, many }, items, parameters, plots }: Told): ResultsAbout {
  const independent = items[0]?.sampling === 'independent';
  const fitted = items.some(({ fit }) => fit.mean.length > 0);
  const path = `${items[0]?.info.runId ?? '<run_id>'}/posterior.nc`;
  return {
    each: 'a posterior of its own',
    sentence: `Sampled parameters: ${parameters.map(({ name }) => name).join(', ')}.`,
    files: [
      [
        '<run_id>/posterior.nc',
        `${independent ? 'independent draws' : 'draws and sampler statistics'} of one ${one}, netCDF-4, dimensions (chain, draw)`,
      ],
      ['<run_id>/truth.json', 'what it was simulated with, where that is known'],
      [
        '<run_id>/convergence.json',
        independent ? 'number of draws, share rejected' : 'R-hat, bulk ESS, divergences, E-BFMI',
      ],
      ['summary.csv', `one line a ${one}`],
      [
        'posterior_all.nc',
        `the draws of all ${many} in one file, one row a draw, as the CF conventions have ragged arrays: row_size says how many rows each ${one} has`,
      ],
      ['bias_results.json', 'estimates against truths over all items, coverage and ranks'],
      ...(plots ? ([['plots/', 'truth against estimate, and pulls']] as const) : []),
      [
        'items.json',
        `for each ${one}: seed, truth in full, ${fitted ? 'the Gaussian fit the sampler started from, gradients spent' : 'work spent'}`,
      ],
      ['load.py', `prints a table of all ${many}, and shows how to read them`],
    ],
    python: python(path, { one, many }, parameters[0]?.name ?? 'name', independent),
  };
}

function python(path: string, { one, many }: Told['itemName'], parameter: string, independent: boolean): string {
  const stats = independent
    ? 'print(posterior.mean())'
    : `stats = xr.open_dataset("${path}", group="sample_stats")
print(posterior.mean())
print(int(stats.diverging.sum()), "divergent transitions")`;
  return `With xarray (\`pip install xarray h5netcdf\`):

\`\`\`python
import xarray as xr

posterior = xr.open_dataset("${path}", group="posterior")
${stats}
\`\`\`

With ArviZ (\`pip install arviz h5netcdf\`):

\`\`\`python
import arviz as az

data = az.from_netcdf("${path}")
print(az.summary(data))
\`\`\`

All ${many} at once, from posterior_all.nc: row after row, or by load.py beside this file, which cuts them apart:

\`\`\`python
rows = xr.open_dataset("posterior_all.nc", group="posterior")
print(rows.groupby("realization_index").mean())

from load import item, load, padded

posterior, constants = load()          # posterior["${parameter}"][3]: draws of the fourth ${one} in it (constants["run_id"][3]), an array [chain, draw]
draws = padded(posterior["${parameter}"])  # of all, an array [realization, chain, draw]; shorter ones end in NaN
first = item(0)["posterior"]           # an xarray Dataset with (chain, draw), which arviz.summary takes as well
\`\`\`
`;
}
