/**
 * The files of a run, made one at a time when somebody asks for them: from the store, never from the GPU. The bundle (zip) and
 * the output folder of the command line are both these.
 */
import { canonicalJson } from '../../bundle/json.ts';
import { ManifestBuilder } from '../../bundle/manifest.ts';
import type { ResultsAbout } from '../../bundle/readme.ts';
import { type AnyFile, type FileEntry, textEntry } from '../../bundle/types.ts';
import { sortFiles } from '../../bundle/zip.ts';
import type { AdapterReport } from '../../gpu/report.ts';
import type { FinishedRun } from '../../results/kind.ts';
import { METRICS_PATH, metricsJson } from '../../results/posterior/quality/metrics-json.ts';
import type { RunQuality } from '../../results/posterior/quality/types.ts';
import type { OwnRunFiles } from '../../workloads/workload.ts';
import { hasOwnData } from '../config/own-files.ts';
import type { RunController } from '../run/controller.ts';
import { resultsOf } from '../run/store.ts';
import { tuningJson } from '../tuner/tuning-json.ts';
import type { TuningResult } from '../tuner/types.ts';
import { appVersion } from '../version.ts';
import { environmentOf } from './environment.ts';
import { failuresJson } from './failures.ts';
import { crate, readme, reproduce, runJson } from './files-about.ts';
import { memoryCsv, timingCsv } from './tables.ts';

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

/** All files of the bundle but its manifest, in the order that a zip wants; finished items only. */
export async function bundleEntries(record: RunRecord): Promise<FileEntry[]> {
  const { run } = record;
  const { itemFiles } = await run.plan.workload.results.files();
  const finished = finishedRun(run);
  const items = finished.items.flatMap((item, i) => itemFiles(finished, item, finished.summaries[i]));
  return sortFiles([...items, ...(await runEntries(record))]);
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

export async function wholeBundle(record: RunRecord): Promise<WholeBundle> {
  const entries = await bundleEntries(record);
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

/** The files of a finished item, as its kind lays them out. */
export async function itemEntries(run: RunController, index: number): Promise<FileEntry[]> {
  const item = run.store.item(index);
  const summary = run.store.summary(index);
  if (!item || !summary) return [];
  return (await run.plan.workload.results.files()).itemFiles(finishedRun(run), item, summary);
}

/** Files about the run as a whole, but the manifest. */
export async function runEntries({ run, report, tuning, quality }: RunRecord): Promise<FileEntry[]> {
  const { plan, shaders } = run;
  const { results } = plan.workload;
  const [kind, words] = await Promise.all([results.files(), results.words()]);
  const finished = finishedRun(run);
  const own = await plan.workload.runFiles?.(run.problem, finished);
  const about = withOwn(kind.about(finished), own);
  const files: FileEntry[] = [
    textEntry('README.md', () => readme(run, about, words, quality)),
    textEntry('environment.json', () => canonicalJson(environmentOf(run, report, shaders))),
    textEntry('failures.json', () => failuresJson(run)),
    textEntry('memory.csv', () => memoryCsv(plan)),
    ...(quality ? [textEntry(METRICS_PATH, () => metricsJson(quality))] : []),
    textEntry('reproduce.sh', () => reproduce(run)),
    textEntry('run.json', () => runJson(run)),
    textEntry('timing.csv', () => timingCsv(run.timings)),
    textEntry('tuning.json', () => tuningJson(plan, tuning)),
    ...Object.entries(shaders).map(([name, wgsl]) => textEntry(`shaders/${name}`, () => wgsl)),
    ...kind.runFiles(finished),
    ...(own?.entries ?? []),
  ];
  return [...files, textEntry('ro-crate-metadata.json', () => crate(run, about, files.map(({ path }) => path).sort()))];
}

/** What is said of the kind's files, with what the experiment adds to them. */
function withOwn(about: ResultsAbout, own: OwnRunFiles | undefined): ResultsAbout {
  if (!own) return about;
  return {
    ...about,
    files: [...own.about, ...about.files],
    python: own.python === undefined ? about.python : `${own.python}\n${about.python}`,
  };
}

/** What the kind of a run's results makes its files of. */
function finishedRun({ plan, problem, store, cpu }: RunController): FinishedRun {
  const results = resultsOf(plan.workload.results, store);
  return {
    ...(results && { results }),
    title: plan.workload.title,
    itemName: plan.workload.itemName,
    appVersion,
    preset: plan.config.preset,
    params: plan.config.params,
    ownData: hasOwnData(plan.workload, plan.inputs.files),
    parameters: problem.parameters,
    items: store.items(),
    summaries: store.summaries(),
    precision: cpu?.arithmetic.precision ?? plan.config.precision,
    pieceBytes: plan.sizes['bundle.drawsBytes'],
  };
}
