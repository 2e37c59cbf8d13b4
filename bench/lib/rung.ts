/** One rung of the ladder: the sampler as users run it at one batch size, beside the bare gradient at the same width. */

import process from 'node:process';
import type { GpuContext } from '../../src/gpu/context.ts';
import { planBytes } from '../../src/gpu/plan.ts';
import type { PosteriorItem } from '../../src/results/posterior/item.ts';
import { essBulk } from '../../src/stats/ess.ts';
import { asKernelShape, type ShearShape } from '../../src/workloads/shear/gpu/shape.ts';
import type { ShearProblem } from '../../src/workloads/shear/problem.ts';
import { shearWorkload } from '../../src/workloads/shear/workload.ts';
import type { Session } from '../../src/workloads/workload.ts';
import { FusedGradient } from './fused.ts';
import { spread } from './measure.ts';
import { type GradientProblem, levelZero } from './problem.ts';

/** What the engine asks of a session at a time, ms (src/engine/run/controller.ts). */
const ADVANCE_MS = 100;
const BARE_MS = 300;

export interface Rung {
  readonly batch: number;
  readonly bytes: number;
  readonly gradients: number;
  /** Items, gradients and effective draws per second, from `start` to the end of `collect`; medians. */
  readonly itemsPerSecond: number;
  readonly gradientsPerSecond: number;
  readonly essPerSecond: number;
  /** Bare gradients per second of as many chains, and the sampler's rate over it: median of the rounds, least, greatest. */
  readonly barePerSecond: number;
  readonly ratio: { readonly median: number; readonly low: number; readonly high: number };
  /** The same by this process's CPU time: on a software adapter it leaves out waiting, and what else the machine did. */
  readonly cpuRatio: number;
  /** Medians, ms. Busy: what the device's clock counted. */
  readonly ms: Phases;
}

interface Phases {
  readonly start: number;
  readonly fit: number;
  readonly transitions: number;
  readonly collect: number;
  readonly busy: number;
  readonly total: number;
}

/** Runs `rounds` times; bare gradients are timed right before and after each run, since other work on the machine comes and goes. */
export async function climb(
  gpu: GpuContext,
  problem: ShearProblem,
  gradients: GradientProblem,
  shape: ShearShape,
  batch: number,
  rounds: number,
): Promise<Rung> {
  const { chains } = problem.spec.sampler;
  const kernels = asKernelShape(shape);
  const plan = shearWorkload.configure(levelZero(batch), {}).plan(batch, kernels);
  const session = await shearWorkload.open(gpu, problem, plan, kernels);
  const fused = await FusedGradient.open(gpu, gradients, {
    threadsPerChain: shape.threadsPerChain,
    count: batch * chains,
    chainsPerStamp: chains,
  });
  try {
    const bare = await bareTimer(fused, batch * chains);
    const runs: { phases: Phases; bare: number; ratio: number; cpuRatio: number; gradients: number; ess: number }[] =
      [];
    let before = await bare();
    for (let round = 0; round < rounds; round++) {
      const cpuBegin = cpuMs();
      const { phases, items } = await timedRun(session, batch);
      const cpu = cpuMs() - cpuBegin;
      const after = await bare();
      const done = items.reduce((sum, item) => sum + item.gradients, 0);
      const rate = (before.perSecond + after.perSecond) / 2;
      runs.push({
        phases,
        bare: rate,
        ratio: (done * 1000) / phases.total / rate,
        cpuRatio: (2 * done * 1000) / cpu / (before.perCpuSecond + after.perCpuSecond),
        gradients: done,
        ess: items.reduce((sum, item) => sum + leastEss(item), 0),
      });
      before = after;
    }
    await fused.gradients();
    const median = (of: (run: (typeof runs)[number]) => number) => spread(runs.map(of)).median;
    const phase = (name: keyof Phases) => median(({ phases }) => phases[name]);
    return {
      batch,
      bytes: planBytes(plan),
      gradients: runs[0].gradients,
      itemsPerSecond: median(({ phases }) => (batch * 1000) / phases.total),
      gradientsPerSecond: median(({ phases, gradients: g }) => (g * 1000) / phases.total),
      essPerSecond: median(({ phases, ess }) => (ess * 1000) / phases.total),
      barePerSecond: median((run) => run.bare),
      ratio: spread(runs.map(({ ratio }) => ratio)),
      cpuRatio: median((run) => run.cpuRatio),
      ms: {
        start: phase('start'),
        fit: phase('fit'),
        transitions: phase('transitions'),
        collect: phase('collect'),
        busy: phase('busy'),
        total: phase('total'),
      },
    };
  } finally {
    session.close();
    fused.close();
  }
}

/** A run of items 0 … batch − 1. Also serves the f64 twin, whose session walks the same way. */
export async function timedRun(
  session: Session<PosteriorItem>,
  batch: number,
): Promise<{ phases: Phases; items: PosteriorItem[] }> {
  const begin = performance.now();
  await session.start(Array.from({ length: batch }, (_, i) => i));
  const started = performance.now();
  let fitted = started;
  let progress = await session.advance(ADVANCE_MS);
  while (progress.phase !== 'done') {
    if (progress.steps === 0) fitted = performance.now();
    progress = await session.advance(ADVANCE_MS);
  }
  const sampled = performance.now();
  const items = await session.collect();
  const end = performance.now();
  const phases: Phases = {
    start: started - begin,
    fit: fitted - started,
    transitions: sampled - fitted,
    collect: end - sampled,
    busy: progress.busyMs,
    total: end - begin,
  };
  return { phases, items };
}

/** Effective draws of an item: bulk ESS of the parameter that mixes worst. */
export function leastEss({ parameters, chains, draws }: PosteriorItem): number {
  return Math.min(...parameters.map(({ values }) => essBulk(values, chains, draws)));
}

/** Rates of the bare kernel over a batch of `BARE_MS`, by the wall clock and by CPU time. */
async function bareTimer(
  fused: FusedGradient,
  perStep: number,
): Promise<() => Promise<{ perSecond: number; perCpuSecond: number }>> {
  const time = async (steps: number) => {
    const [begin, cpuBegin] = [performance.now(), cpuMs()];
    await fused.run(steps);
    return { ms: performance.now() - begin, cpu: cpuMs() - cpuBegin };
  };
  await time(1);
  let steps = 1;
  for (let { ms } = await time(steps); ms < BARE_MS / 2; { ms } = await time(steps))
    steps = Math.ceil(steps * Math.min(8, Math.max(2, BARE_MS / Math.max(ms, 1))));
  return async () => {
    const { ms, cpu } = await time(steps);
    const done = perStep * steps * 1000;
    return { perSecond: done / ms, perCpuSecond: done / cpu };
  };
}

/** CPU time of this process, all threads. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
