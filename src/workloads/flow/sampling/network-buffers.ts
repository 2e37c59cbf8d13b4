/** The network's weights on the device, as every kernel that runs it expects them. */
import type { Allocation } from '../../../gpu/allocation.ts';
import type { PlannedBuffer } from '../../../gpu/plan.ts';
import { toHalves } from '../../../nn/half.ts';
import { type MlpSpec, mlpLayout } from '../../../nn/mlp.ts';
import type { NetPrecision } from '../../../nn/mlp-kernel.ts';
import type { VelocityModel } from '../model.ts';

const WORD = 4;
/** Of a binding of vectors: a network of one hidden layer has no hidden matrix. */
const LEAST_BYTES = 16;

/** Bindings 0 and 1. */
export function networkBuffers(net: MlpSpec, precision: NetPrecision): PlannedBuffer[] {
  const { size, hidden } = mlpLayout(net);
  const bytes = precision === 'f32' ? WORD : WORD / 2;
  const fixed = { role: 'storage', bytesPerItem: 0 } as const;
  return [
    {
      ...fixed,
      name: 'hidden',
      bytes: Math.max(LEAST_BYTES, hidden * bytes),
      formula: `${hidden} weights × ${bytes} B`,
    },
    { ...fixed, name: 'small', bytes: (size - hidden) * WORD, formula: `${size - hidden} other weights × 4 B` },
  ];
}

export function uploadNetwork(
  { queue }: GPUDevice,
  allocation: Allocation,
  { net, weights }: VelocityModel,
  precision: NetPrecision,
): void {
  const { hidden } = mlpLayout(net);
  const matrices = weights.slice(0, hidden);
  if (hidden > 0)
    queue.writeBuffer(allocation.buffer('hidden'), 0, precision === 'f32' ? matrices : toHalves(matrices));
  queue.writeBuffer(allocation.buffer('small'), 0, weights.slice(hidden));
}
