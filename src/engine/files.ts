/**
 * The files of a run, made one at a time when somebody asks for them: from the store, never from the GPU. The bundle (zip) and
 * the output folder of the command line are both these.
 */
import { canonicalJson } from '../bundle/json.ts';
import { LOAD_PY } from '../bundle/load-py.ts';
import { ManifestBuilder } from '../bundle/manifest.ts';
import { type NetcdfAttributes, writePosteriorNetcdf } from '../bundle/netcdf.ts';
import { plotFiles } from '../bundle/plots.ts';
import { POSTERIOR_ALL_PATH, posteriorAllFile } from '../bundle/posterior-all.ts';
import { type AnyFile, textFile } from '../bundle/types.ts';
import { sortFiles } from '../bundle/zip.ts';
import type { AdapterReport } from '../gpu/report.ts';
import type { PosteriorItem } from '../workloads/workload.ts';
import type { RunController } from './controller.ts';
import { environmentOf } from './environment.ts';
import { crate, plotted, readme, reproduce, runJson } from './files-about.ts';
import { METRICS_PATH, metricsJson } from './quality/metrics-json.ts';
import type { RunQuality } from './quality/types.ts';
import { biasResults, rankPlots } from './run-statistics.ts';
import { convergenceJson, failuresJson, itemsJson, memoryCsv, summaryCsv, timingCsv, truthJson } from './tables.ts';
import { tuningJson } from './tuner/tuning-json.ts';
import type { TuningResult } from './tuner/types.ts';
import { appVersion } from './version.ts';

/** A run and what it ran on. */
export interface RunRecord {
  readonly run: RunController;
  /** The adapter; null for the twin, or when it is not to be recorded. */
  readonly report: AdapterReport | null;
  /** What the tuner had found for it; undefined where it had not been asked. */
  readonly tuning?: TuningResult;
  /** How its posteriors compare with exact ones; undefined where that was not asked, or none are known. */
  readonly quality?: RunQuality;
}

/** A file that is not made yet. */
export interface FileEntry {
  readonly path: string;
  make(): AnyFile | Promise<AnyFile>;
}

/** All files of the bundle but its manifest, in the order that a zip wants; finished items only. */
export function bundleEntries(record: RunRecord): FileEntry[] {
  const items = record.run.store.items().flatMap(({ info }) => itemEntries(record.run, info.index));
  return sortFiles([...items, ...runEntries(record)]);
}

/** Makes entries one after the other and notes them for the manifest. */
export async function* makeFiles(
  entries: readonly FileEntry[],
  manifest: ManifestBuilder,
): AsyncGenerator<AnyFile, void, undefined> {
  for (const entry of entries) yield manifest.note(await entry.make());
}

/** A whole bundle: its files one after the other, the manifest last; `resultId` is known when all have been taken. */
export interface WholeBundle {
  /** Files in all. */
  readonly count: number;
  readonly files: AsyncGenerator<AnyFile, void, undefined>;
  resultId(): string;
}

export function wholeBundle(record: RunRecord): WholeBundle {
  const entries = bundleEntries(record);
  let id = '';
  async function* files(): AsyncGenerator<AnyFile, void, undefined> {
    const manifest = new ManifestBuilder();
    yield* makeFiles(entries, manifest);
    const { file, resultId } = manifest.finish(runJson(record.run));
    id = resultId;
    yield file;
  }
  return { count: entries.length + 1, files: files(), resultId: () => id };
}

/** A finished item's folder in SHINE's layout. */
export function itemEntries(run: RunController, index: number): FileEntry[] {
  const item = run.store.item(index);
  const summary = run.store.summary(index);
  if (!item || !summary) return [];
  const folder = item.info.runId;
  return [
    text(`${folder}/convergence.json`, () => convergenceJson(item, summary)),
    {
      path: `${folder}/posterior.nc`,
      make: async () => ({ path: `${folder}/posterior.nc`, bytes: await posteriorNetcdf(run, item) }),
    },
    text(`${folder}/truth.json`, () => truthJson(item)),
  ];
}

/** Files about the run as a whole, but the manifest. */
export function runEntries({ run, report, tuning, quality }: RunRecord): FileEntry[] {
  const { plan, store, shaders } = run;
  const results: FileEntry[] =
    store.size === 0
      ? []
      : [
          { path: POSTERIOR_ALL_PATH, make: () => posteriorAll(run) },
          text('bias_results.json', () => biasResults(run)),
          ...[...plotFiles(plotted(run)), ...rankPlots(run)].map((file) => ({ path: file.path, make: () => file })),
        ];
  const files: FileEntry[] = [
    text('README.md', () => readme(run, quality)),
    text('environment.json', () => canonicalJson(environmentOf(run, report, shaders))),
    text('failures.json', () => failuresJson(run)),
    text('items.json', () => itemsJson(store.items(), store.summaries())),
    text('load.py', () => LOAD_PY),
    text('memory.csv', () => memoryCsv(plan)),
    ...(quality ? [text(METRICS_PATH, () => metricsJson(quality))] : []),
    text('reproduce.sh', () => reproduce(run)),
    text('run.json', () => runJson(run)),
    text('summary.csv', () => summaryCsv(store.items(), store.summaries())),
    text('timing.csv', () => timingCsv(run.timings)),
    text('tuning.json', () => tuningJson(plan, tuning)),
    ...Object.entries(shaders).map(([name, wgsl]) => text(`shaders/${name}`, () => wgsl)),
    ...results,
  ];
  return [...files, text('ro-crate-metadata.json', () => crate(run, files.map(({ path }) => path).sort()))];
}

function text(path: string, make: () => string): FileEntry {
  return { path, make: () => textFile(path, make()) };
}

function posteriorNetcdf(run: RunController, item: PosteriorItem): Promise<Uint8Array<ArrayBuffer>> {
  const { chains, draws, parameters, stats } = item;
  const attributes = attributesOf(run, item.info.runId);
  return writePosteriorNetcdf({ chains, draws, parameters, stats, attributes, inferenceMethod: methodOf(item) });
}

function posteriorAll(run: RunController): AnyFile {
  const items = run.store.items().map(({ info, chains, draws, parameters, stats }) => ({
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
    attributes: attributesOf(run, run.plan.workload.title),
    inferenceMethod: methodOf(run.store.items()[0]),
    pieceBytes: run.plan.sizes['bundle.drawsBytes'],
  });
}

/** ArviZ's attribute. Independent draws come from no sampler of chains. */
function methodOf({ sampling }: PosteriorItem): string | undefined {
  return sampling === 'independent' ? 'flow' : undefined;
}

/** Of the results only, not of when they were made: equal seeds give equal bytes. */
function attributesOf(run: RunController, name: string): NetcdfAttributes {
  return {
    name,
    inference_library: 'lockstep',
    inference_library_version: appVersion,
    creation_library: 'lockstep',
    creation_library_version: appVersion,
    compute_precision: run.cpu?.arithmetic.precision ?? run.plan.config.precision,
  };
}
