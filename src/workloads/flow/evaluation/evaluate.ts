/** How good a network is: C2ST of its samples against exact ones, observation by observation, with the exact sampler's own beside it. */

import type { BatchSizes } from '../../../batch/sizes.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import type { NetPrecision } from '../../../nn/mlp-kernel.ts';
import { keyOfSeed } from '../../../stats/threefry.ts';
import { type C2stProgress, type C2stResult, c2stSteps } from '../../../stats/two-sample/c2st.ts';
import type { Points } from '../../../stats/two-sample/points.ts';
import { FlowInference } from '../api.ts';
import type { VelocityModel } from '../model.ts';
import { evaluationsOf, type Solver } from '../sampling/solvers.ts';
import type { FlowTask, Observation } from '../tasks/task.ts';

export interface SamplingSettings {
  readonly solver: Solver;
  readonly steps: number;
  readonly precision: NetPrecision;
}

export interface ObservationScore {
  /** Id of the observation. */
  readonly observation: string;
  readonly c2st: number;
  /** C2ST of a second exact draw of the same size, where that was wanted. */
  readonly selfControl?: number;
  /** Share of the network's samples that lay outside the prior and were drawn anew. */
  readonly rejected: number;
}

export interface Evaluation {
  readonly settings: SamplingSettings;
  /** Evaluations of the network a sample; of an adaptive solver the most that it may take. */
  readonly evaluations: number;
  /** Samples on either side. */
  readonly samples: number;
  readonly scores: readonly ObservationScore[];
  readonly samplesPerSecond: number;
}

export interface EvaluateOptions {
  readonly gpu: GpuContext;
  readonly task: FlowTask;
  readonly model: VelocityModel;
  readonly settings: readonly SamplingSettings[];
  readonly observations: readonly Observation[];
  readonly samples: number;
  /** Whether the exact sampler is measured against itself too, which doubles the time for a single setting. */
  readonly selfControl?: boolean;
  /** Equal seeds, equal values. */
  readonly seed: number;
  readonly sizes?: BatchSizes;
  /** Called often; what it rejects with ends the evaluation. */
  readonly pause: () => Promise<void>;
  readonly progress?: (what: string, fraction: number) => void;
}

/** Second words of the keys of the two exact draws, below the number of the observation. */
const REFERENCE_KEY = 0x726566; // "ref"
const CONTROL_KEY = 0x63746c; // "ctl"

/** One evaluation for each of the settings. */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation[]> {
  const { gpu, task, model, settings, observations, samples, seed, sizes, selfControl: controlled = true } = options;
  const tests = observations.length * (settings.length + Number(controlled));
  let done = 0;
  const compare = async (reference: Points, sample: Points, what: string) => {
    const { accuracy } = await steadily(c2stSteps(reference, sample, seed), options.pause, ({ fold, folds }) =>
      options.progress?.(what, (done + fold / folds) / tests),
    );
    done++;
    return accuracy;
  };
  const points = (values: ArrayLike<number>): Points => ({ values, dim: task.thetaDim });
  const scores = settings.map((): ObservationScore[] => []);
  const seconds = settings.map(() => 0);
  for (const [number, { id, x }] of observations.entries()) {
    // Numbers of their own for every observation: otherwise the errors of all would go the same way, and their mean be no better than one.
    const key = (purpose: number) => [keyOfSeed(seed)[0], (purpose | (number << 24)) >>> 0] as const;
    const exact = (purpose: number) => points(task.samplePosterior(x, samples, key(purpose)));
    const reference = exact(REFERENCE_KEY);
    const selfControl = controlled ? await compare(reference, exact(CONTROL_KEY), `${id}: self-control`) : undefined;
    for (const [i, setting] of settings.entries()) {
      const drawn = await draw(gpu, model, task, setting, x, samples, seed + number, sizes);
      seconds[i] += drawn.seconds;
      const c2st = await compare(reference, points(drawn.samples), `${id}: ${wordsOf(setting)}`);
      scores[i].push({ observation: id, c2st, selfControl, rejected: 1 - samples / drawn.drawn });
    }
  }
  return settings.map((setting, i) => ({
    settings: setting,
    evaluations: evaluationsOf(setting.solver, setting.steps),
    samples,
    scores: scores[i],
    samplesPerSecond: (samples * observations.length) / seconds[i],
  }));
}

/** "midpoint ×10, f32". */
export const wordsOf = ({ solver, steps, precision }: SamplingSettings) => `${solver} ×${steps}, ${precision}`;

/** Samples inside the prior, how many were drawn for them, and the seconds that they took, compiling left out. */
export async function draw(
  gpu: GpuContext,
  model: VelocityModel,
  task: FlowTask,
  settings: SamplingSettings,
  x: ArrayLike<number>,
  samples: number,
  seed: number,
  sizes?: BatchSizes,
): Promise<{ samples: Float32Array; drawn: number; seconds: number }> {
  const inference = new FlowInference(gpu, model, { ...settings, prior: task.prior, sizes });
  try {
    const sampler = await inference.getSampler(x);
    const begin = performance.now();
    const { data, drawn } = await sampler(seed, samples);
    return { samples: data, drawn, seconds: (performance.now() - begin) / 1000 };
  } finally {
    inference.close();
  }
}

/** All steps of a comparison, with a pause after each. */
export async function steadily(
  steps: ReturnType<typeof c2stSteps>,
  pause: () => Promise<void>,
  progress?: (at: C2stProgress) => void,
): Promise<C2stResult> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    progress?.(step.value);
    await pause();
  }
}
