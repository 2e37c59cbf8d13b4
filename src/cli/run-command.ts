/** `lockstep run`: configuration from flags and files, the run, the output folder, the summary. */

import { join, resolve } from 'node:path';
import type { JsonValue } from '../bundle/json.ts';
import { MANIFEST_PATH, ManifestBuilder, questionOf } from '../bundle/manifest.ts';
import { formatBytes } from '../engine/bytes.ts';
import { requireSameRun } from '../engine/checkpoint/same-run.ts';
import { loadInputs } from '../engine/config/load-inputs.ts';
import { hasOwnData, ownFiles } from '../engine/config/own-files.ts';
import { parseRunConfig, type RunConfig, toJson } from '../engine/config/run-config.ts';
import { withStatedParams } from '../engine/config/stated-params.ts';
import { describeError } from '../engine/errors.ts';
import { itemEntries, makeFiles, type RunRecord } from '../engine/files/bundle-files.ts';
import type { RunPlan } from '../engine/plan/plan-run.ts';
import { stageMemory, stageWords } from '../engine/plan/stage-memory.ts';
import { RunController } from '../engine/run/controller.ts';
import { arithmeticWords, cpuPathOf } from '../engine/run/cpu-path.ts';
import { takenOver } from '../engine/run/extension.ts';
import { passedSelfTest } from '../engine/self-test/run.ts';
import { planRemembered } from '../engine/tuner/memory.ts';
import { batchNote } from '../engine/tuner/words.ts';
import type { GpuContext } from '../gpu/context.ts';
import { ConfigError, type RunInputs, type Workload } from '../workloads/workload.ts';
import { CheckpointFolder } from './checkpoint-files.ts';
import { CommandDevice } from './command-device.ts';
import { filesOfUnfinished, makeRoom, readEarlier, removeFiles, requireChoice } from './earlier-run.ts';
import { EXIT, exitOf, explain, sentences } from './exit.ts';
import { type ExtendedRun, madeAgain } from './extend.ts';
import { configFromFlags, type GivenFlags } from './flags.ts';
import { type GpuBackend, openGpu } from './gpu.ts';
import { inputOptions, inputPaths, otherFiles, readConfig, readInputs } from './inputs.ts';
import { OutputFolder } from './output-folder.ts';
import { metricsAsked } from './quality.ts';
import { Reporter } from './reporter.ts';
import { type ResumedRun, requireSameConfig } from './resume.ts';
import { RunCheckpoint, requireOurs } from './run-checkpoint.ts';
import { endRun } from './run-end.ts';
import type { RunIo } from './run-io.ts';
import type { SelfTestCache } from './self-test-cache.ts';
import { selfTestLine } from './self-test-lines.ts';
import { plainCause } from './storage-error.ts';
import { TuningCache } from './tuning-cache.ts';

export interface RunArguments {
  readonly workload: Workload;
  readonly given: GivenFlags;
  /** What `--config` holds, or the checkpoint to go on from; empty without either. */
  readonly base: Record<string, unknown>;
  /** What `--resume` found. */
  readonly resumed?: ResumedRun;
  /** What `--extend` found. */
  readonly extended?: ExtendedRun;
  readonly io: RunIo;
  /** Where devices that have passed the self-test are noted; without it each is tried. */
  readonly selfTests?: SelfTestCache;
}

/** Runs and resolves to the exit code. What is wrong with the command is told on standard error. */
export async function runCommand(args: RunArguments): Promise<number> {
  const { workload, given, base, resumed, extended, io, selfTests } = args;
  const text = (flag: string) => {
    const value = given.get(flag);
    return typeof value === 'string' ? value : undefined;
  };
  const reporter = new Reporter(io.err, given.has('quiet'), workload);
  const from = resumed?.checkpoint;
  let device: CommandDevice | undefined;
  let held: CheckpointFolder | undefined;
  try {
    const config = parseRunConfig(configFromFlags(workload, given, base), [workload]);
    if (resumed) requireSameConfig(resumed.folder, parseRunConfig(base, [workload]), config);
    if (resumed && !from) return nothingLeft(resumed.folder, io);
    const output =
      resumed?.folder ?? text('output-dir') ?? extended?.folder ?? `results/${workload.id}-${config.preset}`;
    held = new CheckpointFolder(output);
    const checkpointFolder = held;
    // Its items are read already, and made again under the same names.
    const inPlace = extended?.folder === resolve(output);
    const discard = given.has('discard-checkpoint') || inPlace;
    const choice = given.has('overwrite') ? 'overwrite' : given.has('append') ? 'append' : undefined;
    // From here on the folder is ours: what is found in it stays so.
    await writable(output, () => checkpointFolder.hold(from ? 'resume' : 'output-dir'));
    await requireOurs(checkpointFolder, from, discard);
    const paths = inputPaths(workload, text, base, from?.head.inputs);
    const chosen = inputOptions(workload, paths, text, base, from?.head.inputs);
    const files = await readInputs(workload, paths, chosen, (sentence) => reporter.say(sentence));
    const inputs = await loadInputs(workload, config.params, files);
    // Another one is there only where it is to be discarded.
    const givenUp =
      !from && !inPlace && (await checkpointFolder.holdsRun()) ? await filesOfUnfinished(checkpointFolder) : [];
    const question = questionAsked(workload, config, inputs);
    const earlier = from || inPlace ? undefined : await readEarlier(output, question, givenUp);
    requireChoice(earlier, choice);
    const backend = given.has('cpu') ? 'cpu' : (text('backend') ?? from?.head.backend ?? 'auto');
    const tryOut = (gpu: GpuContext) => passedSelfTest(gpu, [workload], config.precision);
    device = new CommandDevice(() => openGpu(backend as GpuBackend), tryOut);
    const gpu = backend === 'cpu' ? undefined : await findGpu(device, reporter);
    const cpu = gpu ? undefined : await cpuPathOf(workload);
    if (cpu?.warning) reporter.warn(`warning: ${cpu.warning}`);
    const remembered = gpu && config.batch.size === 'auto' ? await new TuningCache().load() : [];
    const { plan, tuning } = planRemembered(remembered, workload, config, inputs, gpu?.report ?? null);
    const { precision } = config;
    const tested = (gpu: GpuContext) =>
      selfTests?.passed(gpu, workload, precision, given.has('self-test')) ?? tryOut(gpu);
    const selfTest = gpu && (await tested(gpu));
    if (selfTest) reporter.say(selfTestLine(selfTest, precision));
    const taken = extended && (await takenOver(extended.earlier, { plan, report: gpu?.report ?? null }));
    const manifest = new ManifestBuilder();
    let checkpoint: RunCheckpoint | undefined;
    const warn = (message: string) => reporter.warn(`warning: ${message}`);
    const stopIfLost = () => {
      if (!folder.broken || !checkpoint?.broken) return;
      warn('Neither results nor a checkpoint can be written any more: the run stops.');
      run.stop();
    };
    const folder = new OutputFolder(output, ({ message, kept }) => {
      warn(
        sentences(
          message,
          kept,
          checkpoint?.broken ? undefined : 'What finishes from here on goes into the checkpoint alone.',
        ),
      );
      stopIfLost();
    });
    const run: RunController = new RunController({
      plan,
      gpu: gpu ?? null,
      selfTest,
      reopen: () => device!.reopen(),
      finished: from?.finished ?? taken,
      saved: from?.saved,
      listener: {
        progress: (progress) => reporter.progress(progress),
        itemDone: ({ info }) =>
          folder.add(async function* () {
            yield* makeFiles(await itemEntries(run, info.index), manifest);
          }),
        chunkDone: (items) => checkpoint?.add(items),
        saved: (items) => checkpoint?.save(items),
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
    const items = run.problem.items.map(({ runId }) => runId);
    const again = inPlace ? madeAgain(extended, items) : [];
    const room = await writable(output, async () => {
      const said = earlier && (await makeRoom(earlier, choice, items));
      if (!inPlace) await removeFiles(output, [...givenUp, MANIFEST_PATH]);
      return said;
    });
    const absolutePaths = Object.entries(paths).map(([role, path]) => [role, path && resolve(path)]);
    const commandLine = { backend, paths: Object.fromEntries(absolutePaths) };
    checkpoint = await RunCheckpoint.open({
      run,
      folder: checkpointFolder,
      from,
      taken: taken?.map(({ stored }) => stored.info.index),
      commandLine,
      warn,
      broken: stopIfLost,
    });
    // Only now: the checkpoint has all that was there.
    if (inPlace) await writable(output, () => removeFiles(output, [...again, MANIFEST_PATH]));
    if (room) reporter.warn(room);
    for (const note of otherFiles(workload, base, inputs)) reporter.warn(note);
    reporter.say(
      `${plan.items} ${plan.items === 1 ? workload.itemName.one : workload.itemName.many} in ${plan.chunks} ${plan.chunks === 1 ? 'chunk' : 'chunks'} of ${plan.chunk} on ${gpu?.report.name ?? `the CPU (${arithmeticWords(cpu!.arithmetic)})`}` +
        (gpu ? `, GPU memory ${formatBytes(plan.totalBytes)}${mostNote(plan)}` : '') +
        `, results ${formatBytes(plan.resultBytes)}`,
    );
    if (gpu && config.batch.size === 'auto') reporter.say(batchNote(plan.chunk, tuning));
    for (const stage of gpu ? stageMemory(plan, gpu.report) : [])
      reporter[stage.tooLarge === undefined ? 'say' : 'warn'](`  ${stageWords(stage)}`);
    for (const line of plan.stated) reporter.warn(line);
    const facts = hasOwnData(workload, inputs.files) ? ((await plan.configured.facts?.()) ?? []) : [];
    for (const { text, doubt } of facts) if (doubt) reporter.warn(`warning: ${text}`);
    for (const warning of run.problem.warnings) reporter.warn(`warning: ${warning}`);
    for (const note of run.problem.notes) reporter.say(note);
    const record: RunRecord = { run, report: run.report, tuning };
    return await endRun({ record, manifest, folder, checkpoint, reporter, io, metrics: metricsAsked(workload, given) });
  } catch (thrown) {
    reporter.warn(explain(thrown, workload));
    return exitOf(thrown);
  } finally {
    device?.release();
    await held?.release();
  }
}

/** `--resume` of a run that has finished is no error. */
async function nothingLeft(folder: string, io: RunIo): Promise<number> {
  const { result_id: id } = await readConfig(join(folder, MANIFEST_PATH), 'resume').catch(() => ({ result_id: null }));
  const left = new CheckpointFolder(folder);
  await left.hold('resume');
  await left.remove();
  const result = typeof id === 'string' ? `result ${id}` : `Its ${MANIFEST_PATH} is damaged and names no result.`;
  io.out.write(`The run in ${folder} has finished; there is nothing left to do.\n${result}\n`);
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
async function writable<T>(path: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError('output-dir', `cannot write to ${path}: ${plainCause(error)}.`);
  }
}

function mostNote({ mostBytes, mostBytesIn }: RunPlan): string {
  return mostBytesIn ? ` (${mostBytesIn} would take up to ${formatBytes(mostBytes)})` : '';
}

/** What the run is asked, for comparison with what an earlier one was. */
function questionAsked(workload: Workload, given: RunConfig, inputs: RunInputs): string {
  const { config } = withStatedParams(workload, given, inputs);
  const { files, loaded } = inputs;
  return questionOf(JSON.parse(toJson(config, { ...ownFiles(workload, files), loaded })) as JsonValue);
}
