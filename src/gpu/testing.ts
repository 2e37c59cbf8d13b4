/**
 * For tests only: devices on Node, and one kernel run over plain arrays. There is no way to skip: a machine without a
 * driver fails with what to install.
 */

import { GpuContext, type GpuOptions } from './context.ts';
import { NoAdapterError } from './errors.ts';
import type { BufferPlan, PlannedBuffer } from './plan.ts';
import { findNodeGpu, type NodeBackend, releaseNodeGpu } from './provider-node.ts';
import { readBuffer } from './readback.ts';
import { type LinkedShader, linkShader, type ShaderSpec } from './shaders.ts';

const opened: GpuContext[] = [];

/** A device that really computes: the machine's GPU, or SwiftShader. Call `closeTestContexts` in `afterAll`. */
export function openTestContext(options: GpuOptions = {}): Promise<GpuContext> {
  return open('vulkan', options);
}

/** A device that compiles everything, f16 and subgroups too, and computes nothing (buffers keep zeros). */
export function openNullContext(options: GpuOptions = {}): Promise<GpuContext> {
  return open('null', options);
}

/** Destroys what was opened and lets Dawn go, so that the process can end. */
export function closeTestContexts(): void {
  for (const context of opened.splice(0)) context.destroy();
  releaseNodeGpu();
}

async function open(backend: NodeBackend, options: GpuOptions): Promise<GpuContext> {
  const gpu = await findNodeGpu({ backend });
  if (!gpu) {
    throw new NoAdapterError(
      'No Vulkan driver on this machine.',
      'Install Chromium, whose SwiftShader is used (Debian: apt-get install chromium libvulkan1), or set VK_DRIVER_FILES.',
    );
  }
  const context = await GpuContext.open({ gpu, ...options });
  opened.push(context);
  return context;
}

type TypedArray = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

export interface KernelRun {
  /** A module of `shaders/`, or text already linked (see `linkText`). */
  readonly shader: ShaderSpec | LinkedShader;
  /** Initial contents of @group(0) buffers by @binding number; written back with what the kernel left. */
  readonly storage: Readonly<Record<number, TypedArray>>;
  readonly uniforms?: Readonly<Record<number, TypedArray>>;
  readonly workgroups: number | readonly [number, number?, number?];
}

/** Runs one dispatch and returns every storage buffer afterwards, in the type it came in. */
export async function runKernel(context: GpuContext, run: KernelRun): Promise<Record<number, TypedArray>> {
  const { device } = context;
  const kernel = await context.compile('wgsl' in run.shader ? run.shader : linkShader(run.shader));
  const storage = Object.entries(run.storage);
  const uniforms = Object.entries(run.uniforms ?? {});
  const planned = (name: string, bytes: number, role: PlannedBuffer['role']): PlannedBuffer => ({
    name,
    bytes,
    role,
    bytesPerItem: 0,
    formula: 'test',
  });
  const plan: BufferPlan = {
    chunk: 1,
    buffers: [
      ...storage.flatMap(([binding, data]) => [
        planned(binding, data.byteLength, 'storage'),
        planned(`read.${binding}`, data.byteLength, 'readback'),
      ]),
      ...uniforms.map(([binding, data]) => planned(binding, data.byteLength, 'uniform')),
    ],
  };
  const allocation = await context.allocate(plan);
  try {
    for (const [binding, data] of [...storage, ...uniforms])
      device.queue.writeBuffer(allocation.buffer(binding), 0, data);
    const bound = [...storage, ...uniforms].map(([binding]) => [binding, allocation.buffer(binding)]);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(kernel.pipeline);
    pass.setBindGroup(0, kernel.bindGroup(Object.fromEntries(bound)));
    const [x, y, z] = typeof run.workgroups === 'number' ? [run.workgroups] : run.workgroups;
    pass.dispatchWorkgroups(x, y, z);
    pass.end();
    for (const [binding, data] of storage) {
      encoder.copyBufferToBuffer(
        allocation.buffer(binding),
        0,
        allocation.buffer(`read.${binding}`),
        0,
        data.byteLength,
      );
    }
    device.queue.submit([encoder.finish()]);
    await context.finished();
    const results: Record<number, TypedArray> = {};
    for (const [binding, data] of storage) {
      const bytes = await readBuffer(device, allocation.buffer(`read.${binding}`));
      const ArrayType = data.constructor as new (buffer: ArrayBuffer) => TypedArray;
      results[Number(binding)] = new ArrayType(bytes);
    }
    return results;
  } finally {
    allocation.destroy();
  }
}
