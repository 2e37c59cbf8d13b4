/** Machines on the device of a test, beside the same in f64. */
import type { GpuContext } from '../../src/gpu/context.ts';
import { openDeviceMachine } from '../../src/nn/graph/device/machine.ts';
import type { MachineSizes } from '../../src/nn/graph/device/sizes.ts';
import { type Graph, numbersOf } from '../../src/nn/graph/graph.ts';
import type { Machine, MachineOptions } from '../../src/nn/graph/machine.ts';
import { twinMachines } from '../../src/nn/graph/twin/machine.ts';
import { tensorForm } from '../../src/nn/tensor/shape.ts';

/** Blocks that several are needed of, and that do not fill: tests are to meet every edge. */
export const testSizes = (gpu: GpuContext): MachineSizes => ({
  form: tensorForm(gpu.report),
  threads: 4,
  pointThreads: 8,
  productRows: 2,
  productColumns: 8,
  gradientInputs: 8,
  gradientOutputs: 8,
  headFours: 8,
  sharedThreads: 4,
  lensRun: 16,
  dotRun: 64,
  combineTerms: 2,
  stagingBytes: 1024,
  submitsInFlight: 2,
});

export interface BothMachines {
  readonly device: Machine;
  readonly twin: Machine;
}

export async function openBoth(
  gpu: GpuContext,
  options: MachineOptions,
  theta: ArrayLike<number>,
  sizes: Partial<MachineSizes> = {},
): Promise<BothMachines> {
  return {
    device: await openDeviceMachine(gpu, options, theta, { ...testSizes(gpu), ...sizes }),
    twin: await twinMachines.open(options, theta),
  };
}

/** Largest difference over the norm of what is expected. */
export function apart(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) throw new RangeError(`${actual.length} numbers for ${expected.length}`);
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i] - expected[i]) ** 2;
    norm += expected[i] ** 2;
  }
  return difference === 0 ? 0 : Math.sqrt(difference / norm);
}

/** The tensor of a vector that is farthest from what is expected, and how far, over its norm. */
export function worstTensor(
  { parameters }: Graph,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
): { readonly name: string; readonly apart: number } {
  const all = parameters.map(({ name, at, shape }) => {
    const cut = (vector: ArrayLike<number>) => Array.from({ length: numbersOf(shape) }, (_, i) => vector[at + i]);
    return { name, apart: apart(cut(actual), cut(expected)) };
  });
  // A number that is none is the worst of all.
  return all.reduce((worst, one) => (one.apart <= worst.apart ? worst : one));
}
