/** Kernels of norms along a direction. */
import type { PlannedBuffer } from '../../../gpu/plan.ts';
import type { Norm } from '../graph.ts';
import type { PassContext } from './context.ts';
import { BINDING, type GraphKernel, graphKernel, inWords, type Sink, sinkOf } from './kernel.ts';
import type { Layout } from './layout.ts';

const WORD = 4;

/** Mean, 1 / s, mean of ẋ, ṡ of every position. */
const statisticsOf = ({ out }: Norm) => `t:norm:${out}`;

export function normTangentBuffers({ graph, options, tokens }: Layout): PlannedBuffer[] {
  if (!options.tangents) return [];
  const { rows, length } = options;
  return graph.operations.flatMap((operation): PlannedBuffer[] => {
    if (operation.kind !== 'norm') return [];
    const bytes = 4 * WORD * tokens;
    const formula = `${rows} rows × ${length} positions × 4 × 4 B`;
    return [{ name: statisticsOf(operation), bytes, role: 'storage', bytesPerItem: bytes / rows, formula }];
  });
}

function sharedOf({ x, norm, epsilon, weight }: Norm, { layout, theta, direction }: PassContext) {
  const width = layout.graph.widths[x];
  const gain = layout.tensor(weight, theta);
  return {
    buffers: {
      1: layout.value(x),
      2: layout.tangent(x),
      3: gain.bound,
      4: direction === undefined ? undefined : layout.tensor(weight, direction).bound,
    },
    conditions: { rms: norm === 'rms', ragged: width % 4 !== 0, parameters: direction !== undefined },
    constants: { WIDTH: inWords(width), EPSILON: epsilon, WEIGHT_SKIP: inWords(gain.skip) },
  };
}

/** ẏ = γu̇ + γ̇u + β̇. */
export function normTangent(operation: Norm, context: PassContext): GraphKernel[] {
  const { layout, direction } = context;
  const { buffers, conditions, constants } = sharedOf(operation, context);
  const bias =
    operation.bias === undefined || direction === undefined ? undefined : layout.tensor(operation.bias, direction);
  return [
    graphKernel(layout.sizes, {
      module: 'norm_tangent',
      buffers: {
        ...buffers,
        5: bias?.bound,
        6: statisticsOf(operation),
        [BINDING.batch]: 'batch',
        [BINDING.sink]: layout.tangent(operation.out),
      },
      conditions: { ...conditions, biased: bias !== undefined },
      constants: { ...constants, BIAS_SKIP: inWords(bias?.skip ?? 0) },
      threads: ({ tokens }) => tokens,
    }),
  ];
}

/** x̄′ alone. @param from whose buffers hold ȳ and ȳ′ */
export function normTurn(operation: Norm, from: string, sink: Sink, context: PassContext): GraphKernel[] {
  const { layout } = context;
  const { buffers, conditions, constants } = sharedOf(operation, context);
  const to = sinkOf(sink);
  return [
    graphKernel(layout.sizes, {
      module: 'norm_tangent_backward',
      buffers: { ...buffers, 5: layout.adjoint(from), 6: layout.second(from), ...to.buffers },
      conditions: { ...conditions, ...to.conditions },
      constants,
      threads: ({ tokens }) => tokens,
    }),
  ];
}

/** γ̄′ = Σ(ȳ′u + ȳu̇), added to `into`. */
export function gainTurn(operation: Norm, from: string, into: string, { layout }: PassContext): GraphKernel {
  const { x, weight } = operation;
  const width = layout.graph.widths[x];
  const gain = layout.tensor(weight, into);
  return graphKernel(layout.sizes, {
    module: 'norm_tangent_gradient',
    buffers: {
      1: layout.value(x),
      2: layout.tangent(x),
      3: layout.adjoint(from),
      4: layout.second(from),
      5: statisticsOf(operation),
      6: gain.bound,
      [BINDING.batch]: 'batch',
    },
    constants: { WIDTH: inWords(width), WEIGHT_SKIP: inWords(gain.skip) },
    threads: () => Math.ceil(width / 4),
  });
}
