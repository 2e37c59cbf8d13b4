/** Particles of one observation on their way from noise to posterior: the very samples a run would draw, seen after every step. */

import { guessMemoryClass } from '../../../batch/memory-class.ts';
import { type BatchSizes, sizesFor } from '../../../batch/sizes.ts';
import { loadInputs } from '../../../engine/config/load-inputs.ts';
import { parseRunConfig } from '../../../engine/config/run-config.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import type { Job, JobSetting } from '../../../worker/jobs.ts';
import { ConfigError, type Configured, type RunInputs } from '../../workload.ts';
import { asFlowShape } from '../kernel-shape.ts';
import { samplerOptions } from '../plan.ts';
import type { FlowProblem } from '../problem.ts';
import { SAMPLES_A_GROUP } from '../sampling/plan.ts';
import { FlowSampler } from '../sampling/sampler.ts';
import { evaluationsOf, isAdaptive } from '../sampling/solvers.ts';
import { timeAfter } from '../sampling/time.ts';
import { TwinPath } from '../sampling/twin.ts';
import { flowWorkload } from '../workload.ts';

import type { PathsReply, PathsTypes, PathsWish } from './look-types.ts';

/** Particles that the f64 twin follows at most. */
const MOST_ON_CPU = 96;
/** Frames at most: a film of a thousand steps shows every tenth. */
const MOST_FRAMES = 120;

/** Throws this when `goOn` says that the device is wanted for something else. */
export class LookInterruptedError extends Error {
  override readonly name = 'LookInterruptedError';
  readonly kept = 'Nothing is lost.';
  readonly todo = 'Ask again when the run is over.';
  constructor() {
    super('The look at the flow was left for a run.');
  }
}

/** A run that wants the device waits for the step under way. */
export function pathsJob(setting: JobSetting): Job<PathsTypes> {
  return {
    async start({ config: given, ...wish }, signal) {
      const config = parseRunConfig(given, setting.registry);
      const gpu = await setting.gpu(config.precision);
      return { reply: await followParticles({ ...wish, config }, setting.inputs, gpu, () => !signal.aborted) };
    },
  };
}

/** @param gpu null where there is none: the f64 twin follows fewer */
export async function followParticles(
  wish: PathsWish,
  given: RunInputs,
  gpu: GpuContext | null,
  goOn: () => boolean,
): Promise<PathsReply> {
  const { config, item } = wish;
  const inputs = await loadInputs(flowWorkload, config.params, given);
  const sizes = sizesFor(guessMemoryClass(gpu?.report ?? null), config.batch.sizes);
  const configured = flowWorkload.configure(config.params, inputs, { sizes, precision: config.precision });
  const problem = configured.prepare(config.seed);
  if (!problem.items[item])
    throw new ConfigError('item', `There is no observation ${item}: there are ${problem.items.length}.`);
  const frames = gpu ? await onGpu(wish, problem, configured, sizes, gpu, goOn) : await onCpu(wish, problem, goOn);
  const dimension = problem.task.thetaDim;
  const kept = thinned(frames.frames, MOST_FRAMES);
  const particles = kept[0].positions.length / dimension;
  const positions = new Float32Array(kept.length * particles * dimension);
  kept.forEach((frame, i) => {
    positions.set(frame.positions, i * particles * dimension);
  });
  const { params } = problem;
  const last = kept[kept.length - 1].step;
  return {
    item,
    dimension,
    particles,
    // Samples of an adaptive solver have times of their own, and arrive before the most steps that they may take.
    times: kept.map(({ step }) => (isAdaptive(params.solver) || step === last ? step / last : timeAfter(step, params))),
    positions,
    evaluations: frames.evaluations,
    samplingMs: frames.samplingMs,
    on: gpu ? 'gpu' : 'cpu',
  };
}

interface Frame {
  readonly step: number;
  /** [particle][parameter]. */
  readonly positions: ArrayLike<number>;
}

interface Followed {
  readonly frames: readonly Frame[];
  readonly evaluations: number;
  readonly samplingMs: number | undefined;
}

/** As many frames as are wanted, evenly; the first and the last are among them. */
export function thinned<T>(frames: readonly T[], most: number): T[] {
  if (frames.length <= most) return [...frames];
  return Array.from({ length: most }, (_, i) => frames[Math.round((i * (frames.length - 1)) / (most - 1))]);
}

async function onGpu(
  { item, particles, endsOnly }: PathsWish,
  problem: FlowProblem,
  configured: Configured<FlowProblem>,
  sizes: BatchSizes,
  gpu: GpuContext,
  goOn: () => boolean,
): Promise<Followed> {
  const { params, model, seed } = problem;
  const shape = asFlowShape(configured.shape(gpu.report));
  const groupCount = Math.ceil(particles / SAMPLES_A_GROUP);
  const options = samplerOptions({ ...params, samples: groupCount * SAMPLES_A_GROUP }, 1, shape, sizes);
  const sampler = await FlowSampler.open(gpu, model, options);
  try {
    sampler.setObservations(Float32Array.from(problem.context(item)));
    const groups = Array.from({ length: groupCount }, (_, i) => ({
      row: 0,
      sample: i * SAMPLES_A_GROUP,
      stream: item,
    }));
    sampler.begin(groups, seed);
    const frames: Frame[] = endsOnly
      ? []
      : [{ step: 0, positions: noise(problem, item, groupCount * SAMPLES_A_GROUP) }];
    const begin = performance.now();
    const stride = isAdaptive(params.solver) ? 1 : Math.ceil(params.steps / MOST_FRAMES);
    while (!sampler.done) {
      if (!goOn()) throw new LookInterruptedError();
      if (endsOnly) await sampler.advance(100);
      else {
        await sampler.advance(Number.POSITIVE_INFINITY, stride);
        frames.push({ step: sampler.step, positions: await sampler.positions() });
      }
    }
    const samplingMs = performance.now() - begin;
    if (endsOnly) frames.push({ step: 1, positions: await sampler.positions() });
    const count = groupCount * SAMPLES_A_GROUP;
    const evaluations = sampler.walked ? sampler.evaluations / count : evaluationsOf(params.solver, params.steps);
    return { frames, evaluations, samplingMs: endsOnly ? samplingMs : undefined };
  } finally {
    sampler.close();
  }
}

/** Where the samples start: the same random numbers as on the device. */
function noise(problem: FlowProblem, item: number, count: number): Float64Array {
  const d = problem.task.thetaDim;
  const positions = new Float64Array(count * d);
  for (let sample = 0; sample < count; sample++) positions.set(pathOf(problem, item, sample).position, sample * d);
  return positions;
}

function pathOf({ model, params, seed, context }: FlowProblem, item: number, sample: number): TwinPath {
  return new TwinPath(model, context(item), item, sample, { ...params, seed });
}

async function onCpu(
  { item, particles, endsOnly }: PathsWish,
  problem: FlowProblem,
  goOn: () => boolean,
): Promise<Followed> {
  const { steps } = problem.params;
  const d = problem.task.thetaDim;
  const paths = Array.from({ length: Math.min(particles, MOST_ON_CPU) }, (_, i) => pathOf(problem, item, i));
  const look = (step: number): Frame => ({
    step,
    positions: Float64Array.from(paths.flatMap((path) => [...path.position])),
  });
  const frames: Frame[] = endsOnly ? [] : [look(0)];
  const begin = performance.now();
  let step = 0;
  while (step < steps && paths.some(({ done }) => !done)) {
    for (const path of paths) if (!path.done) path.advance();
    step++;
    if (!endsOnly) frames.push(look(step));
    // Lets the worker read its messages.
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (!goOn()) throw new LookInterruptedError();
  }
  const samplingMs = endsOnly ? performance.now() - begin : undefined;
  const end = look(step);
  paths.forEach(({ done }, i) => {
    if (!done) (end.positions as Float64Array).fill(Number.NaN, i * d, (i + 1) * d);
  });
  const evaluations = paths.reduce((sum, path) => sum + path.evaluations, 0) / paths.length;
  return { frames: endsOnly ? [{ ...end, step: 1 }] : frames, evaluations, samplingMs };
}
