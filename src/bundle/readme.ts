/** README.md of a bundle: what it is and how to open it. */
import type { OwnFiles } from './own-file.ts';
import { givenFiles } from './reproduce.ts';

export interface ReadmeInput {
  /** Of the experiment, e.g. "Batched shear inference". */
  readonly title: string;
  readonly appVersion: string;
  /** What an item is called, e.g. realization and realizations. */
  readonly itemName: { readonly one: string; readonly many: string };
  readonly items: number;
  /** Folder of the first item, for the example. */
  readonly exampleRunId: string;
  /** Names of the sampled parameters. */
  readonly parameters: readonly string[];
  /** Draws are independent: no chains, no diagnostics of chains. */
  readonly independent?: boolean;
  /** It was held against exact posteriors. */
  readonly metrics?: boolean;
  readonly ownFiles?: OwnFiles;
  /** What the run says about itself, e.g. "63 of 64 converged". One bullet each. */
  readonly notes: readonly string[];
}

/** Text of README.md. Equal input gives equal text. */
export function bundleReadme(input: ReadmeInput): string {
  const { one, many } = input.itemName;
  const notes = input.notes.map((note) => `- ${note}\n`).join('');
  const path = `${input.exampleRunId}/posterior.nc`;
  const independent = input.independent ?? false;
  const draws = independent ? 'independent draws' : 'draws and sampler statistics';
  const convergence = independent ? 'number of draws, share rejected' : 'R-hat, bulk ESS, divergences, E-BFMI';
  const fit = independent ? 'work spent' : 'the Gaussian fit the sampler started from, gradients spent';
  const stats = independent
    ? 'print(posterior.mean())'
    : `stats = xr.open_dataset("${path}", group="sample_stats")
print(posterior.mean())
print(int(stats.diverging.sum()), "divergent transitions")`;
  const own = givenFiles(input.ownFiles ?? {});
  const flags = own.map(({ flag, quoted }) => ` ${flag} ${quoted}`).join('');
  const metrics = input.metrics
    ? '| `metrics.json` | how near the draws are to the exact posteriors: C2ST, MMD, sliced W2, shifts, calibration, each with its definition |\n'
    : '';
  return `# ${input.title}

A run of Lockstep ${input.appVersion}: ${input.items} ${input.items === 1 ? one : many}, each with a posterior of its own.
Sampled parameters: ${input.parameters.join(', ')}.
${notes ? `\n${notes}` : ''}
## Files

| path | what it holds |
|---|---|
| \`<run_id>/posterior.nc\` | ${draws} of one ${one}, netCDF-4, dimensions (chain, draw) |
| \`<run_id>/truth.json\` | what it was simulated with, where that is known |
| \`<run_id>/convergence.json\` | ${convergence} |
| \`summary.csv\` | one line a ${one} |
| \`posterior_all.nc\` | the draws of all ${many} in one file, dimensions (realization, chain, draw) |
| \`plots/\` | truth against estimate, and pulls |
| \`items.json\` | for each ${one}: seed, truth in full, ${fit} |
| \`run.json\` | the whole configuration; rerun it with \`npm run lockstep -- run --config run.json${flags}\`${own.length > 0 ? ', your own files, which are not in here' : ''} |
| \`reproduce.sh\` | reruns it headless and compares the result id |
| \`load.py\` | prints a table of all ${many}, and shows how to read them |
| \`environment.json\` | software and, if included, the graphics adapter |
| \`timing.csv\`, \`memory.csv\` | time of each chunk, exact bytes of each GPU buffer in every pass |
| \`tuning.json\` | who chose the batch size, and what the tuner measured where it did |
| \`failures.json\` | ${many} without a result or not converged, and why |
${metrics}| \`shaders/\` | the WGSL that ran |
| \`manifest.json\` | size and SHA-256 of every file, and the result id: equal for equal runs on one adapter |
| \`ro-crate-metadata.json\` | the same for archives (RO-Crate 1.2) |

## Open it in Python

With xarray (\`pip install xarray h5netcdf\`):

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

All ${many} at once:

\`\`\`python
import glob, os
import xarray as xr

paths = sorted(glob.glob("*/posterior.nc"))
runs = [os.path.dirname(path) for path in paths]
draws = xr.concat([xr.open_dataset(path, group="posterior") for path in paths], dim="realization")
draws = draws.assign_coords(realization=runs)
\`\`\`
`;
}
