/** `lockstep train --workload activations`: a small model of stories from nothing, or from where an earlier training was cut short. */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { guessMemoryClass } from '../../../batch/memory-class.ts';
import { sizesFor } from '../../../batch/sizes.ts';
import { EXIT } from '../../../cli/exit.ts';
import { type FlagValues, numberOf, textOf, textsOf } from '../../../cli/flag-values.ts';
import { type OpenGpu, openGpu } from '../../../cli/gpu.ts';
import { duration, Reporter } from '../../../cli/reporter.ts';
import type { RunIo } from '../../../cli/run-io.ts';
import { goesOn, progressLine, requireFolder, requireSameRecipe } from '../../../cli/training.ts';
import { writeWhole } from '../../../cli/whole-file.ts';
import { decodeSizes } from '../../../engine/config/url-state.ts';
import { parameterCount } from '../../../nn/transformer/weights.ts';
import { ConfigError } from '../../workload.ts';
import { decodeStoryCheckpoint, encodeStoryCheckpoint } from '../training/checkpoint-file.ts';
import { checkpointName, checkpointSteps, isCheckpointName, PATH_FOLDER } from '../training/checkpoint-path.ts';
import { type Baselines, baselines, storyCorpus } from '../training/corpus.ts';
import { modelFiles } from '../training/folder.ts';
import {
  checkStoryRecipe,
  checkTrainingSizes,
  DEFAULT_RECIPE,
  optimiserOf,
  type StoryRecipe,
} from '../training/recipe.ts';
import { type HeldOutLoss, type Judgement, type StoryCheckpoint, StoryTrainingRun } from '../training/run.ts';
import { sampleStories } from '../training/samples.ts';

/** Milliseconds from one checkpoint to the next. */
const KEEP_MS = 30_000;
const checkpointPath = (output: string) => `${output}.training`;

/** Trains and resolves to the exit code; 130 after Ctrl-C, which leaves the model so far and a checkpoint. */
export async function trainCommand(values: FlagValues, io: RunIo): Promise<number> {
  const reporter = new Reporter(io.err, values.quiet === true);
  const output = textOf(values, 'output') ?? 'stories-model';
  const recipe = checkStoryRecipe(recipeOf(values));
  const marks = checkpointSteps(numberOf(values, 'checkpoints') ?? 0, recipe.optimiser.steps);
  const overrides = checkTrainingSizes(decodeSizes(textsOf(values, 'size')));
  await requireFolder(output);
  const corpus = storyCorpus(recipe);
  const from = await startingPoint(values, output, recipe, Object.keys(corpus.vocabulary).length);
  await preparePath(output, marks, from?.state.step);
  const simple = baselines(corpus);
  const backend = (textOf(values, 'backend') ?? 'auto') as 'auto' | 'vulkan';
  let device: OpenGpu = await openGpu(backend);
  let stopped = false;
  let run: StoryTrainingRun | undefined;
  const release = io.onInterrupt(() => {
    stopped = true;
    run?.stop();
  });
  try {
    const { report } = device.gpu;
    const sizes = sizesFor(guessMemoryClass(report), overrides);
    let judged: Judgement | undefined;
    run = new StoryTrainingRun({
      gpu: device.gpu,
      recipe,
      corpus,
      sizes,
      from,
      keepMs: KEEP_MS,
      marks,
      reopen: async () => {
        device.release();
        device = await openGpu(backend);
        return device.gpu;
      },
      listener: {
        progress: (now) => {
          const beside = judged ? [`validation ${judged.nats.toFixed(4)}`] : [];
          reporter.show(now.step / now.steps, progressLine(now, ...beside), now.elapsedMs);
        },
        judged: async (judgements, weights) => {
          judged = judgements.at(-1);
          const { step, nats, error } = judged!;
          reporter.say(`step ${step}: ${nats.toFixed(4)} ± ${error.toFixed(4)} nats a token on the validation stories`);
          const { spec } = run!;
          const wish = { spec, weights, vocabulary: corpus.vocabulary, sizes, temperature: 1, seed: step };
          for (const text of await sampleStories(device.gpu, wish)) reporter.say(`  ${text}`);
        },
        passed: ({ step, bytes }) => writeWhole('output', join(output, PATH_FOLDER, checkpointName(step)), bytes),
        kept: (checkpoint) => writeWhole('output', checkpointPath(output), encodeStoryCheckpoint(checkpoint)),
        lost: (message, step) => reporter.warn(`${message} Going on from step ${step} on a new device.`),
      },
    });
    reporter.say(beginning(run, recipe, report.name, from));
    if (stopped) run.stop();
    await run.run();
    reporter.clear();
    const save = (score?: HeldOutLoss) => saveFolder(output, run!, report.name, simple, score);
    if (stopped) {
      await save();
      reporter.warn(
        `Stopped at step ${run.report.step} of ${run.report.steps}. The model so far is in ${output}. Go on with it: the same command with --resume`,
      );
      return EXIT.interrupted;
    }
    const score = await run.score();
    await save(score);
    await rm(checkpointPath(output), { force: true });
    io.out.write(`${ending(run, score, simple, output)}\n`);
    if (marks.length > 0)
      io.out.write(
        `Its path, ${marks.length} checkpoints: ${join(output, PATH_FOLDER)}. Analyse it: lockstep run --workload analysis --model ${output} --path ${join(output, PATH_FOLDER)} --metrics trajectory,landscape,representations --plane path\n`,
      );
    return EXIT.ok;
  } finally {
    release();
    await run?.close();
    device.release();
  }
}

async function saveFolder(
  output: string,
  run: StoryTrainingRun,
  adapter: string,
  simple: Baselines,
  score: HeldOutLoss | undefined,
): Promise<void> {
  const date = new Date().toISOString().slice(0, 10);
  await mkdir(output, { recursive: true });
  for (const [name, bytes] of modelFiles(run, { adapter, date, score, baselines: simple }))
    await writeWhole('output', join(output, name), bytes);
}

/**
 * The folder of checkpoints: begun anew without those of a training before, gone on with only where none is missing.
 * @throws ConfigError
 */
async function preparePath(output: string, marks: readonly number[], from: number | undefined): Promise<void> {
  const folder = join(output, PATH_FOLDER);
  const there = await readdir(folder).catch((): string[] => []);
  if (from === undefined)
    for (const name of there.filter(isCheckpointName)) await rm(join(folder, name), { force: true });
  if (marks.length === 0) return;
  const missing = marks.find((step) => from !== undefined && step <= from && !there.includes(checkpointName(step)));
  if (missing !== undefined)
    throw new ConfigError(
      'checkpoints',
      `${checkpointName(missing)} is not in ${folder}: the training began with other checkpoints. Go on with as many as it began with, or train into another folder.`,
    );
  await mkdir(folder, { recursive: true });
}

/** What to go on from; undefined where a training begins. @throws ConfigError where that is not what the files are for */
async function startingPoint(
  values: FlagValues,
  output: string,
  recipe: StoryRecipe,
  vocabulary: number,
): Promise<StoryCheckpoint | undefined> {
  const path = checkpointPath(output);
  const unfinished = `there is an unfinished training for ${output} (${path}). Go on with it with --resume, or write over it with --replace.`;
  if (!goesOn(values, output, path, unfinished)) return undefined;
  const from = decodeStoryCheckpoint(path, new Uint8Array(await readFile(path)), vocabulary);
  const advice = 'Give the flags that it began with, or train into another folder.';
  requireSameRecipe(path, flat(from.recipe), flat(recipe), advice);
  return from;
}

/** The recipe by the names of its flags. */
function flat({ optimiser, ...same }: StoryRecipe): Readonly<Record<string, string | number>> {
  const { steps, rate, ...others } = optimiser;
  return { ...same, ...others, steps, 'learning-rate': rate };
}

function recipeOf(values: FlagValues, base = DEFAULT_RECIPE): StoryRecipe {
  const number = (name: Exclude<keyof StoryRecipe, 'optimiser'>) => numberOf(values, name) ?? base[name];
  return {
    layers: number('layers'),
    width: number('width'),
    heads: number('heads'),
    hidden: number('hidden'),
    optimiser: optimiserOf(base.optimiser, {
      steps: numberOf(values, 'steps'),
      rate: numberOf(values, 'learningRate'),
    }),
    batch: number('batch'),
    length: number('length'),
    seed: number('seed'),
    storySeed: number('storySeed'),
    stories: number('stories'),
    judgeEvery: number('judgeEvery'),
  };
}

function beginning(
  { spec, corpus }: StoryTrainingRun,
  { batch, length, optimiser }: StoryRecipe,
  adapter: string,
  from: StoryCheckpoint | undefined,
): string {
  const { layers, width, heads, vocabulary } = spec;
  const parameters = parameterCount(spec).toLocaleString('en-US');
  const texts = `${corpus.begins.length} texts to learn from, ${corpus.validation.length} to judge, ${corpus.heldOut.length} held out`;
  const what = `llama ${layers} × ${width}, ${heads} heads, ${vocabulary} tokens, ${parameters} parameters; ${texts}; batch ${batch} × ${length} tokens, ${optimiser.steps} steps`;
  return `${from ? `Going on from step ${from.state.step}: ` : 'Training: '}${what}, on ${adapter}.`;
}

function ending(run: StoryTrainingRun, { nats, error, texts }: HeldOutLoss, simple: Baselines, output: string): string {
  const { step, elapsedMs } = run.report;
  const { entropy } = run.corpus;
  const least = entropy === undefined ? '' : `; nothing can be below ${entropy.toFixed(4)}`;
  return [
    `Trained ${step} steps in ${duration(elapsedMs)}. Model in ${output}.`,
    `Held-out stories: ${nats.toFixed(4)} ± ${error.toFixed(4)} nats a token (${texts} texts). Words by frequency ${simple.unigram.toFixed(4)}, by the word before ${simple.bigram.toFixed(4)}${least}.`,
  ].join('\n');
}
