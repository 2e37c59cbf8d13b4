/** What Lanczos' runs from random signs say of a spectrum: eigenvalues with bounds, traces, and where in the network they live. */
import { ritzValues } from '../../../../stats/spectrum/ritz.ts';
import { hutchinson } from '../../../../stats/spectrum/trace.ts';
import { basisVector, type LanczosRun, lanczos, ritzVector } from '../lanczos.ts';
import type { Headline, MetricProgress, MetricSetting } from '../metric.ts';
import { rademacher, STREAM } from './addressed.ts';
import { type Curvature, type Pass, product } from './products.ts';

/** Vector that eigenvectors are put together in. */
export const EIGENVECTOR = 'eigenvector';

/** Plain numbers of a run, for saved states. */
export type KeptRun = {
  readonly alpha: readonly number[];
  readonly beta: readonly number[];
  /** zᵀ_b(Hz)_b by tensor, z the signs. */
  readonly trace: readonly number[];
};

/** Lanczos from the signs of probe k: q.0 = z/√P. @param signs of the probe; addressed unless given */
export async function* probeRun(
  pass: Pass,
  kind: Curvature,
  setting: Pick<MetricSetting, 'seed'>,
  probe: number,
  steps: number,
  signs = rademacher(setting.seed, STREAM.probe + probe, pass.machine.graph.size),
): AsyncGenerator<MetricProgress, { readonly run: LanczosRun; readonly kept: KeptRun }> {
  const { machine } = pass;
  const size = machine.graph.size;
  const unit = 1 / Math.sqrt(size);
  await machine.write(
    basisVector(0),
    Float64Array.from(signs, (sign) => sign * unit),
  );
  const run = yield* lanczos(machine, (vector, into) => product(pass, kind, vector, into), steps);
  return { run, kept: { alpha: run.alpha, beta: run.beta, trace: Array.from(run.first, (part) => part * size) } };
}

/** Indices of Ritz values in descending order: the k largest, then the k smallest, smallest first. */
export function ends(count: number, k: number, bottom: boolean): { readonly top: number[]; readonly bottom: number[] } {
  const own = Math.min(k, count);
  const up = Array.from({ length: own }, (_, i) => i);
  return { top: up, bottom: bottom ? up.map((i) => count - 1 - i) : [] };
}

/** Share of each tensor in the squared norm of Ritz vectors, while the basis of the run is there. */
export async function tensorShares(pass: Pass, run: LanczosRun, which: readonly number[]): Promise<number[][]> {
  const { machine } = pass;
  const shares: number[][] = [];
  for (const j of which) {
    await ritzVector(machine, run, j, EIGENVECTOR);
    const squares = await machine.dots(EIGENVECTOR, EIGENVECTOR);
    const whole = squares.reduce((sum, square) => sum + square, 0);
    shares.push(Array.from(squares, (square) => square / whole));
  }
  return shares;
}

/** Trace from the probes, as a line; and by tensor with its error. */
export function traceOf(runs: readonly KeptRun[]) {
  const whole = hutchinson(runs.map(({ trace }) => trace.reduce((sum, part) => sum + part, 0)));
  const tensors = runs[0].trace.map((_, b) => hutchinson(runs.map(({ trace }) => trace[b])));
  return { whole, mean: tensors.map(({ mean }) => mean), error: tensors.map(({ error }) => error) };
}

export function traceLine(runs: readonly KeptRun[], key: string, of: string, control?: Headline['control']): Headline {
  const { mean, error, n } = traceOf(runs).whole;
  const words = `sd over ${n} vectors of signs / √${n}`;
  return {
    key,
    name: `trace of the ${of}`,
    value: mean,
    error: Number.isFinite(error) ? { value: error, of: words } : undefined,
    control,
  };
}

/** What f32 leaves of a product with curvature, and so of an eigenvalue: a share of the largest (measured against f64). */
const ROUNDING = { f64: 0, f32: 2 ** -18 } as const;

export function eigenLine(
  key: string,
  name: string,
  { values, bounds }: ReturnType<typeof ritzValues>,
  at: number,
  { arithmetic, control }: { readonly arithmetic: 'f32' | 'f64'; readonly control?: Headline['control'] },
): Headline {
  const rounding = ROUNDING[arithmetic] * Math.max(Math.abs(values[0]), Math.abs(values[values.length - 1]));
  const of = `residual bound β|s| of Lanczos${rounding > 0 ? ', and the rounding of f32' : ''}`;
  return { key, name, value: values[at], error: { value: bounds[at] + rounding, of }, control };
}

/** ‖H‖_F: the root of the mean of ‖Hz‖² = P(α₀² + β₀²) over the probes. */
export function frobeniusLine(runs: readonly KeptRun[], size: number): Headline {
  const { mean, error, n } = hutchinson(runs.map(({ alpha, beta }) => size * (alpha[0] ** 2 + beta[0] ** 2)));
  const value = Math.sqrt(mean);
  const words = `sd of ‖Hz‖² over ${n} vectors of signs / √${n}, over 2‖H‖_F`;
  return {
    key: 'frobenius',
    name: '‖H‖_F',
    value,
    error: Number.isFinite(error) ? { value: error / (2 * value), of: words } : undefined,
  };
}

export const ritzOf = ({ alpha, beta }: KeptRun) => ritzValues({ alpha, beta });
