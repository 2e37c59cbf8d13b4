/** A device that computes wrongly: what it compiles is changed on the way. */
import type { GpuContext, GpuOptions } from '../../gpu/context.ts';
import { openTestContext } from '../../gpu/testing.ts';

/** Shaders reach the driver as `change` makes them. Closed by `closeTestContexts`. */
export async function openWrongContext(
  change: (wgsl: string) => string,
  options: GpuOptions = {},
): Promise<GpuContext> {
  const gpu = await openTestContext(options);
  const { device } = gpu;
  const compile = device.createShaderModule.bind(device);
  device.createShaderModule = (descriptor) => compile({ ...descriptor, code: change(descriptor.code) });
  return gpu;
}
