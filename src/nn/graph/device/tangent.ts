/** What every operation does along a direction (R-forward, Pearlmutter 1994): ẏ of ẋ and θ̇. */
import type { Operation } from '../graph.ts';
import { alongLayout } from './along-layout.ts';
import type { PassContext } from './context.ts';
import { forwardKernels } from './forward.ts';
import type { GraphKernel } from './kernel.ts';
import { passBackward } from './pointwise.ts';
import { attentionTangent } from './tangent-attention.ts';
import { linearTangent } from './tangent-linear.ts';
import { normTangent } from './tangent-norm.ts';
import { activationTangent, multiplyTangent } from './tangent-pointwise.ts';

export function tangentKernels(operation: Operation, context: PassContext): GraphKernel[] {
  const { layout, theta, direction } = context;
  switch (operation.kind) {
    case 'norm':
      return normTangent(operation, context);
    case 'linear':
      return linearTangent(operation, context);
    case 'attention':
      return attentionTangent(operation, context);
    case 'activation':
      return [activationTangent(operation, context)];
    case 'multiply':
      return [multiplyTangent(operation, context)];
    case 'embed':
    case 'positions':
      if (direction === undefined) return withoutTable(operation, context);
      return forwardKernels(operation, { layout: alongLayout(layout), theta: direction });
    case 'rotary':
    case 'add':
      // Linear, and no parameters.
      return forwardKernels(operation, { layout: alongLayout(layout), theta });
  }
}

/** Of a table that does not move. What an embedding leaves is given, or 0. */
function withoutTable(operation: Extract<Operation, { kind: 'embed' | 'positions' }>, context: PassContext) {
  if (operation.kind === 'embed') return [];
  const { layout } = context;
  const { x, out } = operation;
  return passBackward(layout.stride(out), layout.tangent(x), { into: layout.tangent(out) }, context);
}
