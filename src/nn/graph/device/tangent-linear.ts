/** Kernels of linear operations along a direction: products forwards and backwards, and the derivative of a weight's gradient. */
import type { Linear } from '../graph.ts';
import type { PassContext } from './context.ts';
import type { Bound } from './flight.ts';
import { BINDING, type GraphKernel, graphKernel, inWords, type Sink, sinkOf } from './kernel.ts';
import { biasPart, intoPart, joined, matrixPart, matrixShape, tailPart } from './tensors.ts';

interface Product {
  readonly operation: Linear;
  readonly backwards: boolean;
  /** x and x′; x alone is left out where nothing reads it. */
  readonly x: Bound;
  readonly dx: Bound;
  /** ḃ is added. */
  readonly biased: boolean;
  /** Where x W goes, unless it is not asked for. */
  readonly primal?: Sink;
  readonly tangent: Sink;
}

const fours = (numbers: number) => Math.ceil(numbers / 4);

function productKernel({ layout, theta, direction }: PassContext, product: Product): GraphKernel {
  const { operation, backwards, x, dx, biased, primal, tangent } = product;
  const { inputs, outputs, weight, bias } = operation;
  const [inner, outer] = backwards ? [outputs, inputs] : [inputs, outputs];
  const down = (operation.layout === 'in-out') !== backwards;
  const { form, threads, productRows, productColumns } = layout.sizes;
  const outer4 = fours(outer);
  const block4 = Math.min(outer4, Math.max(1, productColumns / 4));
  const columnBlocks = Math.ceil(outer4 / block4);
  const quads = form === 'quads' && threads % 4 === 0;
  const to = sinkOf(tangent);
  const { buffers, conditions, constants } = joined(
    matrixPart(layout, weight, theta, down ? 4 * fours(inner) : undefined),
    biasPart(layout, biased ? bias : undefined, direction ?? theta),
    tailPart(outer),
  );
  const kernel = graphKernel(layout.sizes, {
    module: 'dual_product',
    buffers: {
      ...buffers,
      ...to.buffers,
      0: direction !== undefined || primal ? x : undefined,
      3: dx,
      4: direction === undefined ? undefined : layout.tensor(weight, direction).bound,
      5: primal?.into,
      10: to.conditions.based ? primal?.base : undefined,
    },
    conditions: {
      ...conditions,
      ...to.conditions,
      quads,
      down,
      parameters: direction !== undefined,
      primal: primal !== undefined,
    },
    constants: {
      ...constants,
      INNER4: inWords(fours(inner)),
      OUTER: inWords(outer),
      OUTER4: inWords(outer4),
      COLUMN_BLOCKS: inWords(columnBlocks),
      BLOCK_ROWS: inWords(productRows),
      BLOCK4: inWords(block4),
    },
    unroll: { r: productRows, c: block4 },
    enable: quads ? ['subgroups'] : [],
    threads: () => 0,
  });
  return { ...kernel, groups: ({ tokens }) => Math.ceil(tokens / (threads * productRows)) * columnBlocks };
}

/** ẏ = ẋW + xẆ + ḃ. */
export function linearTangent(operation: Linear, context: PassContext): GraphKernel[] {
  const { layout, direction } = context;
  const { x, out } = operation;
  return [
    productKernel(context, {
      operation,
      backwards: false,
      x: layout.value(x),
      dx: layout.tangent(x),
      biased: direction !== undefined,
      tangent: { into: layout.tangent(out) },
    }),
  ];
}

/** x̄ = ȳWᵀ and x̄′ = ȳ′Wᵀ + ȳẆᵀ at once: the weight is read once for both. @param from whose buffers hold ȳ and ȳ′ */
export function linearTurn(
  operation: Linear,
  from: string,
  sinks: { readonly primal: Sink; readonly tangent: Sink },
  context: PassContext,
): GraphKernel[] {
  const { layout } = context;
  return [
    productKernel(context, {
      operation,
      backwards: true,
      x: layout.adjoint(from),
      dx: layout.second(from),
      biased: false,
      ...sinks,
    }),
  ];
}

/**
 * W̄′ = ẋᵀȳ + xᵀȳ′, added to a vector.
 * @param from whose buffers hold ȳ and ȳ′ @param embedded of a table that embeds, too: derivative of the embeddings' adjoint
 */
export function weightTurn(
  operation: Linear,
  from: string,
  into: string,
  { layout }: PassContext,
  embedded?: Bound,
): GraphKernel {
  const { weight } = operation;
  const { rows, width } = matrixShape(layout, weight);
  const x = [layout.value(operation.x), layout.tangent(operation.x)] as const;
  const y = [layout.adjoint(from), layout.second(from)] as const;
  const [[u, du], [v, dv]] = operation.layout === 'in-out' ? [x, y] : [y, x];
  const { buffers, conditions, constants } = intoPart(layout, weight, into, false);
  const { gradientInputs, gradientOutputs } = layout.sizes;
  const [u4, v4] = [fours(rows), fours(width)];
  const [block, across] = [Math.min(u4, gradientInputs / 4), Math.min(v4, gradientOutputs / 4)];
  return graphKernel(layout.sizes, {
    module: 'dual_gradient',
    buffers: { ...buffers, 0: u, 1: v, 2: embedded, 4: du, 5: dv, [BINDING.batch]: 'batch' },
    conditions: { ...conditions, tied: embedded !== undefined },
    constants: {
      ...constants,
      U4: inWords(u4),
      V4: inWords(v4),
      BLOCK_U4: inWords(block),
      BLOCK_V4: inWords(across),
    },
    unroll: { p: block, q: across },
    threads: () => Math.ceil(u4 / block) * Math.ceil(v4 / across),
  });
}
