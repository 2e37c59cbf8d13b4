/** The Hessian of L: its eigenvalues at both ends, trace, norm and density. */
import type { JsonValue } from '../../../bundle/json.ts';
import {
  DENSITY_WIDTH,
  densityGrid,
  densityWidth,
  negativeShare,
  slqDensity,
} from '../../../stats/spectrum/density.ts';
import { arraysOf, layout, padded, tensorNames } from './common/layouts.ts';
import { LossRows, longestOf, lossObjection } from './common/loss-rows.ts';
import { addGradient, norm, type Pass, product, WORK, zero } from './common/products.ts';
import {
  EIGENVECTOR,
  eigenLine,
  ends,
  frobeniusLine,
  type KeptRun,
  probeRun,
  ritzOf,
  tensorShares,
  traceLine,
  traceOf,
} from './common/spectrum.ts';
import { Tally } from './common/tally.ts';
import { basisVector, IMAGE, lanczosVectors, stepsIn } from './lanczos.ts';
import type {
  Headline,
  Metric,
  MetricOutcome,
  MetricProgress,
  MetricSetting,
  MetricTask,
  TheirsBesideOurs,
} from './metric.ts';

const ID = 'hessian';
const DIFFERENCE = 'difference';
const SHIFTED = 'shifted';

/** Two points of the grid to each width of the Gaussians, and the tails of three. */
const densityPoints = 2 * (Math.round(1 / DENSITY_WIDTH) + 6) + 1;

/** ε of a central difference along a unit vector, over ‖θ‖: where rounding and curvature err alike (f32: best measured). */
const DIFFERENCE_STEP = { f64: 1e-5, f32: 1.7e-3 } as const;

export const hessian: Metric = {
  id: ID,
  family: 'hessian',
  title: 'Hessian',
  definition:
    'Of H = ∇²L, L = Σℓ/M the token mean: largest and smallest eigenvalues by Lanczos with full reorthogonalisation, each ± its residual bound β|s|; trace as the mean of zᵀHz over vectors of random signs (Hutchinson 1990), by tensor zᵀ_b(Hz)_b; density by stochastic Lanczos quadrature, Σ s₁² N(θ_j, σ²) meaned over the same vectors (Ubaru, Chen & Saad 2017; Ghorbani, Krishnan & Xiao 2019). Products H·v are forward over reverse (Pearlmutter 1994): exact to rounding.',
  chunk: 'analysis.curvatureChunk',
  items: 'analysis.hessianItems',
  lighter:
    'Lower Lanczos’ steps: their basis takes steps × θ. Fewer steps widen the bounds of the eigenvalues, inner ones first; the error of the trace grows as 1/√(vectors of signs) and does not depend on steps.',
  objection: (setting) => lossObjection(setting),
  machine: (setting) => ({
    graph: setting.graph,
    rows: Math.max(1, Math.min(setting.rows, setting.items.length)),
    length: longestOf(setting),
    vectors: [...lanczosVectors(stepsOf(setting)), EIGENVECTOR, DIFFERENCE, SHIFTED],
    backward: true,
    parameterGradients: true,
    tangents: true,
    adjoints: [],
  }),
  layout: (setting) => {
    const [step, probe] = [['step', stepsOf(setting)] as const, ['probe', setting.sizes.traceProbes] as const];
    const tensor = ['tensor', setting.graph.parameters.length] as const;
    const [eigen, grid] = [['eigenvalue', eigenvaluesOf(setting)] as const, ['grid', densityPoints] as const];
    return [
      ...['ritz', 'ritz_weight', 'ritz_bound'].map((name) => layout(ID, name, [step])),
      ...['top', 'top_bound', 'bottom', 'bottom_bound'].map((name) => layout(ID, name, [eigen])),
      ...['top_by_tensor', 'bottom_by_tensor'].map((name) => layout(ID, name, [eigen, tensor], 'share')),
      layout(ID, 'trace_sample', [probe]),
      ...['trace_by_tensor', 'trace_by_tensor_error'].map((name) => layout(ID, name, [tensor])),
      ...['density_at', 'density', 'density_sd'].map((name) => layout(ID, name, [grid])),
    ];
  },
  work: (setting) =>
    setting.items.length * (WORK.hessian * (1 + setting.sizes.traceProbes * stepsOf(setting)) + 2 * WORK.gradient),
  run,
};

const stepsOf = ({ graph, sizes }: MetricSetting) => stepsIn(graph.size, sizes.lanczosSteps);
const eigenvaluesOf = (setting: MetricSetting) => Math.min(setting.sizes.eigenvalues, stepsOf(setting));

/** What is kept between probes. */
interface State {
  readonly [key: string]: JsonValue | undefined;
  readonly done: number;
  readonly runs: readonly KeptRun[];
  readonly top: readonly (readonly number[])[];
  readonly bottom: readonly (readonly number[])[];
  readonly crossCheck: { readonly epsilon: number; readonly error: number };
}

async function* run({ setting, machine, saved }: MetricTask): AsyncGenerator<MetricProgress, MetricOutcome> {
  const rows = new LossRows(setting.graph, setting.items);
  let state = saved as unknown as State | undefined;
  const tally = new Tally(state?.done);
  const pass: Pass = { machine, rows, chunk: setting.rows, tally };
  const runs = [...(state?.runs ?? [])];
  for (let probe = runs.length; probe < setting.sizes.traceProbes; probe++) {
    const { run, kept } = yield* probeRun(pass, 'hessian', setting, probe, stepsOf(setting));
    runs.push(kept);
    if (probe === 0) {
      const { top, bottom } = ends(run.alpha.length, eigenvaluesOf(setting), true);
      const shares = { top: await tensorShares(pass, run, top), bottom: await tensorShares(pass, run, bottom) };
      state = { done: 0, runs, ...shares, crossCheck: yield* crossCheck(pass) };
    }
    const reached: State = { ...state!, done: tally.done, runs: [...runs] };
    tally.saved = async () => reached;
    yield tally.add(0);
  }
  return outcome(setting, rows, { ...state!, runs }, machine.arithmetic);
}

/** ‖(g(θ + εq) − g(θ − εq))/2ε − Hq‖/‖Hq‖ for the start vector q of the first run. */
export async function* crossCheck(
  pass: Pass,
  direction = basisVector(0),
): AsyncGenerator<MetricProgress, { readonly epsilon: number; readonly error: number }> {
  const { machine } = pass;
  const epsilon = DIFFERENCE_STEP[machine.arithmetic] * (await norm(machine, 'theta'));
  await zero(machine, DIFFERENCE);
  for (const sign of [-1, 1]) {
    await machine.combine(SHIFTED, [
      [1, 'theta'],
      [sign * epsilon, direction],
    ]);
    // −g(θ − εq) is there before g(θ + εq) is added to it.
    await machine.combine(DIFFERENCE, [[-1, DIFFERENCE]]);
    yield* addGradient(pass, DIFFERENCE, SHIFTED);
  }
  yield* product(pass, 'hessian', direction, IMAGE);
  await machine.combine(DIFFERENCE, [
    [1 / (2 * epsilon), DIFFERENCE],
    [-1, IMAGE],
  ]);
  return { epsilon, error: (await norm(machine, DIFFERENCE)) / (await norm(machine, IMAGE)) };
}

function outcome(setting: MetricSetting, rows: LossRows, state: State, arithmetic: 'f32' | 'f64'): MetricOutcome {
  const { graph } = setting;
  const { runs, crossCheck: check } = state;
  const spectra = runs.map(ritzOf);
  const [first] = spectra;
  const { top, bottom } = ends(first.values.length, eigenvaluesOf(setting), true);
  const sigma = densityWidth(spectra);
  const density = slqDensity(spectra, densityGrid(spectra, sigma, densityPoints), sigma);
  const negative = negativeShare(spectra, sigma);
  const trace = traceOf(runs);
  const [steps, count] = [stepsOf(setting), eigenvaluesOf(setting)];
  const at = (values: ArrayLike<number>, which: readonly number[]) =>
    padded(
      which.map((j) => values[j]),
      count,
    );
  const table = (shares: readonly (readonly number[])[]) => padded(shares.flat(), count * graph.parameters.length);
  const mean = { name: 'mean eigenvalue, trace/P', value: trace.whole.mean / graph.size };
  const headlines: Headline[] = [
    eigenLine('largest', 'largest eigenvalue', first, 0, { arithmetic, control: mean }),
    eigenLine('smallest', 'smallest eigenvalue', first, first.values.length - 1, { arithmetic, control: mean }),
    traceLine(runs, 'traceHessian', 'Hessian'),
    frobeniusLine(runs, graph.size),
    {
      key: 'negativeShare',
      name: 'share of eigenvalues below −3σ',
      value: negative.mean,
      error: Number.isFinite(negative.error)
        ? { value: negative.error, of: `sd over ${negative.n} vectors of signs / √${negative.n}` }
        : undefined,
    },
    {
      key: 'differenceError',
      name: 'central difference of gradients against H·v, relative',
      value: check.error,
    },
  ];
  return {
    arrays: arraysOf(hessian.layout(setting), {
      ritz: padded(first.values, steps),
      ritz_weight: padded(first.weights, steps),
      ritz_bound: padded(first.bounds, steps),
      top: at(first.values, top),
      top_bound: at(first.bounds, top),
      bottom: at(first.values, bottom),
      bottom_bound: at(first.bounds, bottom),
      top_by_tensor: table(state.top),
      bottom_by_tensor: table(state.bottom),
      trace_sample: runs.map((run) => run.trace.reduce((sum, part) => sum + part, 0)),
      trace_by_tensor: trace.mean,
      trace_by_tensor_error: trace.error,
      density_at: density.grid,
      density: density.mean,
      density_sd: density.sd,
    }),
    headlines,
    beside: setting.origin ? besideOf(first, count) : [],
    notes: [
      `H is that of L, the token mean over ${rows.total} predictions of ${rows.count} items. Eigenvalues are Ritz values of ${first.values.length} steps from the first vector of signs; inner ones are known by their bound alone.`,
      `The density's Gaussians are σ = ${sigma.toPrecision(3)} wide, ${100 * DENSITY_WIDTH} % of the range; its band is the spread of ${runs.length} vectors of signs.`,
      `Cross-check by a central difference of gradients at ε = ${check.epsilon.toPrecision(2)}: it differs from the exact product by ${check.error.toExponential(1)}, which is the difference's own error.`,
    ],
    attributes: { ...tensorNames(graph), sigma, probes: runs.length },
  };
}

function besideOf(first: ReturnType<typeof ritzOf>, count: number): TheirsBesideOurs[] {
  return [
    {
      name: 'most negative curvature',
      ours: first.values.at(-1)!,
      theirs: first.values[count - 1],
      why: `Theirs sorts eigenvalues downward, keeps the first ${count} and looks for negative ones among those: an indefinite Hessian is reported as one without negative curvature.`,
    },
  ];
}
