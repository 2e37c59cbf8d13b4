/** Every GPU buffer of a training, with exact bytes. */
import { clockBuffers } from '../../../gpu/clock.ts';
import type { BufferPlan, PlannedBuffer } from '../../../gpu/plan.ts';
import { mlpLayout } from '../../../nn/mlp.ts';
import type { TrainingSetup } from './setup.ts';

const WORD = 4;
export const STATE_BYTES = 16;
export const HYPER_BYTES = 48;

/** Rows of the trace: inputs, three of every hidden unit, padded outputs. */
export function traceRows({ net }: TrainingSetup): number {
  return net.inputs + 3 * net.depth * net.width + mlpLayout(net).paddedOutputs;
}

export function planTraining(setup: TrainingSetup): BufferPlan {
  const { net, task, table, batch, precision } = setup;
  const { normParts, lossHistory, submitsInFlight } = setup.sizes;
  const { size, hidden } = mlpLayout(net);
  const rows = traceRows(setup);
  const half = precision === 'f32' ? 4 : 2;
  const fixed = (name: string, bytes: number, role: PlannedBuffer['role'], formula: string, bytesPerItem = 0) => ({
    name,
    bytes,
    role,
    bytesPerItem,
    formula,
  });
  return {
    chunk: batch,
    buffers: [
      fixed(
        'hidden',
        Math.max(4 * WORD, 2 * hidden * half),
        'storage',
        `2 × ${hidden} weights of hidden layers × ${half} B (and transposed)`,
      ),
      fixed('small', (size - hidden) * WORD, 'storage', `${size - hidden} other weights × 4 B`),
      fixed('optimiser', 4 * size * WORD, 'storage', `4 × ${size} × 4 B (weights, two moments, average)`),
      fixed('gradient', size * WORD, 'storage', `${size} × 4 B`),
      fixed('parts', normParts * WORD, 'storage', `${normParts} × 4 B`),
      fixed('trace', rows * batch * WORD, 'storage', `batch × ${rows} values × 4 B`, rows * WORD),
      fixed('losses', (batch / 4) * WORD, 'storage', 'batch / 4 × 4 B', 1),
      fixed('scaling', (task.thetaDimension + task.xDimension) * 8, 'storage', 'parameters and data × 8 B'),
      ...(table ? [fixed('table', table.byteLength, 'storage', `${table.length} numbers of the simulator × 4 B`)] : []),
      fixed('state', STATE_BYTES, 'storage', '4 words × 4 B'),
      fixed('hyper', HYPER_BYTES, 'storage', '12 words × 4 B'),
      fixed('history', lossHistory * WORD, 'storage', `${lossHistory} steps × 4 B`),
      fixed('keys', 16, 'uniform', '4 words × 4 B'),
      fixed(
        'staging',
        Math.max(4 * size * WORD, lossHistory * WORD),
        'readback',
        `4 × ${size} × 4 B (weights on their way to the CPU)`,
      ),
      ...clockBuffers(submitsInFlight),
    ],
  };
}
