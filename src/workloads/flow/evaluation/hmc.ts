/**
 * A flow's posterior of the shear against HMC's on the same stamps: the shear experiment's own run with the preset `level0`, whose prior, noise and
 * model the task `shear` has. HMC sees every pixel, the flow 14 summaries; the exact posterior given those stands beside, so that what the
 * summaries lose and what the network gets wrong can be told apart.
 */
import type { ImageStack } from '../../../bundle/images.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import type { PosteriorItem } from '../../../results/posterior/item.ts';
import { mcseMean, mcseSd } from '../../../stats/mcse.ts';
import { shearWorkload } from '../../shear/workload.ts';
import { ConfigError } from '../../workload.ts';
import type { VelocityModel } from '../model.ts';
import { ShearPosterior } from '../tasks/shear/posterior.ts';
import { PIXELS, STAMP } from '../tasks/shear/tables.ts';
import type { FlowTask } from '../tasks/task.ts';
import { draw, type SamplingSettings } from './evaluate.ts';

/** Draws a chain: the mean is known to 0.016 of the width. */
const DRAWS = 1000;
/** Milliseconds of work between two looks at the clock. */
const ADVANCE_MS = 500;

/** Mean and standard deviation with their Monte Carlo standard errors; none of an exact one. */
export interface Moments {
  readonly mean: number;
  readonly sd: number;
  readonly meanError: number;
  readonly sdError: number;
}

export interface HmcComparison {
  /** Number of the stamp in its file. */
  readonly stamp: number;
  readonly parameter: string;
  readonly hmc: Moments;
  /** Given the summaries. */
  readonly exact: Moments;
  readonly flow: Moments;
}

/** How far a posterior is from HMC's: (mean − mean)/sd and sd/sd, with the Monte Carlo standard errors of both sides together. */
export interface Distance {
  readonly shift: number;
  readonly shiftError: number;
  readonly ratio: number;
  readonly ratioError: number;
}

export interface CompareOptions {
  readonly gpu: GpuContext;
  readonly task: FlowTask;
  readonly model: VelocityModel;
  readonly images: ImageStack;
  readonly settings: SamplingSettings;
  /** Posteriors of the stamps: `hmcPosteriors`. */
  readonly hmc: readonly PosteriorItem[];
  /** Of the flow, for each stamp. */
  readonly samples: number;
  readonly seed: number;
  /** Called often; what it rejects with ends the comparison. */
  readonly pause?: () => Promise<void>;
}

/** @throws ConfigError for a task that HMC has no model of */
export async function compareWithHmc(options: CompareOptions): Promise<HmcComparison[]> {
  const { gpu, task, model, images, settings, samples, seed, hmc, pause } = options;
  if (task.id !== 'shear') throw new ConfigError('hmc', `HMC has no model of the task ${task.id}; shear is expected.`);
  const rows: HmcComparison[] = [];
  for (const item of hmc) {
    const { index } = item.info;
    const x = task.data!.summarise(images.pixels.subarray(index * PIXELS, (index + 1) * PIXELS));
    const flow = await draw(gpu, model, task, settings, x, samples, seed + index);
    const exact = new ShearPosterior(x).moments();
    task.parameters.forEach((parameter, i) => {
      const values = Float64Array.from({ length: samples }, (_, k) => flow.samples[k * task.thetaDim + i]);
      rows.push({
        stamp: index,
        parameter,
        hmc: chainMoments(item, parameter),
        exact: { mean: exact.mean[i], sd: exact.sd[i], meanError: 0, sdError: 0 },
        flow: momentsOf(values, 1, samples),
      });
    });
    await pause?.();
  }
  return rows;
}

export function distanceFromHmc({ hmc }: HmcComparison, other: Moments): Distance {
  const ratio = other.sd / hmc.sd;
  return {
    shift: (other.mean - hmc.mean) / hmc.sd,
    shiftError: Math.hypot(other.meanError, hmc.meanError) / hmc.sd,
    ratio,
    ratioError: ratio * Math.hypot(other.sdError / other.sd, hmc.sdError / hmc.sd),
  };
}

/**
 * Posteriors of stamps by the shear experiment's own run with its preset `level0`.
 * @throws ConfigError for stamps of another size
 */
export async function hmcPosteriors(
  gpu: GpuContext,
  images: ImageStack,
  seed: number,
  draws = DRAWS,
  pause?: () => Promise<void>,
): Promise<readonly PosteriorItem[]> {
  if (images.nx !== STAMP || images.ny !== STAMP)
    throw new ConfigError(
      'hmc',
      `${images.name} has stamps of ${images.ny} × ${images.nx} pixels; the task has ${STAMP} × ${STAMP}.`,
    );
  const [params, inputs] = [{ draws }, { files: { images } }];
  const configured = shearWorkload.configure(params, inputs);
  const problem = configured.prepare(seed);
  const shape = configured.shape(gpu.report);
  const plan = configured.plan(problem.items.length, shape);
  const session = await shearWorkload.open(gpu, problem, plan, shape);
  try {
    await session.start(problem.items.map(({ index }) => index));
    while ((await session.advance(ADVANCE_MS)).phase !== 'done') await pause?.();
    return await session.collect();
  } finally {
    session.close();
  }
}

function chainMoments({ parameters, chains, draws }: PosteriorItem, name: string): Moments {
  const found = parameters.find((parameter) => parameter.name === name);
  if (!found) throw new Error(`HMC has no parameter ${name}`);
  return momentsOf(found.values, chains, draws);
}

function momentsOf(values: ArrayLike<number>, chains: number, draws: number): Moments {
  const all = Float64Array.from(values);
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  const sd = Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (all.length - 1));
  return { mean, sd, meanError: mcseMean(all, chains, draws), sdError: mcseSd(all, chains, draws) };
}
