/** What every operation adds to the adjoints of what it reads. */
import type { Operation } from '../graph.ts';
import { attentionBackward } from './attentions.ts';
import type { PassContext } from './context.ts';
import type { GraphKernel, Sink } from './kernel.ts';
import { normBackward } from './norms.ts';
import { activationBackward, multiplyBackward, passBackward } from './pointwise.ts';
import { linearBackward } from './products.ts';
import { rotaryBackward } from './rotary.ts';

/** @param from adjoint of what the operation computed @param sinks by value that it reads; those that are not there need nothing */
export function operationBackward(
  operation: Operation,
  from: string,
  sinks: Readonly<Record<string, Sink>>,
  context: PassContext,
): GraphKernel[] {
  switch (operation.kind) {
    case 'embed':
      return [];
    case 'positions':
    case 'add':
      return Object.entries(sinks).flatMap(([value, sink]) =>
        passBackward(context.layout.stride(value), from, sink, context),
      );
    case 'norm':
      return normBackward(operation, from, sinks[operation.x], context);
    case 'linear':
      return linearBackward(operation, from, sinks[operation.x], context, context.theta);
    case 'rotary':
      return rotaryBackward(operation, from, sinks[operation.x], context);
    case 'attention':
      return attentionBackward(operation, from, sinks, context);
    case 'activation':
      return activationBackward(operation, from, sinks[operation.x], context);
    case 'multiply':
      return multiplyBackward(operation, from, sinks, context);
  }
}
