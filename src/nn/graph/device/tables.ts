/** Embeddings by id, and by position. */
import type { Embed, Positions } from '../graph.ts';
import type { PassContext } from './context.ts';
import { BINDING, type GraphKernel, graphKernel, inWords } from './kernel.ts';
import { matrixPart } from './tensors.ts';

export function tableForward(operation: Embed | Positions, { layout, theta }: PassContext): GraphKernel[] {
  const { kind, table, out } = operation;
  const positions = kind === 'positions';
  const stride = layout.stride(out);
  const { buffers, conditions, constants } = matrixPart(layout, table, theta);
  return [
    graphKernel(
      { threads: layout.sizes.pointThreads },
      {
        module: 'table',
        buffers: {
          ...buffers,
          0: positions ? layout.value(operation.x) : undefined,
          [BINDING.batch]: 'batch',
          [BINDING.sink]: layout.value(out),
        },
        conditions: { ...conditions, positions },
        constants: { ...constants, WIDTH4: inWords(stride / 4) },
        threads: ({ tokens }) => (tokens * stride) / 4,
      },
    ),
  ];
}
