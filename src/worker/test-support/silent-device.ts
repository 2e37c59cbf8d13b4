/** A device that goes away while it is waited for, and then answers nothing any more: the worst that implementations do. */
import type { GpuContext } from '../../gpu/context.ts';
import { openTestContext } from '../../gpu/testing.ts';

/** What a program waits for on a device. */
export const WAITS = [
  'getCompilationInfo',
  'popErrorScope',
  'createComputePipelineAsync',
  'onSubmittedWorkDone',
  'mapAsync',
] as const;
export type Wait = (typeof WAITS)[number];

export interface SilentDevice {
  readonly gpu: GpuContext;
  /** From now on, the next such wait destroys the device. */
  arm(wait: Wait): void;
}

export async function openSilentDevice(): Promise<SilentDevice> {
  const gpu = await openTestContext();
  const { device } = gpu;
  const { queue } = device;
  let armed: Wait | undefined;
  let silent = false;
  const listen = <T extends object, K extends keyof T & Wait>(object: T, wait: K) => {
    const natively = object[wait] as (...given: unknown[]) => Promise<unknown>;
    const replaced = async (...given: unknown[]) => {
      if (armed === wait) {
        silent = true;
        device.destroy();
      }
      if (silent) return new Promise(() => undefined);
      const value = await natively.apply(object, given);
      return silent ? new Promise(() => undefined) : value;
    };
    Object.defineProperty(object, wait, { value: replaced });
  };
  listen(device, 'popErrorScope');
  listen(device, 'createComputePipelineAsync');
  listen(queue, 'onSubmittedWorkDone');
  // Some bindings make the queue's object anew for whoever asks.
  Object.defineProperty(device, 'queue', { value: queue });
  const createModule = device.createShaderModule.bind(device);
  device.createShaderModule = (descriptor) => {
    const module = createModule(descriptor);
    listen(module, 'getCompilationInfo');
    return module;
  };
  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = createBuffer(descriptor);
    listen(buffer, 'mapAsync');
    return buffer;
  };
  return {
    gpu,
    arm: (wait) => {
      armed = wait;
    },
  };
}
