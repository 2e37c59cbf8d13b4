/** The one owner of a GPU device: opens it, allocates, compiles, watches for its loss, closes it. Knows no experiment. */
import { type Allocation, allocate } from './allocation.ts';
import { type DeviceLostError, type GpuError, NoAdapterError, OutOfMemoryError, ValidationError } from './errors.ts';
import type { Kernel } from './kernel.ts';
import { Ledger } from './ledger.ts';
import { lossOf } from './loss.ts';
import type { BufferPlan } from './plan.ts';
import { findGpu } from './provider.ts';
import { waitForQueue } from './readback.ts';
import { type AdapterReport, makeReport } from './report.ts';
import type { LinkedShader, ShaderSpec } from './shaders.ts';

export interface GpuOptions {
  /** Where to ask; the runtime's own WebGPU unless given (Node: `findNodeGpu()`). */
  readonly gpu?: GPU;
  /** Features to do without although the adapter has them, to test the path without. */
  readonly disabledFeatures?: readonly GPUFeatureName[];
}

/** Used when present; every one has a path without it. */
const WANTED_FEATURES: readonly GPUFeatureName[] = ['shader-f16', 'subgroups', 'timestamp-query'];

/** Limits that compute kernels meet; asked for up to what the adapter has, else WebGPU's small defaults would apply. */
const WANTED_LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxUniformBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
] as const satisfies readonly (keyof GPUSupportedLimits)[];

const NO_WEBGPU_TODO =
  'Use a current Chrome, Edge, Firefox or Safari with hardware acceleration on, or a machine with a GPU. ' +
  'On the command line, install a Vulkan driver. Without one, the slow CPU reference still runs.';

let generations = 0;

export class GpuContext {
  readonly ledger = new Ledger();
  /** Counts devices of this process: results of an older generation are stale. */
  readonly generation = ++generations;
  /** Resolves when the device is gone, for whatever reason; `reason` is "destroyed" after `destroy()`. */
  readonly lost: Promise<DeviceLostError>;
  readonly #kernels = new Map<string, Promise<Kernel>>();
  readonly #faults: GpuError[] = [];
  /** Dawn's Node binding may crash when a device is destroyed twice. */
  #destroyed = false;
  #compiled = 0;

  private constructor(
    readonly device: GPUDevice,
    readonly report: AdapterReport,
  ) {
    this.lost = lossOf(device);
    device.addEventListener('uncapturederror', (event) => {
      const message = event.error.message;
      const memory = typeof GPUOutOfMemoryError !== 'undefined' && event.error instanceof GPUOutOfMemoryError;
      this.#faults.push(memory ? new OutOfMemoryError(this.ledger.current, message) : new ValidationError(message));
      event.preventDefault?.();
    });
  }

  /** Opens a device with all wanted features and limits of the adapter. Throws `NoAdapterError`. */
  static async open(options: GpuOptions = {}): Promise<GpuContext> {
    const gpu = options.gpu ?? (await findGpu());
    if (!gpu) throw new NoAdapterError('This browser or runtime has no WebGPU.', NO_WEBGPU_TODO);
    const { disabledFeatures = [] } = options;
    const adapter =
      (await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null)) ??
      (await gpu.requestAdapter().catch(() => null));
    if (!adapter) throw new NoAdapterError('WebGPU is there, but it found no usable GPU.', NO_WEBGPU_TODO);
    const requiredFeatures = WANTED_FEATURES.filter(
      (feature) => adapter.features.has(feature) && !disabledFeatures.includes(feature),
    );
    const requiredLimits = Object.fromEntries(
      WANTED_LIMITS.map((name) => [name, adapter.limits[name]]).filter(([, value]) => value !== undefined),
    );
    try {
      const device = await adapter.requestDevice({ label: 'lockstep', requiredFeatures, requiredLimits });
      return new GpuContext(device, makeReport(adapter, device));
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      throw new NoAdapterError(`The GPU adapter gave no device: ${detail}`, NO_WEBGPU_TODO);
    }
  }

  /** Takes every buffer of a plan, or none. Throws `LimitError`, `OutOfMemoryError`, `ValidationError`. */
  allocate(plan: BufferPlan): Promise<Allocation> {
    return allocate(this.device, this.report.limits, this.ledger, plan);
  }

  /** Takes a plan's buffers for what `make` builds on them, and gives them back where that fails. Throws as `allocate` and `make` do. */
  async allocateFor<T>(plan: BufferPlan, make: (allocation: Allocation) => Promise<T>): Promise<T> {
    const allocation = await this.allocate(plan);
    try {
      return await make(allocation);
    } catch (error) {
      allocation.destroy();
      throw error;
    }
  }

  /** Links and compiles a module of `shaders/`; the same linked text is compiled once. Throws `ShaderError`. */
  async kernel(spec: ShaderSpec): Promise<Kernel> {
    // The linker and the WGSL are most of what a page would load: they come with the first kernel.
    const { linkShader } = await import('./shaders.ts');
    return this.compile(linkShader(spec));
  }

  /** Compiles WGSL that is already linked. Throws `ShaderError`. */
  compile(shader: LinkedShader): Promise<Kernel> {
    const cached = this.#kernels.get(shader.wgsl);
    if (cached) return cached;
    this.#compiled++;
    const compiled = import('./kernel.ts').then(({ compileKernel }) => compileKernel(this.device, shader));
    this.#kernels.set(shader.wgsl, compiled);
    compiled.catch(() => this.#kernels.delete(shader.wgsl));
    return compiled;
  }

  /** Pipelines compiled so far: a sampler that is used again adds none. */
  get compiled(): number {
    return this.#compiled;
  }

  /** Resolves when all submitted work is done; throws what WebGPU objected to since the last call, or the loss. */
  async finished(): Promise<void> {
    await waitForQueue(this.device);
    this.throwFault();
  }

  /** Throws what WebGPU objected to since the last call, without waiting for work under way. */
  throwFault(): void {
    const fault = this.#faults.shift();
    this.#faults.length = 0;
    if (fault) throw fault;
  }

  /** Closes the device and frees all its memory. Safe to call twice. */
  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#kernels.clear();
    this.device.destroy();
  }
}
