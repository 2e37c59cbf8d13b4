/** Losses of rows in flight. */
import { BINDING, type GraphKernel, graphKernel, inWords } from './kernel.ts';
import type { Layout } from './layout.ts';
import { tailPart } from './tensors.ts';

/** Outputs of the head that a loss is computed from. */
export const outputsOf = ({ graph: { head } }: Layout): number =>
  head.kind === 'cross-entropy' ? head.vocabulary : head.outputs;

/** Leaves `losses` and, of a cross-entropy, `logSums`. */
export function lossKernels(layout: Layout): GraphKernel[] {
  const { graph } = layout;
  const outputs = outputsOf(layout);
  const squared = graph.head.kind === 'squared-error';
  const { conditions, constants } = tailPart(outputs);
  return [
    graphKernel(layout.sizes, {
      module: 'loss',
      buffers: {
        0: layout.value(graph.output),
        1: 'losses',
        2: squared ? 'targets' : 'logSums',
        [BINDING.batch]: 'batch',
      },
      conditions: { ...conditions, squared },
      constants: { ...constants, OUTPUTS: inWords(outputs), OUTPUTS4: inWords(layout.stride(graph.output) / 4) },
      threads: ({ tokens }) => tokens,
    }),
  ];
}
