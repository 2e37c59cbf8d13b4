/**
 * The files of a run, made one at a time when somebody asks for them: from the store, never from the GPU. The bundle (zip) and
 * the output folder of the command line are both these.
 */
import { canonicalJson } from '../bundle/json.ts';
import { writePosteriorNetcdf } from '../bundle/netcdf.ts';
import { bundleReadme } from '../bundle/readme.ts';
import { shineConvergenceJson, shineTruthJson } from '../bundle/shine.ts';
import { type BundleFile, textFile } from '../bundle/types.ts';
import { sortFiles } from '../bundle/zip.ts';
import type { AdapterReport } from '../gpu/report.ts';
import type { PosteriorItem } from '../workloads/workload.ts';
import type { RunController } from './controller.ts';
import { environmentOf } from './environment.ts';
import type { ItemSummary } from './progress.ts';
import { toJson } from './run-config.ts';
import { convergenceOf, failuresJson, memoryCsv, summaryCsv, timingCsv } from './tables.ts';
import { appVersion } from './version.ts';

/** A run and what it ran on. */
export interface RunRecord {
  readonly run: RunController;
  /** The adapter; null for the twin, or when it is not to be recorded. */
  readonly report: AdapterReport | null;
}

/** A file that is not made yet. */
export interface FileEntry {
  readonly path: string;
  make(): BundleFile | Promise<BundleFile>;
}

/** All files of the bundle in the order that a zip wants; finished items only. */
export function bundleEntries(record: RunRecord): FileEntry[] {
  const items = record.run.store.items().flatMap(({ info }) => itemEntries(record.run, info.index));
  return sortFiles([...items, ...runEntries(record)]);
}

/** Makes entries one after the other. */
export async function* makeFiles(entries: readonly FileEntry[]): AsyncGenerator<BundleFile, void, undefined> {
  for (const entry of entries) yield await entry.make();
}

/** A finished item's folder in SHINE's layout. */
export function itemEntries(run: RunController, index: number): FileEntry[] {
  const item = run.store.item(index);
  const summary = run.store.summary(index);
  if (!item || !summary) return [];
  const folder = item.info.runId;
  return [
    text(`${folder}/convergence.json`, () => shineConvergenceJson(convergenceOf(item, summary))),
    {
      path: `${folder}/posterior.nc`,
      make: async () => ({ path: `${folder}/posterior.nc`, bytes: await posteriorNetcdf(run, item) }),
    },
    text(`${folder}/truth.json`, () => shineTruthJson({ ...item.info.truth, seed: item.info.seed })),
  ];
}

/** Files about the run as a whole. */
export function runEntries({ run, report }: RunRecord): FileEntry[] {
  const { plan, problem, store } = run;
  const shaders = plan.mode === 'webgpu' ? plan.workload.shaders(problem, plan.shape) : {};
  return [
    text('README.md', () => readme(run)),
    text('environment.json', () => canonicalJson(environmentOf(run, report, shaders))),
    text('failures.json', () => failuresJson(run)),
    text('memory.csv', () => memoryCsv(plan.buffers)),
    text('run.json', () => toJson(plan.config, ranRecord(run))),
    text('summary.csv', () => summaryCsv(store.items(), store.summaries())),
    text('timing.csv', () => timingCsv(run.timings)),
    ...Object.entries(shaders).map(([name, wgsl]) => text(`shaders/${name}`, () => wgsl)),
  ];
}

function text(path: string, make: () => string): FileEntry {
  return { path, make: () => textFile(path, make()) };
}

/** Depends on the results only, not on when they were made: equal seeds give equal bytes. */
function posteriorNetcdf(run: RunController, item: PosteriorItem): Promise<Uint8Array<ArrayBuffer>> {
  return writePosteriorNetcdf({
    chains: item.chains,
    draws: item.draws,
    parameters: item.parameters,
    stats: item.stats,
    attributes: {
      name: item.info.runId,
      inference_library: 'lockstep',
      inference_library_version: appVersion,
      creation_library: 'lockstep',
      creation_library_version: appVersion,
      compute_precision: run.plan.mode === 'webgpu' ? run.plan.config.precision : 'f64',
    },
  });
}

/** What a run notes about itself beside its configuration: choices that were left to it, and files it was given. */
function ranRecord({ plan }: RunController): object {
  const { images, truth } = plan.inputs;
  const file = (input: { name: string; sha256: string } | undefined) =>
    input && { name: input.name, sha256: input.sha256 };
  return {
    version: appVersion,
    mode: plan.mode,
    items: plan.items,
    chunk: plan.chunk,
    shape: plan.mode === 'webgpu' ? plan.shape : undefined,
    images: file(images),
    truth: file(truth),
  };
}

function readme(run: RunController): string {
  const { workload, mode, items } = run.plan;
  const summaries: readonly ItemSummary[] = run.store.summaries();
  const converged = summaries.filter((summary) => summary.converged).length;
  const failed = run.store.failed().length;
  return bundleReadme({
    title: workload.title,
    appVersion,
    itemName: workload.itemName,
    items: summaries.length,
    exampleRunId: summaries[0]?.info.runId ?? '<run_id>',
    parameters: run.problem.parameters.map(({ name }) => name),
    notes: [
      `${converged} of ${summaries.length} converged (R-hat < 1.01, bulk and tail ESS at least 400, E-BFMI at least 0.3, no divergence).`,
      ...(failed > 0 ? [`${failed} of ${items} failed; failures.json says why.`] : []),
      ...(summaries.length + failed < items ? [`${items - summaries.length - failed} of ${items} did not run.`] : []),
      ...(mode === 'cpu-twin' ? ['Computed by the f64 twin on the CPU, without a GPU.'] : []),
      ...run.problem.notes,
    ],
  });
}
