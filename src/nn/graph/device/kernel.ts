/** How kernels of a graph are described: bound as others are, with workgroups that follow the rows in flight. */
import type { KernelBinding } from '../../../gpu/bound-kernel.ts';
import type { ShaderSpec } from '../../../gpu/shaders.ts';
import type { Bound, Flight } from './flight.ts';
import type { MachineSizes } from './sizes.ts';

export interface GraphKernel extends KernelBinding {
  /** Workgroups; beyond the limit of one dimension the grid goes on in the second, and kernels count groups row by row. */
  readonly groups: (flight: Flight) => number;
}

/** @binding numbers that mean the same in every kernel of `shaders/nn/graph/`. */
export const BINDING = {
  /** `batch.wgsl` */
  batch: 7,
  /** `sink.wgsl` */
  sink: 8,
  base: 9,
} as const;

/** Lanes that load together in the form `quads`. */
export const QUAD = 4;

/** Whether lanes load together: workgroups are whole subgroups of four lanes. */
export const inQuads = ({ form, threads }: Pick<MachineSizes, 'form' | 'threads'>): boolean =>
  form === 'quads' && threads % QUAD === 0;

export const inWords = (value: number) => `${value}u`;

export interface KernelSpec extends Omit<ShaderSpec, 'module'> {
  /** Under `shaders/nn/graph/`. */
  readonly module: string;
  /** By @binding number; `undefined` is left out. */
  readonly buffers: Readonly<Record<number, Bound | undefined>>;
  /** Threads that have something to do. */
  readonly threads: (flight: Flight) => number;
}

/** A kernel of one thread each of `threads`; its constant THREADS is the workgroup's size. */
export function graphKernel({ threads: size }: Pick<MachineSizes, 'threads'>, spec: KernelSpec): GraphKernel {
  const { module, buffers, threads, constants = {}, ...shader } = spec;
  return {
    shader: { ...shader, module: `nn/graph/${module}`, constants: { ...constants, THREADS: inWords(size) } },
    buffers: Object.fromEntries(
      Object.entries(buffers).flatMap(([binding, bound]) => (bound === undefined ? [] : [[Number(binding), bound]])),
    ),
    groups: (flight) => Math.ceil(threads(flight) / size),
  };
}

/** Where a part of an adjoint goes: over what was there, or added to `base`, which may be the same buffer. */
export interface Sink {
  /** Columns that the kernel leaves out are to be 0 first: attention alone. */
  readonly clear?: boolean;
  readonly into: Bound;
  readonly base?: Bound;
}

const same = (a: Bound, b: Bound) => JSON.stringify(a) === JSON.stringify(b);

/** Buffers and conditions of a kernel that writes through `sink.wgsl`. */
export function sinkOf({ into, base }: Sink): {
  readonly buffers: Readonly<Record<number, Bound>>;
  readonly conditions: Readonly<Record<string, boolean>>;
} {
  const accumulate = base !== undefined && same(into, base);
  const based = base !== undefined && !accumulate;
  const buffers: Record<number, Bound> = { [BINDING.sink]: into };
  if (base !== undefined && based) buffers[BINDING.base] = base;
  return { buffers, conditions: { accumulate, based } };
}
