/** Curvature within single tensors: eigenvalues of the blocks on the Hessian's diagonal. */
import type { JsonValue } from '../../../bundle/json.ts';
import type { Machine } from '../../../nn/graph/machine.ts';
import { ritzValues } from '../../../stats/spectrum/ritz.ts';
import { rademacher, STREAM } from './common/addressed.ts';
import { layersOf, tensorSizes } from './common/layers.ts';
import { arraysOf, layout, tensorNames } from './common/layouts.ts';
import { LossRows, longestOf, lossObjection } from './common/loss-rows.ts';
import { type Pass, product, WORK } from './common/products.ts';
import { Tally } from './common/tally.ts';
import { basisVector, lanczos, lanczosVectors, stepsIn } from './lanczos.ts';
import type { Metric, MetricOutcome, MetricProgress, MetricSetting, MetricTask } from './metric.ts';

const ID = 'hessian-blocks';
/** Of a tensor: the largest and smallest eigenvalue of its block, each with its bound. */
const NUMBERS = ['top', 'top_bound', 'bottom', 'bottom_bound'] as const;

const stepsOf = ({ graph, sizes }: MetricSetting) => stepsIn(Math.max(...tensorSizes(graph)), sizes.blockSteps);

export const hessianBlocks: Metric = {
  id: ID,
  family: 'hessian',
  title: 'Hessian by tensor',
  definition:
    'Largest and smallest eigenvalue of ∂²L/∂W∂W for every tensor W alone, L = Σℓ/M the token mean: Lanczos confined to the tensor, with full reorthogonalisation, ± residual bound. The largest of all blocks is no more than the Hessian’s largest, the smallest no less than its smallest (Cauchy interlacing).',
  chunk: 'analysis.curvatureChunk',
  items: 'analysis.hessianItems',
  lighter: 'Lower Lanczos’ steps: their basis takes steps × θ. Fewer steps widen the bounds of the eigenvalues.',
  objection: (setting) => lossObjection(setting),
  machine: (setting) => ({
    graph: setting.graph,
    rows: Math.max(1, Math.min(setting.rows, setting.items.length)),
    length: longestOf(setting),
    vectors: lanczosVectors(stepsOf(setting)),
    backward: true,
    parameterGradients: true,
    tangents: true,
    adjoints: [],
  }),
  layout: ({ graph }) => NUMBERS.map((name) => layout(ID, name, [['tensor', graph.parameters.length]])),
  work: ({ graph, items, sizes }) =>
    items.length * WORK.hessian * tensorSizes(graph).reduce((sum, size) => sum + stepsIn(size, sizes.blockSteps), 0),
  run,
};

interface State {
  readonly [key: string]: JsonValue | undefined;
  readonly done: number;
  /** NUMBERS of every tensor so far. */
  readonly blocks: readonly (readonly number[])[];
}

async function* run({ setting, machine, saved }: MetricTask): AsyncGenerator<MetricProgress, MetricOutcome> {
  const { graph, seed, sizes } = setting;
  const rows = new LossRows(graph, setting.items);
  const state = saved as State | undefined;
  const tally = new Tally(state?.done);
  const pass: Pass = { machine, rows, chunk: setting.rows, tally };
  const blocks = [...(state?.blocks ?? [])];
  for (let b = blocks.length; b < graph.parameters.length; b++) {
    const { at } = graph.parameters[b];
    const size = tensorSizes(graph)[b];
    const signs = rademacher(seed, STREAM.block + b, size);
    const start = new Float64Array(graph.size);
    for (let i = 0; i < size; i++) start[at + i] = signs[i] / Math.sqrt(size);
    await machine.write(basisVector(0), start);
    const multiply = (vector: string, into: string) => product(pass, 'hessian', vector, into);
    const found = yield* lanczos(machine, multiply, stepsIn(size, sizes.blockSteps), confinement(machine, at, size));
    const { values, bounds } = ritzValues(found);
    blocks.push([values[0], bounds[0], values[values.length - 1], bounds[bounds.length - 1]]);
    const reached: State = { done: tally.done, blocks: [...blocks] };
    tally.saved = async () => reached;
    yield tally.add(0);
  }
  return outcome(setting, blocks);
}

/** Leaves of a vector what lies in one tensor. */
function confinement(machine: Machine, at: number, size: number) {
  return async (vector: string) => {
    const whole = await machine.readVector(vector);
    await machine.write(
      vector,
      whole.map((value, i) => (i >= at && i < at + size ? value : 0)),
    );
  };
}

function outcome(setting: MetricSetting, blocks: readonly (readonly number[])[]): MetricOutcome {
  const { graph } = setting;
  const sharpest = blocks.reduce((best, [top], b) => (top > blocks[best][0] ? b : best), 0);
  const deepest = blocks.reduce((best, numbers, b) => (numbers[2] < blocks[best][2] ? b : best), 0);
  const layers = layersOf(graph);
  const sorted = blocks.map(([top]) => top).sort((a, b) => a - b);
  const control = { name: 'median over tensors', value: sorted[sorted.length >> 1] };
  const of = 'residual bound β|s| of Lanczos';
  return {
    arrays: arraysOf(
      hessianBlocks.layout(setting),
      Object.fromEntries(NUMBERS.map((name, i) => [name, blocks.map((block) => block[i])])),
    ),
    headlines: [
      {
        key: 'sharpest',
        name: `largest eigenvalue of a block, ${graph.parameters[sharpest].name}`,
        value: blocks[sharpest][0],
        error: { value: blocks[sharpest][1], of },
        control,
      },
      {
        key: 'deepest',
        name: `smallest eigenvalue of a block, ${graph.parameters[deepest].name}`,
        value: blocks[deepest][2],
        error: { value: blocks[deepest][3], of },
      },
    ],
    beside: [],
    notes: [
      `Blocks leave out the curvature between tensors. The sharpest lies in ${layers.names[layers.of[sharpest]]}.`,
    ],
    attributes: { ...tensorNames(graph), layers: layers.names.join('\n') },
  };
}
