/** The end of `lockstep run`: its last files, whether all of them are there, and what is said of it. */
import type { ManifestBuilder } from '../bundle/manifest.ts';
import { makeFiles, type RunRecord, runEntries } from '../engine/files/bundle-files.ts';
import { runJson } from '../engine/files/files-about.ts';
import type { RunOutcome } from '../engine/run/progress.ts';
import { excludedLines } from '../engine/run/unrescued.ts';
import { qualityNotes } from '../results/posterior/quality/notes.ts';
import type { QualitySize, RunQuality } from '../results/posterior/quality/types.ts';
import { EXIT, explain, sentences } from './exit.ts';
import type { OutputFolder } from './output-folder.ts';
import { qualityOnTerminal } from './quality.ts';
import { duration, type Reporter, significant } from './reporter.ts';
import type { RunCheckpoint } from './run-checkpoint.ts';
import type { RunIo } from './run-io.ts';
import { summaryLines } from './table.ts';

export interface RunEnd {
  readonly record: RunRecord;
  readonly manifest: ManifestBuilder;
  readonly folder: OutputFolder;
  readonly checkpoint: RunCheckpoint;
  readonly reporter: Reporter;
  readonly io: RunIo;
  /** Whether, and how closely, posteriors are held against exact ones. */
  readonly metrics: QualitySize | undefined;
}

/** Files that were written are there no more, or not as they were written. */
class LostFilesError extends Error {
  override readonly name = 'LostFilesError';
  readonly kept = 'What is there stays; there is no manifest.';
  constructor(folder: string, lost: readonly string[]) {
    const named = lost.slice(0, NAMED).join('; ') + (lost.length > NAMED ? `; … ${lost.length} in all` : '');
    super(`something changed ${folder} while the run went on: ${named}.`);
  }
}

const NAMED = 3;

/** Runs, writes what is left, and resolves to the exit code. */
export async function endRun(end: RunEnd): Promise<number> {
  const { record, folder, checkpoint, reporter, io, metrics } = end;
  const { run } = record;
  const release = io.onInterrupt(() => {
    reporter.say('Stopping; finished items are kept.');
    run.stop();
  });
  let outcome: RunOutcome;
  try {
    outcome = await run.run();
  } finally {
    release();
  }
  let quality: RunQuality | undefined;
  let unmeasured: unknown;
  try {
    if (metrics && outcome.state !== 'stopped') quality = await qualityOnTerminal(run, metrics, reporter, io);
  } catch (thrown) {
    // The run's own files are written all the same.
    unmeasured = thrown;
  }
  let resultId: string | undefined;
  let problem: unknown;
  try {
    resultId = await writeLast(end, quality);
  } catch (thrown) {
    problem = thrown;
  }
  const goOn = problem === undefined ? await checkpoint.end(outcome) : await checkpoint.keep();
  await tellResults(end, outcome, quality);
  if (resultId !== undefined) io.out.write(`${folder.written} files in ${folder.path}\nresult ${resultId}\n`);
  const { error, failed, state } = outcome;
  if (problem !== undefined) reporter.warn(explain(problem));
  else if (error) reporter.warn(sentences(error.message, error.kept, error.todo));
  else if (failed.length > 0)
    reporter.warn(`${failed.length} without a result, see failures.json; ${failed[0].info.runId}: ${failed[0].reason}`);
  if (unmeasured !== undefined) reporter.warn(`There is no metrics.json. ${explain(unmeasured)}`);
  if (goOn) reporter.warn(goOn);
  else if (problem !== undefined) reporter.warn('Nothing is left to go on from: see to the folder, then run it again.');
  if (problem !== undefined || unmeasured !== undefined) return EXIT.failed;
  if (state === 'stopped') return EXIT.interrupted;
  return state === 'finished' && failed.length === 0 ? EXIT.ok : EXIT.failed;
}

/** The files about the whole run, and when all are found as they were written, the manifest. Resolves to the result's id. */
async function writeLast({ record, manifest, folder }: RunEnd, quality: RunQuality | undefined): Promise<string> {
  folder.add(async function* () {
    yield* makeFiles(await runEntries({ ...record, quality }), manifest);
  });
  const trouble = await folder.flush().then(
    () => undefined,
    (thrown: unknown) => ({ thrown }),
  );
  // A folder that was removed cannot be written, either: what is missing says more.
  const lost = await folder.lost(manifest.entries);
  if (lost.length > 0) throw new LostFilesError(folder.path, lost);
  if (trouble) throw trouble.thrown;
  const { file, resultId } = manifest.finish(runJson(record.run));
  folder.add(() => [file]);
  await folder.flush();
  return resultId;
}

async function tellResults(
  { record: { run }, reporter, io }: RunEnd,
  { progress, results }: RunOutcome,
  quality?: RunQuality,
): Promise<void> {
  const { workload } = run.plan;
  reporter.clear();
  for (const line of await summaryLines(workload.results, run.store.summaries(), results)) io.out.write(`${line}\n`);
  for (const note of quality ? qualityNotes(quality) : []) io.out.write(`${note}\n`);
  for (const line of excludedLines(run)) io.out.write(`  ${line}\n`);
  const ess = progress.essPerSecond;
  io.out.write(
    `${progress.items.done} of ${progress.items.total} in ${duration(progress.elapsedMs)}; compiling left out, ` +
      `${significant(progress.itemsPerSecond)} items/s, ${significant(progress.gradientsPerSecond)} ${workload.workName}/s` +
      `${ess === null ? '' : `, ${significant(ess)} ${workload.results.worthUnit}/s`}\n`,
  );
}
