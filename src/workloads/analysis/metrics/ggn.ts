/** The Gauss–Newton matrix of L: the part of the Hessian that comes of the loss alone, positive semi-definite. */
import type { JsonValue } from '../../../bundle/json.ts';
import { arraysOf, layout, padded, tensorNames } from './common/layouts.ts';
import { LossRows, longestOf, lossObjection } from './common/loss-rows.ts';
import { addGradient, norm, type Pass, WORK, zero } from './common/products.ts';
import {
  EIGENVECTOR,
  eigenLine,
  ends,
  type KeptRun,
  probeRun,
  ritzOf,
  tensorShares,
  traceLine,
  traceOf,
} from './common/spectrum.ts';
import { Tally } from './common/tally.ts';
import { IMAGE, lanczosVectors, stepsIn } from './lanczos.ts';
import type { Metric, MetricOutcome, MetricProgress, MetricSetting, MetricTask } from './metric.ts';

const ID = 'ggn';

export const ggn: Metric = {
  id: ID,
  family: 'ggn',
  title: 'Gauss–Newton matrix',
  definition:
    'G = (1/M) Σ J_mᵀ(diag p − p pᵀ)J_m over all predictions m, J_m the Jacobian of their logits (Schraudolph 2002); of a squared error (2/(N·o)) Σ JᵀJ. It equals the true Fisher information of the model. Largest eigenvalues by Lanczos with full reorthogonalisation ± residual bound, trace by vectors of random signs; products G·v = one tangent and one backward pass.',
  chunk: 'analysis.curvatureChunk',
  items: 'analysis.ggnItems',
  lighter:
    'Lower Lanczos’ steps: their basis takes steps × θ. Fewer steps widen the bounds of the eigenvalues, inner ones first; the error of the trace grows as 1/√(vectors of signs).',
  objection: (setting) => lossObjection(setting),
  machine: (setting) => ({
    graph: setting.graph,
    rows: Math.max(1, Math.min(setting.rows, setting.items.length)),
    length: longestOf(setting),
    vectors: [...lanczosVectors(stepsOf(setting)), EIGENVECTOR],
    backward: true,
    parameterGradients: true,
    tangents: true,
    adjoints: [],
  }),
  layout: (setting) => {
    const [step, probe] = [['step', stepsOf(setting)] as const, ['probe', setting.sizes.traceProbes] as const];
    const tensor = ['tensor', setting.graph.parameters.length] as const;
    const eigen = ['eigenvalue', eigenvaluesOf(setting)] as const;
    return [
      ...['ritz', 'ritz_weight', 'ritz_bound'].map((name) => layout(ID, name, [step])),
      ...['top', 'top_bound'].map((name) => layout(ID, name, [eigen])),
      layout(ID, 'top_by_tensor', [eigen, tensor], 'share'),
      layout(ID, 'trace_sample', [probe]),
      ...['trace_by_tensor', 'trace_by_tensor_error'].map((name) => layout(ID, name, [tensor])),
    ];
  },
  work: (setting) => {
    const products = stepsOf(setting) + setting.sizes.traceProbes - 1;
    return setting.items.length * (WORK['gauss-newton'] * products + (setting.origin ? WORK.gradient : 0));
  },
  run,
};

const stepsOf = ({ graph, sizes }: MetricSetting) => stepsIn(graph.size, sizes.lanczosSteps);
const eigenvaluesOf = (setting: MetricSetting) => Math.min(setting.sizes.eigenvalues, stepsOf(setting));

interface State {
  readonly [key: string]: JsonValue | undefined;
  readonly done: number;
  readonly runs: readonly KeptRun[];
  readonly top: readonly (readonly number[])[];
  /** ‖∇L‖², the origin's eigenvalue. */
  readonly squaredGradient: number;
}

async function* run({ setting, machine, saved }: MetricTask): AsyncGenerator<MetricProgress, MetricOutcome> {
  const rows = new LossRows(setting.graph, setting.items);
  let state = saved as unknown as State | undefined;
  const tally = new Tally(state?.done);
  const pass: Pass = { machine, rows, chunk: setting.rows, tally };
  const runs = [...(state?.runs ?? [])];
  for (let probe = runs.length; probe < setting.sizes.traceProbes; probe++) {
    const { run, kept } = yield* probeRun(pass, 'gauss-newton', setting, probe, probe === 0 ? stepsOf(setting) : 1);
    runs.push(kept);
    if (probe === 0) {
      const top = await tensorShares(pass, run, ends(run.alpha.length, eigenvaluesOf(setting), false).top);
      state = { done: 0, runs, top, squaredGradient: setting.origin ? yield* squaredGradient(pass) : 0 };
    }
    const reached: State = { ...state!, done: tally.done, runs: [...runs] };
    tally.saved = async () => reached;
    yield tally.add(0);
  }
  return outcome(setting, rows, { ...state!, runs }, machine.arithmetic);
}

async function* squaredGradient(pass: Pass): AsyncGenerator<MetricProgress, number> {
  await zero(pass.machine, IMAGE);
  yield* addGradient(pass, IMAGE);
  return (await norm(pass.machine, IMAGE)) ** 2;
}

function outcome(setting: MetricSetting, rows: LossRows, state: State, arithmetic: 'f32' | 'f64'): MetricOutcome {
  const { graph } = setting;
  const { runs } = state;
  const first = ritzOf(runs[0]);
  const [steps, count] = [stepsOf(setting), eigenvaluesOf(setting)];
  const { top } = ends(first.values.length, count, false);
  const trace = traceOf(runs);
  const outputs = graph.head.kind === 'squared-error' ? graph.head.outputs : graph.head.vocabulary - 1;
  const rank = rows.total * outputs;
  return {
    arrays: arraysOf(ggn.layout(setting), {
      ritz: padded(first.values, steps),
      ritz_weight: padded(first.weights, steps),
      ritz_bound: padded(first.bounds, steps),
      top: padded(
        top.map((j) => first.values[j]),
        count,
      ),
      top_bound: padded(
        top.map((j) => first.bounds[j]),
        count,
      ),
      top_by_tensor: padded(state.top.flat(), count * graph.parameters.length),
      trace_sample: runs.map((run) => run.trace.reduce((sum, part) => sum + part, 0)),
      trace_by_tensor: trace.mean,
      trace_by_tensor_error: trace.error,
    }),
    headlines: [
      eigenLine('largest', 'largest eigenvalue', first, 0, {
        arithmetic,
        control: { name: 'mean eigenvalue, trace/P', value: trace.whole.mean / graph.size },
      }),
      traceLine(runs, 'traceGgn', 'Gauss–Newton matrix'),
    ],
    beside: setting.origin
      ? [
          {
            name: 'largest eigenvalue of the Gauss–Newton matrix',
            ours: first.values[0],
            theirs: state.squaredGradient,
            why: 'Theirs is g gᵀ of the mean gradient of the batch: one eigenvalue ‖∇L‖² and zeros, whatever the curvature.',
          },
          {
            name: 'trace of the Gauss–Newton matrix',
            ours: trace.whole.mean,
            theirs: (trace.whole.mean * rows.total) / rows.count,
            why: 'Their “true” mode divides by the number of texts where the loss is a mean over tokens: too large by the mean number of predictions a text, before padding is counted.',
          },
        ]
      : [],
    notes: [
      `G is that of L, the token mean over ${rows.total} predictions of ${rows.count} items; its rank is at most ${Math.min(rank, graph.size).toLocaleString('en-US')} of ${graph.size.toLocaleString('en-US')}.`,
      'Labels do not enter: it is the same for any next tokens.',
    ],
    attributes: { ...tensorNames(graph), probes: runs.length },
  };
}
