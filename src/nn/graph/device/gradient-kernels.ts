/** Gradients of every operation by its parameters, added to `context.into` row after row. */
import type { Embed, Linear, Norm, Positions } from '../graph.ts';
import type { AdjointStep } from './adjoints.ts';
import type { PassContext } from './context.ts';
import type { Bound } from './flight.ts';
import { BINDING, type GraphKernel, graphKernel, inQuads, inWords, QUAD } from './kernel.ts';
import { normStatistics } from './norms.ts';
import { intoPart, matrixShape } from './tensors.ts';

const BATCH = { [BINDING.batch]: 'batch' };

/** @param joint tables whose parts of embedding and unembedding are summed by row: they come with the embedding */
export function gradientKernels(
  { operation, of }: AdjointStep,
  context: PassContext,
  joint: ReadonlySet<string>,
): GraphKernel[] {
  const from = context.layout.adjoint(of);
  switch (operation.kind) {
    case 'embed':
    case 'positions':
      return joint.has(operation.table)
        ? tiedGradient(operation.table, from, context)
        : tableGradient(operation, from, context);
    case 'norm':
      return normGradient(operation, from, context);
    case 'linear':
      return [
        ...(joint.has(operation.weight) ? [] : linearGradient(operation, from, context)),
        ...(operation.bias === undefined ? [] : [columnsKernel(operation.bias, from, context)]),
      ];
    default:
      return [];
  }
}

function intoOf(name: string, { layout, into, square = false }: PassContext) {
  if (into === undefined) throw new RangeError('no vector is given for gradients by parameters');
  return intoPart(layout, name, into, square);
}

/** u and v as they lie in a weight of rows of v's width: Σ uᵀ v. */
interface MatrixGradient {
  readonly weight: string;
  readonly u: Bound;
  readonly v: Bound;
  /** Adjoint of the table's rows that positions read. */
  readonly tied?: Bound;
}

export function matrixKernel({ weight, u, v, tied }: MatrixGradient, context: PassContext): GraphKernel {
  const { layout } = context;
  const { rows, width } = matrixShape(layout, weight);
  const { buffers, conditions, constants } = intoOf(weight, context);
  const { gradientInputs, gradientOutputs } = layout.sizes;
  const [u4, v4] = [Math.ceil(rows / 4), Math.ceil(width / 4)];
  const quads = inQuads(layout.sizes);
  const block = quads ? QUAD : Math.min(u4, Math.ceil(gradientInputs / 4));
  const across = Math.min(v4, Math.ceil(gradientOutputs / 4));
  return graphKernel(layout.sizes, {
    module: 'gradient_matrix',
    buffers: { ...buffers, ...BATCH, 0: u, 1: v, 2: tied },
    conditions: { ...conditions, tied: tied !== undefined, quads },
    constants: {
      ...constants,
      U4: inWords(u4),
      V4: inWords(v4),
      BLOCK_U4: inWords(block),
      BLOCK_V4: inWords(across),
    },
    unroll: { p: block, q: across },
    enable: quads ? ['subgroups'] : [],
    threads: () => Math.ceil(u4 / block) * (quads ? QUAD : 1) * Math.ceil(v4 / across / (quads ? QUAD : 1)),
  });
}

function linearGradient({ weight, layout: lies, x }: Linear, from: Bound, context: PassContext): GraphKernel[] {
  const value = context.layout.value(x);
  return [matrixKernel(lies === 'in-out' ? { weight, u: value, v: from } : { weight, u: from, v: value }, context)];
}

/** A table of embeddings that the unembedding reads, too. */
function tiedGradient(table: string, from: Bound, context: PassContext): GraphKernel[] {
  const { layout } = context;
  const linear = layout.graph.operations.find(
    (operation): operation is Linear => operation.kind === 'linear' && operation.weight === table,
  );
  if (!linear) throw new RangeError(`no product reads ${table}`);
  // The output's adjoint is a seed: nothing passes it on.
  const u = layout.adjoint(linear.out);
  return [matrixKernel({ weight: table, u, v: layout.value(linear.x), tied: from }, context)];
}

/** Of a bias, or with `normed` of a norm's weight. */
export function columnsKernel(name: string, from: Bound, context: PassContext, normed?: Norm): GraphKernel {
  const { layout } = context;
  const { buffers, conditions, constants } = intoOf(name, context);
  const v4 = Math.ceil(matrixShape(layout, name).width / 4);
  return graphKernel(layout.sizes, {
    module: 'gradient_columns',
    buffers: {
      ...buffers,
      ...BATCH,
      0: from,
      1: normed && layout.value(normed.x),
      2: normed && normStatistics(normed),
    },
    conditions: { ...conditions, normed: normed !== undefined },
    constants: { ...constants, V4: inWords(v4) },
    threads: () => v4,
  });
}

function normGradient(operation: Norm, from: Bound, context: PassContext): GraphKernel[] {
  const weight = columnsKernel(operation.weight, from, context, operation);
  return operation.bias === undefined ? [weight] : [weight, columnsKernel(operation.bias, from, context)];
}

export function tableGradient({ kind, table }: Embed | Positions, from: Bound, context: PassContext): GraphKernel[] {
  const { layout } = context;
  const { buffers, conditions, constants } = intoOf(table, context);
  const v4 = Math.ceil(matrixShape(layout, table).width / 4);
  const positions = kind === 'positions';
  return [
    graphKernel(layout.sizes, {
      module: 'gradient_table',
      buffers: { ...buffers, ...BATCH, 0: from },
      conditions: { ...conditions, positions },
      constants: { ...constants, V4: inWords(v4) },
      threads: ({ entries, longest }) => (positions ? longest : entries) * v4,
    }),
  ];
}
