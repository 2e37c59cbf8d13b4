/** Cells by the form's rule or another, on the CPU and with the mixture as predictor: what a rule does, before any network is asked. */
import { parseRunConfig } from '../../../engine/config/run-config.ts';
import type { GeneMoments } from '../../../stats/expression/moments.ts';
import { RandomWords } from '../../../stats/two-sample/random-words.ts';
import type { Job, JobSetting } from '../../../worker/jobs.ts';
import type { RunInputs } from '../../workload.ts';
import { fitMixtureInTurns } from '../baselines/fit.ts';
import type { MixtureModel } from '../baselines/model.ts';
import type { TokenData } from '../data/types.ts';
import { loadCells } from '../load.ts';
import type { CellsModel, MixtureOfGenes } from '../model.ts';
import { readCellsParams } from '../params.ts';
import { cellsProblem, heldOut } from '../problem.ts';
import { drawCategory } from '../sampling/draw.ts';
import { MixturePredictor as TwinPredictor } from '../sampling/mixture-predictor.ts';
import { planReveals, type RevealPlan } from '../sampling/reveal-plan.ts';
import { TwinSampler } from '../sampling/twin.ts';
import { cellsToSample } from '../session.ts';
import { settingsOf } from '../settings-of.ts';
import { describe } from './data.ts';
import type { FilmReply, FilmTypes, FilmWish } from './look-types.ts';
import { agreementOf, correlationOf, PairSums } from './pair-sums.ts';

/** Training cells that a mixture is fitted to at most: a film is waited for. */
const MOST_FITTED = 2048;
const MIXTURE_SEED = 0;
/** Second word of the key of exact draws. */
const EXACT = 0x66696c6d; // "film"
/** Steps are taken for so long before others of the worker have their turn, ms. */
const TURN_MS = 30;

export function filmJob(setting: JobSetting): Job<FilmTypes> {
  return {
    async start(wish) {
      return { reply: await film({ ...wish, config: parseRunConfig(wish.config, setting.registry) }, setting.inputs) };
    },
  };
}

/** @throws ConfigError, FileError where there are no cells to learn from */
export async function film({ config, rule, steps, cells, looks }: FilmWish, inputs: RunInputs): Promise<FilmReply> {
  const { data, model, name } = await loadCells(config.params, inputs);
  const form = readCellsParams(config.params);
  const params = {
    ...form,
    // The mixture knows no labels.
    task: form.task === 'impute' ? ('impute' as const) : ('generate' as const),
    perturbation: '',
    cellType: '',
    cells,
    rule: rule ?? form.rule,
    steps: steps ?? form.steps,
  };
  const predictor = await mixtureOf(data, model);
  const problem = cellsProblem(params, predictor, data, config.seed, name);
  const settings = settingsOf(params, predictor);
  const { mixture } = predictor;
  const sampler = new TwinSampler(settings, new TwinPredictor(mixture));
  const asked = cellsToSample(
    problem,
    problem.items.map(({ index }) => index),
  );
  sampler.begin(asked);
  while (!sampler.done) {
    await sampler.advance(TURN_MS);
    await pause();
  }
  const tokens = await sampler.tokens();
  const { reply, moments } = describe(data);
  const sums = new PairSums(reply.order);
  for (let cell = 0; cell < problem.items.length; cell++) sums.add(tokens, cell * settings.genes);
  const drawn = sums.moments();
  const seen = Math.min(looks, problem.items.length) * settings.genes;
  return {
    rule: params.rule,
    steps: sampler.steps,
    tokens: tokens.slice(0, seen),
    revealedAt: stepsOf(planReveals(settings, asked), seen),
    correlation: correlationOf(drawn),
    agreement: agreementOf(moments, drawn),
    exact: agreementOf(moments, exactMoments(mixture, problem.items.length, config.seed, reply.order)),
  };
}

/** Moments of cells drawn from the mixture itself: a class, then every gene. No rule can do better with it as predictor. */
function exactMoments(mixture: MixtureModel, cells: number, seed: number, order: ArrayLike<number>): GeneMoments {
  const { genes, bins, logPrior, logProb } = mixture;
  const words = new RandomWords(seed, EXACT);
  const sums = new PairSums(order);
  const tokens = new Uint8Array(genes);
  for (let cell = 0; cell < cells; cell++) {
    const k = drawCategory(logPrior, 1, words.word());
    for (let gene = 0; gene < genes; gene++) {
      const at = (k * genes + gene) * bins;
      tokens[gene] = drawCategory(logProb.subarray(at, at + bins), 1, words.word());
    }
    sums.add(tokens);
  }
  return sums.moments();
}

/** Of the first rows, the steps after which each is there; 0 where it was known. */
function stepsOf({ steps, rows, offsets }: RevealPlan, count: number): Uint16Array<ArrayBuffer> {
  const at = new Uint16Array(count);
  for (let step = 0; step < steps; step++)
    for (let i = offsets[step]; i < offsets[step + 1]; i++) if (rows[i] < count) at[rows[i]] = step + 1;
  return at;
}

const fitted = new WeakMap<TokenData, Promise<MixtureModel>>();

/** The run's own mixture where it has one, else one that is fitted to some of the cells that train. */
async function mixtureOf(data: TokenData, model: CellsModel): Promise<MixtureOfGenes> {
  if (model.kind === 'mixture') return model;
  const { genes, bins, tokens } = data;
  const rows = { genes: genes.length, bins: bins.count, tokens };
  const training = heldOut(data).training.subarray(0, MOST_FITTED);
  const fit = fitted.get(data) ?? fitMixtureInTurns(rows, training, { seed: MIXTURE_SEED }, pause);
  fitted.set(data, fit);
  return { kind: 'mixture', mixture: await fit, genes, bins, perturbations: [], cellTypes: [] };
}

const pause = () => new Promise<void>((resolve) => setTimeout(resolve));
