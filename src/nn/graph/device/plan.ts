/** Every buffer of a machine on a device, with exact bytes. */
import type { BufferPlan } from '../../../gpu/plan.ts';
import type { MachineOptions } from '../machine.ts';
import { Layout, STAGING } from './layout.ts';
import { momentBuffers } from './moments.ts';
import type { MachineSizes } from './sizes.ts';
import { statisticsBuffers } from './statistics.ts';
import { normTangentBuffers } from './tangent-norm.ts';
import { vectorBuffers } from './vectors.ts';

export function planMachine(options: MachineOptions, sizes: MachineSizes): BufferPlan {
  return planLayout(new Layout(options, sizes));
}

/** @throws RangeError for a graph that has no kernels */
export function planLayout(layout: Layout): BufferPlan {
  const buffers = [
    ...layout.buffers(),
    ...normTangentBuffers(layout),
    ...statisticsBuffers(layout),
    ...momentBuffers(layout),
    ...vectorBuffers(layout),
  ];
  const largest = buffers.reduce((most, { bytes }) => Math.max(most, bytes), 0);
  const bytes = Math.min(largest, 16 * Math.ceil(layout.sizes.stagingBytes / 16));
  return {
    chunk: layout.options.rows,
    buffers: [
      ...buffers,
      { name: STAGING, bytes, role: 'readback', bytesPerItem: 0, formula: 'what is read back at once, at most' },
    ],
  };
}
