/** Kernels of every operation. */
import type { Operation } from '../graph.ts';
import { attentionForward } from './attentions.ts';
import type { PassContext } from './context.ts';
import type { GraphKernel } from './kernel.ts';
import { normForward } from './norms.ts';
import { activationForward, pairForward } from './pointwise.ts';
import { linearForward } from './products.ts';
import { rotaryForward } from './rotary.ts';
import { tableForward } from './tables.ts';

export function forwardKernels(operation: Operation, context: PassContext): GraphKernel[] {
  switch (operation.kind) {
    case 'embed':
    case 'positions':
      return tableForward(operation, context);
    case 'norm':
      return normForward(operation, context);
    case 'linear':
      return linearForward(operation, context);
    case 'rotary':
      return rotaryForward(operation, context);
    case 'attention':
      return attentionForward(operation, context);
    case 'activation':
      return activationForward(operation, context);
    case 'multiply':
    case 'add':
      return pairForward(operation, context);
  }
}
