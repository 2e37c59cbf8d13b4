/** Simulated realizations: posterior widths, rank uniformity, and whether every posterior converged. */

import type { GpuContext } from '../../src/gpu/context.ts';
import type { PosteriorItem } from '../../src/results/posterior/item.ts';
import { diagnose } from '../../src/stats/convergence.ts';
import { rankOfTruth } from '../../src/stats/rank.ts';
import { sbcUniformity } from '../../src/stats/sbc.ts';
import type { ParamValues } from '../../src/workloads/params.ts';
import { gradientsPerTransition } from '../../src/workloads/shear/model-spec.ts';
import { presetParams, runShear } from './run.ts';
import { deviation, exponential, markdownTable, mean } from './table.ts';

/** Draws that a rank is taken among: about the effective sample size, so that ranks are nearly independent. */
export const RANKS = 255;
const BINS = 16;

export interface RankFigures {
  readonly parameter: string;
  /** Kolmogorov–Smirnov p of the ranks against uniformity, and the largest ECDF difference over its 95 % band. */
  readonly p: number;
  readonly ofBand: number;
}

/** Ranks of `count` truths drawn from the prior of a preset. */
export async function measureRanks(
  gpu: GpuContext,
  preset: string,
  count: number,
  seed: number,
  changes: ParamValues = {},
): Promise<RankFigures[]> {
  const params = presetParams(preset, { truthSource: 'prior', realizations: count, ...changes });
  const { items } = await runShear(gpu, params, seed);
  return items[0].parameters.map(({ name }, i) => {
    const ranks = items.map(({ info, parameters, chains, draws }) =>
      rankOfTruth(info.truth[name], parameters[i].values, chains, draws, RANKS),
    );
    const { ks, ecdfDifference, band } = sbcUniformity(ranks, RANKS, BINS);
    return { parameter: name, p: ks.pValue, ofBand: Math.max(...ecdfDifference.map(Math.abs)) / band };
  });
}

export interface ConvergenceFigures {
  /** Preset and changes. */
  readonly label: string;
  readonly draws: number;
  readonly count: number;
  readonly converged: number;
  /** Run ids and reasons of those that did not. */
  readonly exceptions: readonly string[];
  readonly worstRhat: number;
  readonly leastBulk: number;
  readonly leastTail: number;
  readonly meanBulk: number;
  readonly meanTail: number;
  readonly acceptance: number;
  readonly divergences: number;
  readonly leastBfmi: number;
  readonly stepSizes: readonly [number, number];
  /** Least ESS of an item (bulk or tail, any parameter) a gradient of sampling, mean over items. */
  readonly essPerGradient: number;
  /** Mean posterior sd of g1 over the items. */
  readonly sdG1: number;
  readonly gradientsPerSecond: number;
}

/** Diagnostics of a preset's realizations: 16 at each of four shears. */
export async function measureConvergence(
  gpu: GpuContext,
  preset: string,
  seed: number,
  changes: ParamValues = {},
): Promise<ConvergenceFigures> {
  const params = presetParams(preset, {
    shearGrid: [-0.05, -0.02, 0.02, 0.05],
    g2: -0.01,
    realizations: 16,
    ...changes,
  });
  const { items, problem, seconds } = await runShear(gpu, params, seed);
  return {
    label: [
      preset,
      ...Object.entries(changes).map(([key, value]) => `${key} ${value}`),
      `${items[0].draws} draws`,
    ].join(', '),
    ...convergenceOf(items, gradientsPerTransition(problem.spec)),
    gradientsPerSecond: items.reduce((sum, item) => sum + item.gradients, 0) / seconds,
  };
}

function convergenceOf(
  items: readonly PosteriorItem[],
  perTransition: number,
): Omit<ConvergenceFigures, 'label' | 'gradientsPerSecond'> {
  const all = items.map((item) => ({ item, ...diagnose(item) }));
  const summaries = all.flatMap(({ perParameter }) => Object.values(perParameter));
  const column = (item: PosteriorItem, name: string) => item.stats.find((each) => each.name === name)!.values;
  const steps = items.map((item) => mean(column(item, 'step_size')));
  const { chains, draws } = items[0];
  return {
    draws,
    count: items.length,
    converged: all.filter(({ verdicts }) => verdicts.lockstep).length,
    exceptions: all
      .filter(({ verdicts }) => !verdicts.lockstep)
      .map(({ item, verdicts }) => `${item.info.runId}: ${verdicts.reasons.join('; ')}`),
    worstRhat: Math.max(...summaries.map(({ rhat }) => rhat)),
    leastBulk: Math.min(...summaries.map(({ essBulk }) => essBulk)),
    leastTail: Math.min(...summaries.map(({ essTail }) => essTail)),
    meanBulk: mean(summaries.map(({ essBulk }) => essBulk)),
    meanTail: mean(summaries.map(({ essTail }) => essTail)),
    acceptance: mean(items.map((item) => mean(column(item, 'acceptance_rate')))),
    divergences: all.reduce((sum, { divergences }) => sum + divergences, 0),
    leastBfmi: Math.min(...all.flatMap(({ bfmi }) => bfmi)),
    stepSizes: [Math.min(...steps), Math.max(...steps)],
    essPerGradient: mean(
      all.map(({ perParameter }) => {
        const least = Math.min(...Object.values(perParameter).flatMap(({ essBulk, essTail }) => [essBulk, essTail]));
        return least / (chains * draws * perTransition);
      }),
    ),
    sdG1: mean(items.map((item) => deviation(item.parameters[0].values))),
  };
}

/** One row a run. */
export function convergenceTable(figures: readonly ConvergenceFigures[]): string {
  const rows = figures.map((f) => [
    f.label,
    `${f.converged} of ${f.count}`,
    f.worstRhat.toFixed(4),
    `${f.leastBulk.toFixed(0)} (${f.meanBulk.toFixed(0)})`,
    `${f.leastTail.toFixed(0)} (${f.meanTail.toFixed(0)})`,
    f.acceptance.toFixed(3),
    `${f.stepSizes[0].toFixed(2)}–${f.stepSizes[1].toFixed(2)}`,
    String(f.divergences),
    f.leastBfmi.toFixed(2),
    f.essPerGradient.toFixed(2),
    exponential(f.sdG1, 3),
  ]);
  const header = [
    'run',
    'converged',
    'worst R̂',
    'least bulk ESS (mean)',
    'least tail ESS (mean)',
    'acceptance',
    'step size',
    'divergences',
    'least E-BFMI',
    'least ESS a gradient',
    'mean sd of g1',
  ];
  return markdownTable(header, rows);
}
