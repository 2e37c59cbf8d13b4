/** How the command line finds a GPU: Dawn on Node, the runtime's own WebGPU on Deno. */
import { GpuContext } from '../gpu/context.ts';
import { currentRuntime } from '../gpu/report.ts';

/** "auto": the platform's own; "vulkan": ask Dawn for Vulkan; "cpu": none. */
export type Backend = 'auto' | 'vulkan' | 'cpu';
/** One that opens a device. */
export type GpuBackend = Exclude<Backend, 'cpu'>;
export const BACKENDS: readonly Backend[] = ['auto', 'vulkan', 'cpu'];

/** An open device and how to let go of it, so that the process can end. */
export interface OpenGpu {
  readonly gpu: GpuContext;
  release(): void;
}

/** Opens the device. Throws `NoAdapterError` where there is none. */
export async function openGpu(backend: GpuBackend): Promise<OpenGpu> {
  if (currentRuntime() !== 'node') {
    const gpu = await GpuContext.open();
    return { gpu, release: () => gpu.destroy() };
  }
  const { findNodeGpu, releaseNodeGpu } = await import('../gpu/provider-node.ts');
  try {
    const gpu = await GpuContext.open({ gpu: await findNodeGpu(backend === 'vulkan' ? { backend } : {}) });
    return {
      gpu,
      release: () => {
        gpu.destroy();
        releaseNodeGpu();
      },
    };
  } catch (error) {
    releaseNodeGpu();
    throw error;
  }
}
