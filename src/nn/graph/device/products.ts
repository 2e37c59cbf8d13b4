/** Matrix products over positions: forward, and back to what was multiplied. */
import type { Linear } from '../graph.ts';
import type { PassContext } from './context.ts';
import type { Bound } from './flight.ts';
import { BINDING, type GraphKernel, graphKernel, inQuads, inWords, type Sink, sinkOf } from './kernel.ts';
import type { Layout } from './layout.ts';
import { biasPart, joined, matrixPart, tailPart } from './tensors.ts';

const fours = (numbers: number) => Math.ceil(numbers / 4);

export interface ProductSpec {
  readonly x: Bound;
  /** Numbers of x, and of what comes out. */
  readonly inner: number;
  readonly outer: number;
  readonly weight: string;
  readonly bias?: string;
  /** The tensor has a row for every number of x. */
  readonly down: boolean;
  /** Vector that holds the weights, and the bias. */
  readonly vector: string;
  readonly to: Sink;
}

/** `product.wgsl` */
export function productKernel(layout: Layout, spec: ProductSpec): GraphKernel {
  const { x, inner, outer, weight, bias, down, vector, to } = spec;
  const { threads, productRows, productColumns } = layout.sizes;
  const outer4 = fours(outer);
  const block4 = Math.min(outer4, fours(productColumns));
  const columnBlocks = Math.ceil(outer4 / block4);
  const quads = inQuads(layout.sizes);
  const sink = sinkOf(to);
  const { buffers, conditions, constants } = joined(
    matrixPart(layout, weight, vector, down ? 4 * fours(inner) : undefined),
    biasPart(layout, bias, vector),
    tailPart(outer),
  );
  const kernel = graphKernel(layout.sizes, {
    module: 'product',
    buffers: { ...buffers, ...sink.buffers, 0: x, [BINDING.batch]: 'batch' },
    conditions: { ...conditions, ...sink.conditions, down, quads },
    constants: {
      ...constants,
      INNER4: inWords(fours(inner)),
      OUTER: inWords(outer),
      OUTER4: inWords(outer4),
      COLUMN_BLOCKS: inWords(columnBlocks),
      BLOCK_ROWS: inWords(productRows),
      BLOCK4: inWords(block4),
    },
    unroll: { r: productRows, c: block4, k: 4 },
    enable: quads ? ['subgroups'] : [],
    threads: () => 0,
  });
  return { ...kernel, groups: ({ tokens }) => Math.ceil(tokens / (threads * productRows)) * columnBlocks };
}

/** y = x W + b. @param vector in θ's place @param x, to in the places of values */
export function linearForward(operation: Linear, { layout, theta }: PassContext): GraphKernel[] {
  const { x, weight, bias, layout: lies, inputs, outputs, out } = operation;
  const to = { into: layout.value(out) };
  const down = lies === 'in-out';
  return [
    productKernel(layout, { x: layout.value(x), inner: inputs, outer: outputs, weight, bias, down, vector: theta, to }),
  ];
}

/** x̄ += ȳ Wᵀ. @param from ȳ @param vector that holds W */
export function linearBackward(
  { weight, layout: lies, inputs, outputs }: Linear,
  from: Bound,
  to: Sink,
  { layout }: PassContext,
  vector: string,
): GraphKernel[] {
  const down = lies === 'out-in';
  return [productKernel(layout, { x: from, inner: outputs, outer: inputs, weight, down, vector, to })];
}
