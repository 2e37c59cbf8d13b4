/** Compiled kernels bound to the buffers of an allocation. */
import type { Allocation } from './allocation.ts';
import type { GpuContext } from './context.ts';
import type { Kernel } from './kernel.ts';
import type { LinkedShader, ShaderSpec } from './shaders.ts';

/** A stretch of a planned buffer, in bytes; `offset` a multiple of 256. */
export interface BufferRange {
  readonly buffer: string;
  readonly offset: number;
  readonly bytes: number;
}

/** A kernel, and by @binding number what it uses: names in the plan. A layout made by 'auto' holds these bindings and no others. */
export interface KernelBinding {
  readonly shader: ShaderSpec | LinkedShader;
  readonly buffers: Readonly<Record<number, string | BufferRange>>;
}

export class BoundKernel {
  readonly #kernel: Kernel;
  readonly #group: GPUBindGroup;

  constructor(kernel: Kernel, allocation: Allocation, buffers: KernelBinding['buffers']) {
    this.#kernel = kernel;
    this.#group = kernel.bindGroup(
      Object.fromEntries(Object.entries(buffers).map(([binding, range]) => [binding, boundBuffer(allocation, range)])),
    );
  }

  /** Encodes one dispatch of so many workgroups. */
  dispatch(pass: GPUComputePassEncoder, x: number, y = 1): void {
    pass.setPipeline(this.#kernel.pipeline);
    pass.setBindGroup(0, this.#group);
    pass.dispatchWorkgroups(x, y);
  }
}

/** Compiles a kernel and binds it. Throws `ShaderError`. */
export async function bindKernel(
  gpu: GpuContext,
  allocation: Allocation,
  { shader, buffers }: KernelBinding,
): Promise<BoundKernel> {
  const kernel = await ('wgsl' in shader ? gpu.compile(shader) : gpu.kernel(shader));
  return new BoundKernel(kernel, allocation, buffers);
}

/** The same for several, compiled side by side. */
export async function bindKernels<Name extends string>(
  gpu: GpuContext,
  allocation: Allocation,
  kernels: Readonly<Record<Name, KernelBinding>>,
): Promise<Record<Name, BoundKernel>> {
  const bound = await Promise.all(
    Object.entries<KernelBinding>(kernels).map(
      async ([name, kernel]) => [name, await bindKernel(gpu, allocation, kernel)] as const,
    ),
  );
  return Object.fromEntries(bound) as Record<Name, BoundKernel>;
}

/** So many workgroups as a grid: beyond the limit of one dimension it goes on in the second, and kernels count groups row by row. */
export function gridOf(groups: number, { limits }: GPUDevice): [x: number, y: number] {
  const width = Math.min(groups, limits.maxComputeWorkgroupsPerDimension);
  return [width, Math.ceil(groups / width)];
}

function boundBuffer(allocation: Allocation, range: string | BufferRange): GPUBufferBinding {
  if (typeof range === 'string') return { buffer: allocation.buffer(range) };
  return { buffer: allocation.buffer(range.buffer), offset: range.offset, size: range.bytes };
}
