/** `lockstep train --workload cells`: a score network from nothing, or from where an earlier training was cut short. */
import { readFile, rm } from 'node:fs/promises';
import { guessMemoryClass } from '../../../batch/memory-class.ts';
import { sizesFor } from '../../../batch/sizes.ts';
import { sha256Of } from '../../../bundle/sha256.ts';
import { EXIT } from '../../../cli/exit.ts';
import { type FlagValues, numberOf, textOf, textsOf } from '../../../cli/flag-values.ts';
import { type OpenGpu, openGpu } from '../../../cli/gpu.ts';
import { duration, Reporter } from '../../../cli/reporter.ts';
import type { RunIo } from '../../../cli/run-io.ts';
import { goesOn, progressLine, requireFolder, requireSameRecipe } from '../../../cli/training.ts';
import { writeWhole } from '../../../cli/whole-file.ts';
import { decodeSizes } from '../../../engine/config/url-state.ts';
import type { Precision } from '../../../gpu/precision.ts';
import { scoreParameters } from '../../../nn/score-network/spec.ts';
import type { TrainingReport } from '../../../nn/training/loop.ts';
import { fitBaselines } from '../baselines/scores.ts';
import type { TokenData } from '../data/types.ts';
import { checkCellsRecipe, checkCellsSizes, checkPrecision } from '../training/check-recipe.ts';
import { decodeCellsCheckpoint, encodeCellsCheckpoint } from '../training/checkpoint-file.ts';
import { type HeldOutScore, MASK_SEED } from '../training/held-out-score.ts';
import { encodeTrained } from '../training/provenance.ts';
import { type CellsRecipe, DEFAULT_RECIPE, optimiserOf } from '../training/recipe.ts';
import { type CellsCheckpoint, CellsTrainingRun, type Judgement } from '../training/run.ts';
import { trainingTokens } from './training-tokens.ts';

/** Milliseconds from one checkpoint to the next. */
const KEEP_MS = 30_000;
/** Of the mixture's beginning, and of which genes are hidden: those that the network is asked. */
const BASELINE_SEED = MASK_SEED;

/** Trains and resolves to the exit code; 130 after Ctrl-C, which leaves the network so far and a checkpoint. */
export async function trainCommand(values: FlagValues, io: RunIo): Promise<number> {
  const reporter = new Reporter(io.err, values.quiet === true);
  const output = textOf(values, 'output') ?? 'cells.safetensors';
  const recipe = checkCellsRecipe(recipeOf(values));
  const overrides = checkCellsSizes(decodeSizes(textsOf(values, 'size')));
  await requireFolder(output);
  const data = await trainingTokens(values);
  for (const warning of data.warnings) reporter.warn(warning);
  const dataHash = sha256Of(data.tokens);
  const from = await startingPoint(values, output, recipe, data, dataHash);
  const backend = (textOf(values, 'backend') ?? 'auto') as 'auto' | 'vulkan';
  let device: OpenGpu = await openGpu(backend);
  let stopped = false;
  let run: CellsTrainingRun | undefined;
  const release = io.onInterrupt(() => {
    stopped = true;
    run?.stop();
  });
  try {
    const { report } = device.gpu;
    checkPrecision(recipe.precision, report);
    let judged: Judgement | undefined;
    run = new CellsTrainingRun({
      gpu: device.gpu,
      recipe,
      data,
      dataHash,
      sizes: sizesFor(guessMemoryClass(report), overrides),
      from,
      keepMs: KEEP_MS,
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
        judged: (judgements) => {
          judged = judgements.at(-1);
          reporter.say(judgementLine(judgements, run!.report));
        },
        kept: (checkpoint) => writeWhole('output', checkpointPath(output), encodeCellsCheckpoint(checkpoint)),
        lost: (message, step) => reporter.warn(`${message} Going on from step ${step} on a new device.`),
      },
    });
    reporter.say(beginning(run, data, report.name, from));
    if (stopped) run.stop();
    await run.run();
    reporter.clear();
    const adapter = report.name;
    const save = (score?: HeldOutScore) => writeWhole('output', output, encodeTrained(run!, { adapter, score }));
    await save();
    if (stopped) {
      reporter.warn(
        `Stopped at step ${run.report.step} of ${run.report.steps}. The network so far is in ${output}. Go on with it: the same command with --resume`,
      );
      return EXIT.interrupted;
    }
    const score = await run.score();
    await save(score);
    await rm(checkpointPath(output), { force: true });
    io.out.write(`${ending(run, score, output)}\n`);
    const { training, validation, heldOut } = run.parts;
    const split = { training: Uint32Array.of(...training, ...validation), heldOut };
    for (const { title, nll, imputation } of (await fitBaselines(data, split, BASELINE_SEED)).scores)
      io.out.write(
        `${title}: ${nll === undefined ? '' : `${nll.toFixed(4)} nats a gene, `}${percent(imputation.exact)} of the hidden genes exactly\n`,
      );
    return EXIT.ok;
  } finally {
    release();
    await run?.close();
    device.release();
  }
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const checkpointPath = (output: string) => `${output}.training`;

/** What to go on from; undefined where a training begins. @throws ConfigError where that is not what the files are for */
async function startingPoint(
  values: FlagValues,
  output: string,
  recipe: CellsRecipe,
  data: TokenData,
  dataHash: string,
): Promise<CellsCheckpoint | undefined> {
  const path = checkpointPath(output);
  const unfinished = `there is an unfinished training for ${output} (${path}). Go on with it with --resume, or write over it with --replace.`;
  if (!goesOn(values, output, path, unfinished)) return undefined;
  const from = decodeCellsCheckpoint(path, new Uint8Array(await readFile(path)), data, dataHash);
  const advice = 'Give the flags that it began with, or train into another file.';
  requireSameRecipe(path, flat(from.recipe), flat(recipe), advice);
  return from;
}

/** The recipe by the names of its flags. */
function flat({ optimiser, ...same }: CellsRecipe): Readonly<Record<string, string | number>> {
  const { steps, rate, ...others } = optimiser;
  return { ...same, ...others, steps, 'learning-rate': rate };
}

function recipeOf(values: FlagValues, base = DEFAULT_RECIPE) {
  const number = (name: Exclude<keyof CellsRecipe, 'optimiser'>) => numberOf(values, name) ?? base[name];
  const text = (name: 'variant' | 'objective') => textOf(values, name) ?? base[name];
  return {
    variant: text('variant'),
    layers: number('layers'),
    width: number('width'),
    heads: number('heads'),
    timeFeatures: number('timeFeatures'),
    objective: text('objective'),
    precision: (textOf(values, 'precision') ?? base.precision) as Precision,
    optimiser: optimiserOf(base.optimiser, {
      steps: numberOf(values, 'steps'),
      rate: numberOf(values, 'learningRate'),
      decay: numberOf(values, 'decay'),
      average: numberOf(values, 'average'),
    }),
    batch: number('batch'),
    seed: number('seed'),
    splitSeed: number('splitSeed'),
    drop: number('drop'),
    heldOut: number('heldOut'),
    folds: number('folds'),
    fold: number('fold'),
    validation: number('validation'),
    judgeEvery: number('judgeEvery'),
    patience: number('patience'),
  };
}

function beginning(run: CellsTrainingRun, data: TokenData, adapter: string, from: CellsCheckpoint | undefined): string {
  const { spec, parts } = run;
  const { recipe } = run.checkpoint;
  const parameters = scoreParameters(spec).toLocaleString('en-US');
  const labels = [
    data.perturbation && `${data.perturbation.names.length} perturbations`,
    data.cellType && `${data.cellType.names.length} cell types`,
  ].filter(Boolean);
  const cells = `${parts.training.length} cells to train on, ${parts.validation.length} to judge, ${parts.heldOut.length} held out`;
  const what = `${spec.variant} ${spec.layers} × ${spec.width}, ${spec.heads} heads, ${parameters} parameters; ${spec.genes} genes, ${spec.bins} bins${labels.length > 0 ? `, ${labels.join(', ')}` : ''}; ${cells}; batch ${recipe.batch}, at most ${recipe.optimiser.steps} steps in ${recipe.precision}`;
  return `${from ? `Going on from step ${from.state.step}: ` : 'Training: '}${what}, on ${adapter}.`;
}

function judgementLine(judgements: readonly Judgement[], { loss, elapsedMs }: TrainingReport): string {
  const { step, nats, error } = judgements[judgements.length - 1];
  const best = judgements.every((other) => other.nats >= nats) ? ', the best so far' : '';
  return `step ${step}: ${nats.toFixed(4)} ± ${error.toFixed(4)} nats a gene on the validation cells (loss ${loss.toFixed(4)}, ${duration(elapsedMs)})${best}`;
}

function ending(run: CellsTrainingRun, { nll, nllWithoutLabels, imputation }: HeldOutScore, output: string): string {
  const { step, elapsedMs } = run.report;
  const early = run.endedEarly ? ' (no better judgement since)' : '';
  const without = nllWithoutLabels ? `, ${nllWithoutLabels.nats.toFixed(4)} without their labels` : '';
  return [
    `Trained ${step} steps in ${duration(elapsedMs)}; the weights of step ${run.chosen.step} are taken${early}. Network in ${output}.`,
    `Held-out cells: at most ${nll.nats.toFixed(4)} ± ${nll.error.toFixed(4)} nats a gene${without} (NELBO, ${nll.cells} cells × ${nll.draws} masks; masks alone ± ${nll.drawError.toFixed(4)}), ${percent(imputation.exact)} of ${imputation.hidden} hidden genes exactly.`,
  ].join('\n');
}
