/** The files of posteriors: an item's folder, and what is made of all items together. */
import { type NetcdfAttributes, writePosteriorNetcdf } from '../../bundle/netcdf.ts';
import { type AnyFile, type FileEntry, textEntry } from '../../bundle/types.ts';
import type { FinishedRun, ResultFiles } from '../kind.ts';
import { posteriorAbout } from './about.ts';
import type { PosteriorForms } from './forms.ts';
import type { PosteriorItem } from './item.ts';
import type { ItemSummary } from './item-summary.ts';
import { itemsJson, readItem } from './items-json.ts';
import { LOAD_PY } from './load-py.ts';
import { HMC, type PosteriorOptions } from './options.ts';
import { type PlotParameter, plotFiles } from './plots.ts';
import { POSTERIOR_ALL_PATH, posteriorAllFile } from './posterior-all.ts';
import { biasResults, rankPlots } from './run-statistics.ts';
import { convergenceJson, summaryCsv, truthJson } from './tables.ts';

type Run = FinishedRun<PosteriorItem, ItemSummary>;

/** @param forms what is not written plainly */
export function posteriorFiles(
  options: PosteriorOptions,
  forms: PosteriorForms = {},
): ResultFiles<PosteriorItem, ItemSummary> {
  return {
    itemFiles: (run, item, summary) => itemFiles(run, item, summary, options, forms),
    runFiles: (run) => runFiles(run, options, forms),
    about: (run) => posteriorAbout({ ...run, plots: plotFiles(plotted(run)).length > 0 }),
    readItem,
  };
}

function itemFiles(
  run: Run,
  item: PosteriorItem,
  summary: ItemSummary,
  { sampler: { method } = HMC }: PosteriorOptions,
  forms: PosteriorForms,
): FileEntry[] {
  const folder = item.info.runId;
  return [
    textEntry(`${folder}/convergence.json`, () => (forms.convergenceJson ?? convergenceJson)(item, summary)),
    {
      path: `${folder}/posterior.nc`,
      make: async () => ({
        path: `${folder}/posterior.nc`,
        bytes: await posteriorNetcdf(run, item, forms.inferenceMethod?.(item) ?? method),
      }),
    },
    textEntry(`${folder}/truth.json`, () => (forms.truthJson ?? truthJson)(item)),
  ];
}

function runFiles(run: Run, options: PosteriorOptions, forms: PosteriorForms): FileEntry[] {
  const { items, summaries } = run;
  const { method } = options.sampler ?? HMC;
  const names = run.parameters.map(({ name }) => name);
  const tables = [
    textEntry('items.json', () => itemsJson(items, summaries)),
    textEntry('load.py', () => LOAD_PY),
    textEntry('summary.csv', () => forms.summaryCsv?.(items, summaries, names) ?? summaryCsv(summaries, names)),
  ];
  if (items.length === 0) return tables;
  const plots = [...plotFiles(plotted(run)), ...rankPlots(run, options, forms)];
  return [
    ...tables,
    { path: POSTERIOR_ALL_PATH, make: () => posteriorAll(run, method) },
    textEntry('bias_results.json', () => biasResults(run, options, forms)),
    ...plots.map((file) => ({ path: file.path, make: () => file })),
  ];
}

function posteriorNetcdf(run: Run, item: PosteriorItem, method: string): Promise<Uint8Array<ArrayBuffer>> {
  const { chains, draws, parameters, stats } = item;
  const attributes = attributesOf(run, item.info.runId);
  return writePosteriorNetcdf({ chains, draws, parameters, stats, attributes, inferenceMethod: method });
}

function posteriorAll(run: Run, method: string): AnyFile {
  const items = run.items.map(({ info, chains, draws, parameters, stats }) => ({
    runId: info.runId,
    seed: info.seed,
    truth: info.truth,
    chains,
    draws,
    parameters,
    stats,
  }));
  return posteriorAllFile({
    items,
    attributes: attributesOf(run, run.title),
    inferenceMethod: method,
    pieceBytes: run.pieceBytes,
  });
}

/** Of the results only, not of when they were made: equal seeds give equal bytes. */
function attributesOf({ appVersion, precision }: Run, name: string): NetcdfAttributes {
  return {
    name,
    inference_library: 'lockstep',
    inference_library_version: appVersion,
    creation_library: 'lockstep',
    creation_library_version: appVersion,
    compute_precision: precision,
  };
}

/** Every item's truth and estimate, parameter by parameter. */
function plotted({ parameters, summaries }: Run): PlotParameter[] {
  return parameters.map(({ name, unit }) => ({
    name,
    unit,
    points: summaries.flatMap(({ info, parameters: found }) => {
      const estimate = found.find((parameter) => parameter.name === name);
      const truth = info.truth[name];
      return estimate && truth !== undefined ? [{ truth, mean: estimate.mean, sd: estimate.sd }] : [];
    }),
  }));
}
