/** Writes to every page of an allocation: software adapters and shared memory give out more than there is until it is used. */
import type { Allocation } from '../../gpu/allocation.ts';
import type { GpuContext } from '../../gpu/context.ts';
import type { BufferPlan } from '../../gpu/plan.ts';

const WORD_BYTES = 4;
/** Smallest page that operating systems hand out. */
const PAGE_BYTES = 4096;

/**
 * Resolves when every page of every storage, uniform and readback buffer has been written. Storage buffers are filled by a kernel, the
 * others by copies of the largest of them. Query and upload buffers, a few bytes each, cannot be written by the device and are left.
 * Throws what `GpuContext.finished` throws.
 */
export async function touchPages(gpu: GpuContext, plan: BufferPlan, allocation: Allocation): Promise<void> {
  const { limits } = gpu.device;
  const threads = Math.min(limits.maxComputeInvocationsPerWorkgroup, limits.maxComputeWorkgroupSizeX);
  const kernel = await gpu.kernel({
    module: 'lib/touch',
    constants: { PAGE_WORDS: PAGE_BYTES / WORD_BYTES, TOUCH_THREADS: threads },
  });
  const encoder = gpu.device.createCommandEncoder();
  const storage = plan.buffers.filter(({ role }) => role === 'storage').toSorted((a, b) => b.bytes - a.bytes);
  const pass = encoder.beginComputePass();
  pass.setPipeline(kernel.pipeline);
  for (const { name, bytes } of storage) {
    const groups = Math.ceil(Math.ceil(bytes / PAGE_BYTES) / threads);
    const width = Math.min(groups, limits.maxComputeWorkgroupsPerDimension);
    pass.setBindGroup(0, kernel.bindGroup({ 0: allocation.buffer(name) }));
    pass.dispatchWorkgroups(width, Math.ceil(groups / width));
  }
  pass.end();
  const source = storage.at(0);
  for (const { name, bytes, role } of plan.buffers) {
    if (!source || (role !== 'readback' && role !== 'uniform')) continue;
    for (let at = 0; at < bytes; at += source.bytes) {
      const size = Math.min(source.bytes, bytes - at);
      encoder.copyBufferToBuffer(allocation.buffer(source.name), 0, allocation.buffer(name), at, size);
    }
  }
  gpu.device.queue.submit([encoder.finish()]);
  await gpu.finished();
}
