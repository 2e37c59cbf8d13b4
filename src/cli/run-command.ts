/** `lockstep run`: configuration from flags and files, the run, the output folder, the summary. */

import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MANIFEST_PATH, ManifestBuilder } from '../bundle/manifest.ts';
import { formatBytes } from '../engine/bytes.ts';
import { requireSameRun } from '../engine/checkpoint/same-run.ts';
import { loadInputs } from '../engine/config/load-inputs.ts';
import { parseRunConfig } from '../engine/config/run-config.ts';
import { describeError } from '../engine/errors.ts';
import { itemEntries, makeFiles, type RunRecord, runEntries } from '../engine/files/bundle-files.ts';
import { runJson } from '../engine/files/files-about.ts';
import type { RunPlan } from '../engine/plan/plan-run.ts';
import { RunController } from '../engine/run/controller.ts';
import { arithmeticWords, cpuPathOf } from '../engine/run/cpu-path.ts';
import type { RunOutcome } from '../engine/run/progress.ts';
import { excludedLine } from '../engine/run/unrescued.ts';
import { passedSelfTest } from '../engine/self-test/run.ts';
import { planRemembered } from '../engine/tuner/memory.ts';
import { batchNote } from '../engine/tuner/words.ts';
import type { GpuContext } from '../gpu/context.ts';
import { qualityNotes } from '../results/posterior/quality/notes.ts';
import type { QualitySize } from '../results/posterior/quality/types.ts';
import { ConfigError, type Workload } from '../workloads/workload.ts';
import { CheckpointFolder } from './checkpoint-files.ts';
import { CommandDevice } from './command-device.ts';
import { EXIT, exitOf, explain, sentences } from './exit.ts';
import { configFromFlags, type GivenFlags } from './flags.ts';
import { type GpuBackend, openGpu } from './gpu.ts';
import { inputOptions, inputPaths, otherFiles, readInputs } from './inputs.ts';
import { OutputFolder } from './output-folder.ts';
import { metricsAsked, qualityOnTerminal } from './quality.ts';
import { duration, Reporter, significant } from './reporter.ts';
import { type ResumedRun, requireSameConfig } from './resume.ts';
import { RunCheckpoint, requireOurs } from './run-checkpoint.ts';
import type { RunIo } from './run-io.ts';
import { selfTestLine } from './self-test-lines.ts';
import { summaryLines } from './table.ts';
import { TuningCache } from './tuning-cache.ts';

export interface RunArguments {
  readonly workload: Workload;
  readonly given: GivenFlags;
  /** What `--config` holds, or the checkpoint to go on from; empty without either. */
  readonly base: Record<string, unknown>;
  /** What `--resume` found. */
  readonly resumed?: ResumedRun;
  readonly io: RunIo;
}

/** Runs and resolves to the exit code. What is wrong with the command is told on standard error. */
export async function runCommand({ workload, given, base, resumed, io }: RunArguments): Promise<number> {
  const text = (flag: string) => {
    const value = given.get(flag);
    return typeof value === 'string' ? value : undefined;
  };
  const reporter = new Reporter(io.err, given.has('quiet'), workload);
  const from = resumed?.checkpoint;
  let device: CommandDevice | undefined;
  try {
    const config = parseRunConfig(configFromFlags(workload, given, base), [workload]);
    if (resumed) requireSameConfig(resumed.folder, parseRunConfig(base, [workload]), config);
    if (resumed && !from) return nothingLeft(resumed.folder, io);
    const folder = new OutputFolder(resumed?.folder ?? text('output-dir') ?? `results/${workload.id}-${config.preset}`);
    const checkpointFolder = new CheckpointFolder(folder.path);
    await requireOurs(checkpointFolder, from, given.has('discard-checkpoint'));
    await writable(folder, () => folder.prove());
    const paths = inputPaths(workload, text, base, from?.head.inputs);
    const chosen = inputOptions(workload, paths, text, base, from?.head.inputs);
    const files = await readInputs(workload, paths, chosen, (sentence) => reporter.say(sentence));
    const inputs = await loadInputs(workload, config.params, files);
    const backend = given.has('cpu') ? 'cpu' : (text('backend') ?? from?.head.backend ?? 'auto');
    const tryOut = (gpu: GpuContext) => passedSelfTest(gpu, [workload], config.precision);
    device = new CommandDevice(() => openGpu(backend as GpuBackend), tryOut);
    const gpu = backend === 'cpu' ? undefined : await findGpu(device, reporter);
    const cpu = gpu ? undefined : await cpuPathOf(workload);
    if (cpu?.warning) reporter.warn(`warning: ${cpu.warning}`);
    const remembered = gpu && config.batch.size === 'auto' ? await new TuningCache().load() : [];
    const { plan, tuning } = planRemembered(remembered, workload, config, inputs, gpu?.report ?? null);
    const selfTest = gpu && (await tryOut(gpu));
    if (selfTest) reporter.say(selfTestLine(selfTest, config.precision));
    const manifest = new ManifestBuilder();
    let checkpoint: RunCheckpoint | undefined;
    const run: RunController = new RunController({
      plan,
      gpu: gpu ?? null,
      selfTest,
      reopen: () => device!.reopen(),
      finished: from?.finished,
      listener: {
        progress: (progress) => reporter.progress(progress),
        itemDone: ({ info }) =>
          folder.add(async function* () {
            yield* makeFiles(await itemEntries(run, info.index), manifest);
          }),
        chunkDone: (items) => checkpoint?.add(items),
        event: ({ kind, message }) => {
          // What failed for good is told by `chunkFailed`.
          if (kind === 'resumed') reporter.say(message);
          else if (kind !== 'failed') reporter.warn(`warning: ${message}`);
        },
        chunkFailed: (items, error) =>
          reporter.warn(
            sentences(
              `${items.map(({ info }) => info.runId).join(', ')}: ${error.message}`,
              error.todo,
              'The others go on.',
            ),
          ),
      },
    });
    if (from) await requireSameRun(from.head, run);
    const earlier = await writable(folder, () => folder.create());
    const warn = (message: string) => reporter.warn(`warning: ${message}`);
    const absolutePaths = Object.entries(paths).map(([role, path]) => [role, path && resolve(path)]);
    const commandLine = { backend, paths: Object.fromEntries(absolutePaths) };
    checkpoint = await RunCheckpoint.open({ run, folder: checkpointFolder, from, commandLine, warn });
    if (earlier.length > 0 && !from) reporter.warn(earlierNote(folder.path, earlier));
    for (const note of otherFiles(workload, base, inputs)) reporter.warn(note);
    reporter.say(
      `${plan.items} ${plan.items === 1 ? workload.itemName.one : workload.itemName.many} in ${plan.chunks} ${plan.chunks === 1 ? 'chunk' : 'chunks'} of ${plan.chunk} on ${gpu?.report.name ?? `the CPU (${arithmeticWords(cpu!.arithmetic)})`}` +
        (gpu ? `, GPU memory ${formatBytes(plan.totalBytes)}${mostNote(plan)}` : ''),
    );
    if (gpu && config.batch.size === 'auto') reporter.say(batchNote(plan.chunk, tuning));
    for (const line of plan.stated) reporter.warn(line);
    for (const warning of run.problem.warnings) reporter.warn(`warning: ${warning}`);
    for (const note of run.problem.notes) reporter.say(note);
    const record: RunRecord = { run, report: run.report, tuning };
    return await finish(record, manifest, folder, checkpoint, reporter, io, metricsAsked(given));
  } catch (thrown) {
    reporter.warn(explain(thrown, workload));
    return exitOf(thrown);
  } finally {
    device?.release();
  }
}

async function finish(
  record: RunRecord,
  manifest: ManifestBuilder,
  folder: OutputFolder,
  checkpoint: RunCheckpoint,
  reporter: Reporter,
  io: RunIo,
  metrics: QualitySize | undefined,
): Promise<number> {
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
  const quality =
    metrics && outcome.state !== 'stopped' ? await qualityOnTerminal(run, metrics, reporter, io) : undefined;
  folder.add(async function* () {
    yield* makeFiles(await runEntries({ ...record, quality }), manifest);
  });
  let resultId = '';
  folder.add(() => {
    const finished = manifest.finish(runJson(run));
    resultId = finished.resultId;
    return [finished.file];
  });
  await folder.flush();
  const goOn = await checkpoint.end(outcome);
  reporter.clear();
  for (const line of await summaryLines(run.plan.workload.results, run.store.summaries(), outcome.results))
    io.out.write(`${line}\n`);
  for (const note of quality ? qualityNotes(quality) : []) io.out.write(`${note}\n`);
  const excluded = excludedLine(run);
  if (excluded) io.out.write(`  ${excluded}\n`);
  const { progress, failed } = outcome;
  io.out.write(
    `${progress.items.done} of ${progress.items.total} in ${duration(progress.elapsedMs)}; compiling left out, ` +
      `${significant(progress.itemsPerSecond)} items/s, ${significant(progress.gradientsPerSecond)} ${run.plan.workload.workName}/s` +
      `${progress.essPerSecond === null ? '' : `, ${significant(progress.essPerSecond)} ${run.plan.workload.results.worthUnit}/s`}\n` +
      `${folder.written} files in ${folder.path}\nresult ${resultId}\n`,
  );
  if (outcome.error) reporter.warn(sentences(outcome.error.message, outcome.error.kept, outcome.error.todo));
  else if (failed.length > 0)
    reporter.warn(`${failed.length} without a result, see failures.json; ${failed[0].info.runId}: ${failed[0].reason}`);
  if (goOn) reporter.warn(goOn);
  if (outcome.state === 'stopped') return EXIT.interrupted;
  return outcome.state === 'finished' && failed.length === 0 ? EXIT.ok : EXIT.failed;
}

/** `--resume` of a run that has finished is no error. */
async function nothingLeft(folder: string, io: RunIo): Promise<number> {
  const manifest = JSON.parse(await readFile(join(folder, MANIFEST_PATH), 'utf8')) as { result_id?: string };
  await new CheckpointFolder(folder).remove();
  io.out.write(`The run in ${folder} has finished; there is nothing left to do.\nresult ${manifest.result_id}\n`);
  return EXIT.ok;
}

/** The device, or undefined where there is no GPU (said loudly): the CPU computes then. */
async function findGpu(device: CommandDevice, reporter: Reporter): Promise<GpuContext | undefined> {
  try {
    const gpu = await device.open();
    if (gpu.report.software) {
      reporter.say(`Software adapter (${gpu.report.name}): results are right, timings are not a GPU's.`);
    }
    return gpu;
  } catch (thrown) {
    const error = describeError(thrown);
    if (error.name !== 'NoAdapterError') throw thrown;
    reporter.warn(`${error.message} Running on the CPU instead, which is slow. ${error.todo ?? ''}`);
    return undefined;
  }
}

/** Names the flag where the folder cannot be written. */
async function writable<T>({ path }: OutputFolder, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    throw new ConfigError('output-dir', `cannot write to ${path}: ${(error as Error).message}.`);
  }
}

function mostNote({ mostBytes, mostBytesIn }: RunPlan): string {
  return mostBytesIn ? ` (${mostBytesIn} would take up to ${formatBytes(mostBytes)})` : '';
}

function earlierNote(path: string, earlier: readonly string[]): string {
  const many = earlier.length === 1 ? 'a posterior' : `${earlier.length} posteriors`;
  return `${path} holds ${many} of an earlier run (${earlier[0]}${earlier.length > 1 ? ', …' : ''}): equal names are replaced, the others stay. Choose another --output-dir to keep runs apart.`;
}
