/**
 * The way back along a direction (R-backward, Pearlmutter 1994): every operation's part of adjoints, x̄, and of their derivatives, x̄′; and the derivatives
 * of gradients by parameters.
 */
import type { Operation } from '../graph.ts';
import type { AdjointStep } from './adjoints.ts';
import { sinkOfPart } from './backward.ts';
import type { PassContext } from './context.ts';
import type { GraphKernel, Sink } from './kernel.ts';
import { operationBackward } from './operation-backward.ts';
import { attentionTurn } from './tangent-attention.ts';
import { linearTurn } from './tangent-linear.ts';
import { normTurn } from './tangent-norm.ts';
import { activationTurn, multiplyTurn } from './tangent-pointwise.ts';

type Sinks = Readonly<Record<string, Sink>>;

/** x̄ and x̄′ of what an operation reads. */
export function turnKernels(step: AdjointStep, context: PassContext): GraphKernel[] {
  const { layout } = context;
  const { operation, of, parts } = step;
  const sinks = (buffer: (value: string) => string): Sinks =>
    Object.fromEntries(Object.entries(parts).map(([value, part]) => [value, sinkOfPart(part, buffer)]));
  const plain = sinks((value) => layout.adjoint(value));
  const turned = sinks((value) => layout.second(value));
  if (operation.kind === 'linear')
    return linearTurn(operation, of, { primal: plain[operation.x], tangent: turned[operation.x] }, context);
  return [
    ...operationBackward(operation, layout.adjoint(of), plain, context),
    ...secondKernels(operation, of, turned, context),
  ];
}

/** x̄′ alone, behind the kernels of x̄. */
function secondKernels(operation: Operation, of: string, sinks: Sinks, context: PassContext): GraphKernel[] {
  const { layout } = context;
  switch (operation.kind) {
    case 'norm':
      return normTurn(operation, of, sinks[operation.x], context);
    case 'attention':
      return attentionTurn(operation, of, sinks, context);
    case 'activation':
      return [activationTurn(operation, of, sinks[operation.x], context)];
    case 'multiply':
      return multiplyTurn(operation, of, sinks, context);
    default:
      // Linear in what they read: derivatives of adjoints go back as adjoints do.
      return operationBackward(operation, layout.second(of), sinks, context);
  }
}
