/**
 * GalSim's noise-free stamps: the GPU model at the true parameters against GalSim's pixels, and the shear that the GPU fit
 * recovers from them. Neither involves the project's own truth renderer.
 */

import type { GpuContext } from '../../src/gpu/context.ts';
import { fitBias } from '../../src/stats/regression.ts';
import type { ParamValues } from '../../src/workloads/params.ts';
import { imagesOf } from '../../src/workloads/shear/files.ts';
import { prepareShear } from '../../src/workloads/shear/problem.ts';
import { gpuImages, shapeOf } from '../../src/workloads/shear/test-support/gpu-probe.ts';
import { toUnconstrained } from '../../src/workloads/shear/twin/transform.ts';
import type { NoiseFreeSet, StampRow } from './galsim.ts';
import { runShear } from './run.ts';
import { exponential, largest, markdownTable } from './table.ts';

/** Pixel noise that the fit assumes, as a fraction of the peak: far below any signal, far above f32's rounding. */
const NOISE_OF_PEAK = 1e-4;
/** Wide priors: with posteriors of 1e-5 they move an estimate by 1e-9. */
const WIDE: ParamValues = {
  g1PriorMean: 0,
  g2PriorMean: 0,
  g1PriorSigma: 0.3,
  g2PriorSigma: 0.3,
  positionPriorHalfWidthPx: 2,
};
/** Only the fit is wanted: as few draws as the sampler takes. */
const FIT_ONLY: ParamValues = { warmup: 0, draws: 4 };

export interface StampFigures {
  readonly row: StampRow;
  /** Largest |model − GalSim| over the stamp's peak. */
  readonly residual: number;
  /** Fitted minus true shear. */
  readonly offset: readonly [number, number];
}

export interface SetFigures {
  readonly set: NoiseFreeSet;
  readonly accuracy: string;
  readonly gaussians: number;
  readonly stamps: readonly StampFigures[];
  /** Slope and intercept of fitted on true shear, each component. */
  readonly m: readonly [number, number];
  readonly c: readonly [number, number];
}

/** Figures of one set at one model accuracy. */
export async function measureSet(gpu: GpuContext, set: NoiseFreeSet, accuracy: string): Promise<SetFigures> {
  const noiseSigma = NOISE_OF_PEAK * Math.min(...set.stamps.map(({ peak }) => peak));
  const params = { ...set.params, ...WIDE, ...FIT_ONLY, noiseSigma, modelAccuracy: accuracy };
  const { spec } = prepareShear(params, 0, set.inputs);
  const points = set.stamps.map(({ g1, g2, dx, dy }) => toUnconstrained(spec, [g1, g2, dx, dy]));
  const images = await gpuImages(gpu, spec, shapeOf(1), points);
  const { items } = await runShear(gpu, params, 0, set.inputs);
  const pixels = spec.nx * spec.ny;
  const stamps = set.stamps.map((row, i): StampFigures => {
    const data = imagesOf(set.inputs)!.pixels.subarray(row.index * pixels, (row.index + 1) * pixels);
    const [g1, g2] = items[row.index].fit.mean;
    return {
      row,
      residual: largest(images[i].map((value, pixel) => value - data[pixel])) / row.peak,
      offset: [g1 - row.g1, g2 - row.g2],
    };
  });
  const line = (component: 0 | 1) => {
    const truth = set.stamps.map((row) => (component === 0 ? row.g1 : row.g2));
    const estimate = truth.map((g, i) => g + stamps[i].offset[component]);
    return fitBias(truth, estimate, new Float64Array(truth.length).fill(1));
  };
  const lines = [line(0), line(1)];
  return {
    set,
    accuracy,
    gaussians: spec.components.length,
    stamps,
    m: [lines[0].m, lines[1].m],
    c: [lines[0].c, lines[1].c],
  };
}

/** One row a stamp, model accuracies side by side. `figures` holds every set once for each of `accuracies`. */
export function stampTable(figures: readonly SetFigures[], accuracies: readonly string[]): string {
  const of = (name: string, accuracy: string, i: number) =>
    figures.find(({ set, accuracy: each }) => set.name === name && each === accuracy)!.stamps[i];
  const rows = figures
    .filter(({ accuracy }) => accuracy === accuracies[0])
    .flatMap(({ set, stamps }) =>
      stamps.map(({ row }, i) => [
        `${set.name} ${row.index}`,
        `(${row.g1}, ${row.g2})`,
        `(${row.dx}, ${row.dy})`,
        ...accuracies.map((accuracy) => exponential(of(set.name, accuracy, i).residual)),
        ...accuracies.map((accuracy) => {
          const [g1, g2] = of(set.name, accuracy, i).offset;
          return `${exponential(g1)}, ${exponential(g2)}`;
        }),
      ]),
    );
  const header = [
    'stamp',
    'g',
    'offset, px',
    ...accuracies.map((accuracy) => `largest residual / peak, ${accuracy}`),
    ...accuracies.map((accuracy) => `Δg1, Δg2, ${accuracy}`),
  ];
  return markdownTable(header, rows);
}

/** One row a set. */
export function setTable(figures: readonly SetFigures[]): string {
  const rows = figures.map(({ set, accuracy, gaussians, stamps, m, c }) => [
    set.name,
    accuracy,
    String(gaussians),
    exponential(largest(stamps.map(({ residual }) => residual))),
    exponential(m[0]),
    exponential(m[1]),
    exponential(c[0]),
    exponential(c[1]),
    exponential(largest(stamps.flatMap(({ offset, row }) => relative(offset, row)))),
  ]);
  const header = ['set', 'accuracy', 'Gaussians', 'largest residual / peak', 'm1', 'm2', 'c1', 'c2', 'largest Δg/g'];
  return markdownTable(header, rows);
}

/** |Δg|/|g| of a stamp; nothing where there is no shear. */
export function relative(offset: readonly [number, number], { g1, g2 }: StampRow): number[] {
  const g = Math.hypot(g1, g2);
  return g > 0 ? [Math.hypot(...offset) / g] : [];
}
