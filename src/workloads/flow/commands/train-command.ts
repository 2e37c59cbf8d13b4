/** `lockstep train`: a network from nothing, or from where an earlier training was cut short; its C2ST at the end. */
import { readFile, rm } from 'node:fs/promises';
import { guessMemoryClass } from '../../../batch/memory-class.ts';
import { sizesFor } from '../../../batch/sizes.ts';
import { EXIT, StoppedError } from '../../../cli/exit.ts';
import { type FlagValues, numberOf, textOf, textsOf, wholeOf } from '../../../cli/flag-values.ts';
import { type OpenGpu, openGpu } from '../../../cli/gpu.ts';
import { duration, Reporter } from '../../../cli/reporter.ts';
import type { RunIo } from '../../../cli/run-io.ts';
import { goesOn, progressLine, requireFolder, requireSameRecipe } from '../../../cli/training.ts';
import { writeWhole } from '../../../cli/whole-file.ts';
import { decodeSizes } from '../../../engine/config/url-state.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import type { Activation } from '../../../nn/mlp.ts';
import type { NetPrecision } from '../../../nn/mlp-kernel.ts';
import { ConfigError } from '../../workload.ts';
import { edgeWords, meanC2st, meanControl, withEvaluation, worstWords } from '../evaluation/table.ts';
import { taskOf } from '../tasks/index.ts';
import type { FlowTask, Observation } from '../tasks/task.ts';
import { checkPrecision, checkRecipe, checkSizes } from '../training/check-recipe.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../training/checkpoint-file.ts';
import { provenanceOf } from '../training/provenance.ts';
import { optimiserWith, type Recipe, recipeFor } from '../training/recipe.ts';
import { type TrainingCheckpoint, type TrainingOutcome, type TrainingReport, TrainingRun } from '../training/run.ts';
import { encodeNetwork, type Provenance } from '../weights/network-file.ts';
import { EVALUATION, observationsFor, predictiveOf } from './evaluate-command.ts';
import { evaluateOnTerminal } from './evaluation-run.ts';

/** Milliseconds from one checkpoint to the next. */
const KEEP_MS = 30_000;

/** Trains and resolves to the exit code; 130 after Ctrl-C, which leaves the network so far and a checkpoint. */
export async function trainCommand(values: FlagValues, io: RunIo): Promise<number> {
  const reporter = new Reporter(io.err, values.quiet === true);
  const output = textOf(values, 'output') ?? `${taskName(values)}.safetensors`;
  const from = await startingPoint(values, output);
  const recipe = from?.recipe ?? recipeOf(values, recipeFor(taskName(values)));
  const task = checkRecipe(recipe);
  const observations = wholeOf(values, 'evaluate', EVALUATION.observations, 0, task.observations.length);
  const predictive = predictiveOf(values);
  const samples = wholeOf(values, 'nSamples', EVALUATION.samples, 10, 1_000_000);
  const sizes = checkSizes(decodeSizes(textsOf(values, 'size')));
  const backend = (textOf(values, 'backend') ?? 'auto') as 'auto' | 'vulkan';
  let device: OpenGpu = await openGpu(backend);
  let stopped = false;
  let run: TrainingRun | undefined;
  const release = io.onInterrupt(() => {
    stopped = true;
    run?.stop();
  });
  try {
    checkPrecision(recipe.precision, device.gpu.report);
    reporter.say(beginning(recipe, device.gpu, from));
    run = new TrainingRun({
      gpu: device.gpu,
      task,
      recipe,
      sizes: sizesFor(guessMemoryClass(device.gpu.report), sizes),
      from,
      keepMs: KEEP_MS,
      reopen: async () => {
        device.release();
        device = await openGpu(backend);
        return device.gpu;
      },
      listener: {
        progress: (report) => reporter.show(report.step / report.steps, progressLine(report), report.elapsedMs),
        kept: (checkpoint) => writeWhole('output', checkpointPath(output), encodeCheckpoint(checkpoint)),
        lost: (message, step) => reporter.warn(`${message} Going on from step ${step} on a new device.`),
      },
    });
    if (stopped) run.stop();
    const outcome = await run.run();
    reporter.clear();
    const provenance = await save(output, outcome, device.gpu, undefined);
    if (outcome.report.state === 'stopped') {
      reporter.warn(
        `Stopped at step ${outcome.report.step} of ${outcome.report.steps}. The network so far is in ${output}. ` +
          `Go on with it: lockstep train --output ${output} --resume`,
      );
      return EXIT.interrupted;
    }
    await rm(checkpointPath(output), { force: true });
    reporter.say(ending(outcome.report, output));
    const chosen = observationsFor(task, { observations, predictive });
    if (chosen.length === 0) return EXIT.ok;
    return await evaluated(
      { output, outcome, provenance, task, observations: chosen, samples },
      device.gpu,
      io,
      reporter,
      () => stopped,
    );
  } finally {
    release();
    device.release();
  }
}

export const checkpointPath = (output: string) => `${output}.checkpoint`;

function taskName(values: FlagValues): string {
  const task = textOf(values, 'task');
  if (task === undefined) throw new ConfigError('task', 'say which task the network is for, as in --task two_moons.');
  if (!taskOf(task)) checkRecipe(recipeFor(task));
  return task;
}

/** What to go on from. @throws ConfigError where that is missing, would be lost, or contradicts the flags */
async function startingPoint(values: FlagValues, output: string): Promise<TrainingCheckpoint | undefined> {
  await requireFolder(output);
  const path = checkpointPath(output);
  const unfinished = `${path} holds an unfinished training. Go on with it (--resume), or give it up (--replace).`;
  if (!goesOn(values, output, path, unfinished)) return undefined;
  const from = decodeCheckpoint(path, new Uint8Array(await readFile(path)));
  const given = recipeOf(values, from.recipe);
  const now = { ...given, task: textOf(values, 'task') ?? given.task };
  const advice = 'Leave the flag out to go on, or train into another file.';
  requireSameRecipe(path, flat(from.recipe), flat(now), advice);
  return from;
}

/** The recipe by the names of its flags. */
function flat({ optimiser, timePower, ...same }: Recipe) {
  const { steps, rate } = optimiser;
  const plain = { ...same, steps, 'learning-rate': rate, 'time-power': timePower };
  return plain as Readonly<Record<string, string | number>>;
}

function recipeOf(values: FlagValues, base: Recipe): Recipe {
  const number = (name: keyof Recipe & string) => numberOf(values, name) ?? (base[name] as number);
  return {
    ...base,
    simulations: number('simulations'),
    batch: number('batch'),
    width: number('width'),
    depth: number('depth'),
    seed: number('seed'),
    timePower: number('timePower'),
    shoulder: number('shoulder'),
    activation: (textOf(values, 'activation') ?? base.activation) as Activation,
    precision: (textOf(values, 'precision') ?? base.precision) as NetPrecision,
    optimiser: optimiserWith(base.optimiser, {
      steps: numberOf(values, 'steps'),
      rate: numberOf(values, 'learningRate'),
    }),
  };
}

function beginning(recipe: Recipe, { report }: GpuContext, from: TrainingCheckpoint | undefined): string {
  const { task, width, depth, activation, simulations, batch, optimiser, precision } = recipe;
  const what = `${task}: ${depth} × ${width} ${activation}, ${simulations.toLocaleString('en-US')} simulations, batch ${batch}, ${optimiser.steps.toLocaleString('en-US')} steps in ${precision}`;
  const where = report.software ? `${report.name}, a software adapter` : report.name;
  return `${from ? `Going on from step ${from.state.step} of ` : 'Training '}${what}, on ${where}.`;
}

function ending({ loss, elapsedMs, skipped, step }: TrainingReport, output: string): string {
  const left = skipped > 0 ? `, ${skipped} of ${step} steps left out` : '';
  return `Trained in ${duration(elapsedMs)}${left}; the loss ended at ${loss.toFixed(4)}. Network in ${output}.`;
}

async function save(
  output: string,
  { model, checkpoint }: TrainingOutcome,
  { report }: GpuContext,
  provenance: Provenance = provenanceOf(checkpoint, report.name),
): Promise<Provenance> {
  await writeWhole('output', output, encodeNetwork({ model, provenance }));
  return provenance;
}

interface ToEvaluate {
  readonly output: string;
  readonly outcome: TrainingOutcome;
  readonly provenance: Provenance;
  readonly task: FlowTask;
  readonly observations: readonly Observation[];
  readonly samples: number;
}

/** C2ST of the network on disk, which is written again with it. */
async function evaluated(
  { output, outcome, provenance, task, observations, samples }: ToEvaluate,
  gpu: GpuContext,
  io: RunIo,
  reporter: Reporter,
  stopped: () => boolean,
): Promise<number> {
  const settings = [{ solver: EVALUATION.solver, steps: EVALUATION.steps, precision: 'f32' }] as const;
  const { model } = outcome;
  try {
    const [evaluation] = await evaluateOnTerminal(
      { gpu, task, model, settings, observations, samples, seed: EVALUATION.seed },
      reporter,
      stopped,
    );
    reporter.clear();
    await save(output, outcome, gpu, withEvaluation(provenance, evaluation));
    for (const { observation, c2st, selfControl = Number.NaN, rejected } of evaluation.scores)
      io.out.write(
        `${observation}: C2ST ${c2st.toFixed(3)}, self-control ${selfControl.toFixed(3)}, ${(100 * rejected).toFixed(1)} % of the samples outside the prior\n`,
      );
    io.out.write(
      `C2ST ${meanC2st(evaluation).toFixed(3)} over ${observations.length} observations, self-control ${meanControl(evaluation).toFixed(3)}, worst ${worstWords(evaluation)}, at the edge of the prior ${edgeWords(evaluation)} (0.5 is perfect; ${settings[0].solver}, ${evaluation.evaluations} evaluations, ${samples} samples on either side)\n`,
    );
    return EXIT.ok;
  } catch (thrown) {
    if (!(thrown instanceof StoppedError)) throw thrown;
    reporter.warn(`The evaluation was stopped. The network is in ${output}: lockstep evaluate --network ${output}`);
    return EXIT.interrupted;
  }
}
