/** GalSim's 64 noisy stamps through `inputs.images`: posteriors and fits against GalSim's own, and the pooled bias. */
import type { GpuContext } from '../../src/gpu/context.ts';
import { mcseMean } from '../../src/stats/mcse.ts';
import { type BiasFit, fitBias } from '../../src/stats/regression.ts';
import type { NoisyBatch } from './galsim.ts';
import { presetParams, runShear } from './run.ts';
import { deviation, exponential, largest, markdownTable, mean, withError } from './table.ts';

const PARAMETERS = ['g1', 'g2', 'x', 'y'] as const;

export interface PosteriorRow {
  readonly index: number;
  readonly parameter: string;
  /** (mean − reference)/combined MCSE. */
  readonly meanMcse: number;
  /** sd/reference − 1. */
  readonly sdRatio: number;
}

export interface BatchFigures {
  readonly posteriors: readonly PosteriorRow[];
  /** Largest |fit − GalSim's fit| in posterior sd, by parameter. */
  readonly fitWidths: readonly number[];
  /** Pooled m, c of g1 and c of g2: raw, and with each stamp's first-order noise term subtracted. */
  readonly raw: BiasFit;
  readonly clean: BiasFit;
  readonly rawG2: { readonly c: number; readonly error: number };
  readonly cleanG2: { readonly c: number; readonly error: number };
  readonly gradients: number;
  readonly seconds: number;
}

/** All 64 stamps, 4 chains of `draws` draws. */
export async function measureBatch(gpu: GpuContext, batch: NoisyBatch, draws: number): Promise<BatchFigures> {
  const { items, seconds } = await runShear(gpu, presetParams('level0', { draws }), 42, batch.inputs);
  const posteriors = batch.references.flatMap(({ index, parameters }) =>
    PARAMETERS.map((name, i): PosteriorRow => {
      const { values } = items[index].parameters[i];
      const reference = parameters[name];
      const error = Math.hypot(mcseMean(values, items[index].chains, draws), reference.mcse_mean);
      return {
        index,
        parameter: name,
        meanMcse: (mean(values) - reference.mean) / error,
        sdRatio: deviation(values) / reference.sd - 1,
      };
    }),
  );
  const fitWidths = PARAMETERS.map((name, i) =>
    largest(batch.fits.map((row) => (items[row.index].fit.mean[i] - row[`${name}_map`]) / row[`${name}_sd`])),
  );
  // The prior pulls a fit by (sd/0.05)² of its distance from the prior's centre; dividing it out leaves the likelihood's own estimate.
  const estimate = (name: 'g1' | 'g2', noise: 0 | 1) =>
    batch.fits.map(
      (row) =>
        likelihoodOf(items[row.index].fit.mean[name === 'g1' ? 0 : 1], row[`${name}_sd`], name) -
        noise * row[`${name}_linear_noise`],
    );
  const truth = batch.fits.map((row) => row.g1_true);
  const sd = batch.fits.map((row) => row.g1_sd);
  const line = (noise: 0 | 1) => {
    const values = estimate('g1', noise);
    // Errors from the scatter itself: with the noise term subtracted nothing else tells them.
    const first = fitBias(truth, values, sd);
    const scale = Math.sqrt(first.chi2PerDof);
    return { ...first, mErr: first.mErr * scale, cErr: first.cErr * scale };
  };
  const constant = (noise: 0 | 1) => {
    const offsets = estimate('g2', noise).map((value, i) => value - batch.fits[i].g2_true);
    return { c: mean(offsets), error: deviation(offsets) / Math.sqrt(offsets.length) };
  };
  return {
    posteriors,
    fitWidths,
    raw: line(0),
    clean: line(1),
    rawG2: constant(0),
    cleanG2: constant(1),
    gradients: items.reduce((sum, { gradients }) => sum + gradients, 0),
    seconds,
  };
}

/** Takes the prior N(0.02, 0.05) or N(−0.01, 0.05) out of a mode: (θ/s² − μ/σ²)/(1/s² − 1/σ²), s the posterior's width. */
function likelihoodOf(mode: number, sd: number, name: 'g1' | 'g2'): number {
  const centre = name === 'g1' ? 0.02 : -0.01;
  const [posterior, prior] = [sd ** -2, 0.05 ** -2];
  return (mode * posterior - centre * prior) / (posterior - prior);
}

/** The stamps that have a reference posterior, one row each. */
export function posteriorTable({ posteriors }: BatchFigures): string {
  const indices = [...new Set(posteriors.map(({ index }) => index))];
  const rows = indices.map((index) => [
    String(index),
    ...PARAMETERS.map((name) => {
      const row = posteriors.find((each) => each.index === index && each.parameter === name)!;
      return `${row.meanMcse.toFixed(1)}; ${(100 * row.sdRatio).toFixed(1)} %`;
    }),
  ]);
  return markdownTable(['stamp', ...PARAMETERS.map((name) => `${name}: Δmean/MCSE; Δsd`)], rows);
}

/** Pooled bias and the fits. */
export function biasTable(figures: BatchFigures): string {
  const row = (label: string, line: BiasFit, g2: BatchFigures['rawG2']) => [
    label,
    withError(line.m, line.mErr),
    withError(line.c, line.cErr),
    withError(g2.c, g2.error),
  ];
  const fits = PARAMETERS.map((name, i) => `${name} ${exponential(figures.fitWidths[i])}`).join(', ');
  return `${markdownTable(
    ['', 'm1', 'c1', 'c2'],
    [row('raw', figures.raw, figures.rawG2), row('noise term subtracted', figures.clean, figures.cleanG2)],
  )}\n\nLargest difference of a fit from GalSim's, in posterior sd: ${fits}.`;
}
