/** LayerNorm and RMSNorm. */
import type { Norm } from '../graph.ts';
import type { PassContext } from './context.ts';
import type { Bound } from './flight.ts';
import { BINDING, type GraphKernel, graphKernel, inWords, type Sink, sinkOf } from './kernel.ts';
import type { Layout } from './layout.ts';
import { biasPart, joined, matrixPart, tailPart } from './tensors.ts';

/** Mean and 1 / s of every position. */
export const normStatistics = ({ out }: Norm): string => `v:norm:${out}`;

function normKernel(layout: Layout, operation: Norm, theta: string, to: Sink, from?: Bound): GraphKernel {
  const { norm, epsilon, x, weight, bias } = operation;
  const backward = from !== undefined;
  const width = layout.graph.widths[x];
  const sink = sinkOf(to);
  const { buffers, conditions, constants } = joined(
    matrixPart(layout, weight, theta),
    backward ? {} : biasPart(layout, bias, theta),
    tailPart(width),
  );
  return graphKernel(layout.sizes, {
    module: 'norm',
    buffers: {
      ...buffers,
      ...sink.buffers,
      0: layout.value(x),
      3: normStatistics(operation),
      4: from,
      [BINDING.batch]: 'batch',
    },
    conditions: { ...conditions, ...sink.conditions, rms: norm === 'rms', backward },
    constants: {
      ...constants,
      WIDTH: inWords(width),
      WIDTH4: inWords(layout.stride(x) / 4),
      EPSILON: `f32(${epsilon})`,
    },
    threads: ({ tokens }) => tokens,
  });
}

export function normForward(operation: Norm, { layout, theta }: PassContext): GraphKernel[] {
  return [normKernel(layout, operation, theta, { into: layout.value(operation.out) })];
}

export function normBackward(operation: Norm, from: Bound, to: Sink, { layout, theta }: PassContext): GraphKernel[] {
  return [normKernel(layout, operation, theta, to, from)];
}
