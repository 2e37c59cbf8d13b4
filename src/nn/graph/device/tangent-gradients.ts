/** Derivatives of gradients by parameters along a direction, added to a vector row after row. */
import type { Linear } from '../graph.ts';
import type { AdjointStep } from './adjoints.ts';
import { alongLayout } from './along-layout.ts';
import type { PassContext } from './context.ts';
import { columnsKernel, tableGradient } from './gradient-kernels.ts';
import type { GraphKernel } from './kernel.ts';
import { weightTurn } from './tangent-linear.ts';
import { gainTurn } from './tangent-norm.ts';

/** @param into where they are added @param joint tables whose parts of embedding and unembedding are summed by row: they come with the embedding */
export function gradientTurnKernels(
  { operation, of }: AdjointStep,
  into: string,
  context: PassContext,
  joint: ReadonlySet<string>,
): GraphKernel[] {
  const { layout } = context;
  const second = layout.second(of);
  const along: PassContext = { ...context, layout: alongLayout(layout) };
  switch (operation.kind) {
    case 'embed':
    case 'positions':
      if (!joint.has(operation.table)) return tableGradient(operation, second, along);
      return [tiedTurn(operation.table, second, into, context)];
    case 'norm':
      return [
        gainTurn(operation, of, into, context),
        ...(operation.bias === undefined ? [] : [columnsKernel(operation.bias, second, along)]),
      ];
    case 'linear':
      return [
        ...(joint.has(operation.weight) ? [] : [weightTurn(operation, of, into, context)]),
        ...(operation.bias === undefined ? [] : [columnsKernel(operation.bias, second, along)]),
      ];
    default:
      return [];
  }
}

/** A table of embeddings that the unembedding reads, too. */
function tiedTurn(table: string, embedded: string, into: string, context: PassContext): GraphKernel {
  const linear = context.layout.graph.operations.find(
    (operation): operation is Linear => operation.kind === 'linear' && operation.weight === table,
  );
  if (!linear) throw new RangeError(`no product reads ${table}`);
  // The output's adjoint is a seed: nothing passes it on.
  return weightTurn(linear, linear.out, into, context, embedded);
}
