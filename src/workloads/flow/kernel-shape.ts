/** The shape of the sampler's kernel, and its record. Apart from what chooses it (`shape.ts`), which no first visit should load. */
import type { NetPrecision } from '../../nn/mlp-kernel.ts';
import type { KernelShape } from '../workload.ts';

/** What the sampler is linked and dispatched by. The names of the first three are those under which runs have always recorded them. */
export interface FlowShape {
  /** Threads that share a sample: groups of neurons. */
  readonly threadsPerChain: number;
  /** Samples that share a workgroup. */
  readonly posteriorsPerWorkgroup: number;
  /** Steps a single dispatch may run. */
  readonly maxTransitionsPerDispatch: number;
  readonly precision: NetPrecision;
  /** Lanes of a subgroup load together, four by four. Absent: each for itself. */
  readonly quads?: boolean;
}

/** As the engine counts and records it. @param samples of an item */
export function asKernelShape(shape: FlowShape, samples: number): KernelShape {
  return { workgroupsPerItem: samples / shape.posteriorsPerWorkgroup, record: { ...shape } };
}

/** What `asKernelShape` recorded. */
export function asFlowShape({ record }: KernelShape): FlowShape {
  return record as unknown as FlowShape;
}
