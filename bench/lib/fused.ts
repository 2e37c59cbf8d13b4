/** The shipped kernels' gradient on a device, driven by a small entry of the benchmark's own (`gradient.wgsl`). */

import type { Allocation } from '../../src/gpu/allocation.ts';
import type { GpuContext } from '../../src/gpu/context.ts';
import type { Kernel } from '../../src/gpu/kernel.ts';
import type { BufferRole, PlannedBuffer } from '../../src/gpu/plan.ts';
import { readBuffer } from '../../src/gpu/readback.ts';
import { linkText } from '../../src/gpu/shaders.ts';
import { componentWords, fixedWords, settingsWords } from '../../src/workloads/shear/gpu/settings.ts';
import { kernelSpecs } from '../../src/workloads/shear/gpu/shaders.ts';
import type { ShearShape } from '../../src/workloads/shear/gpu/shape.ts';
import { chooseShape } from '../../src/workloads/shear/gpu/shape.ts';
import source from './gradient.wgsl?raw';
import type { GradientProblem } from './problem.ts';

/** Words of `State`, and where its last two are. */
const STATE_WORDS = 22;
const FIXED_WORD = 18;
const VISITED_WORD = 17;
const GRADIENT_WORD = 8;
/** Chains side by side in a workgroup: as in the sampler, 8 where a chain is a thread, 4 (one posterior's) where it is a group of them. */
const SIDE_BY_SIDE = { single: 8, group: 4 };

export interface FusedOptions {
  readonly threadsPerChain: number;
  /** Gradients evaluated side by side. */
  readonly count: number;
  /** Neighbours that share a stamp: 4 as in the sampler, or 1. */
  readonly chainsPerStamp: number;
}

export class FusedGradient {
  readonly compileMs: number;
  readonly #gpu: GpuContext;
  readonly #allocation: Allocation;
  readonly #kernel: Kernel;
  readonly #group: GPUBindGroup;
  readonly #options: FusedOptions;
  readonly #workgroups: number;
  readonly #lanePixels: number;
  /** Evaluations a dispatch may hold where the driver bounds loop iterations. */
  readonly #most: number;
  #steps = 0;

  private constructor(
    gpu: GpuContext,
    allocation: Allocation,
    kernel: Kernel,
    { spec }: GradientProblem,
    options: FusedOptions,
    compileMs: number,
  ) {
    this.#gpu = gpu;
    this.#allocation = allocation;
    this.#kernel = kernel;
    this.#options = options;
    this.compileMs = compileMs;
    const names = ['stamps', 'components', 'settings', 'control', 'states'];
    this.#group = kernel.bindGroup(Object.fromEntries(names.map((name, i) => [i, allocation.buffer(name)])));
    this.#workgroups = Math.ceil(options.count / sideBySide(options.threadsPerChain));
    this.#lanePixels = Math.ceil((spec.nx * spec.ny) / options.threadsPerChain);
    const bound = chooseShape(gpu.report, spec).maxTransitionsPerDispatch;
    this.#most = Math.max(1, bound);
  }

  /** Compiles, allocates and uploads the first `count` stamps (fewer where chains share them) and points. */
  static async open(gpu: GpuContext, problem: GradientProblem, options: FusedOptions): Promise<FusedGradient> {
    const { spec, stamps, q } = problem;
    const { count, threadsPerChain, chainsPerStamp } = options;
    const pixels = spec.nx * spec.ny;
    const stampCount = Math.ceil(count / chainsPerStamp);
    const components = componentWords(spec);
    const settings = settingsWords(spec);
    const begin = performance.now();
    const kernel = await gpu.compile(linkText('bench/gradient', source, linkOptions(problem, options)));
    const compileMs = performance.now() - begin;
    const allocation = await gpu.allocate({
      chunk: count,
      buffers: [
        buffer('stamps', stampCount * pixels * 4, 'storage'),
        buffer('components', components.byteLength, 'storage'),
        buffer('settings', settings.byteLength, 'uniform'),
        buffer('control', 16, 'uniform'),
        buffer('states', count * STATE_WORDS * 4, 'storage'),
        buffer('back', count * STATE_WORDS * 4, 'readback'),
      ],
    });
    const states = new Float32Array(count * STATE_WORDS);
    const points = q.length / spec.free;
    for (let i = 0; i < count; i++) {
      const at = (i % points) * spec.free;
      states.set(q.subarray(at, at + spec.free), i * STATE_WORDS);
      states.set(fixedWords(spec, spec), i * STATE_WORDS + FIXED_WORD);
    }
    const { queue } = gpu.device;
    queue.writeBuffer(allocation.buffer('stamps'), 0, stamps, 0, stampCount * pixels);
    queue.writeBuffer(allocation.buffer('components'), 0, components);
    queue.writeBuffer(allocation.buffer('settings'), 0, settings);
    queue.writeBuffer(allocation.buffer('states'), 0, states);
    await gpu.finished();
    return new FusedGradient(gpu, allocation, kernel, problem, { count, threadsPerChain, chainsPerStamp }, compileMs);
  }

  /** `steps` gradients of every point, one after the other; resolves when the device has done them. */
  async run(steps: number): Promise<void> {
    const { device } = this.#gpu;
    for (let left = steps; left > 0; left -= this.#most) {
      const now = Math.min(left, this.#most);
      device.queue.writeBuffer(
        this.#allocation.buffer('control'),
        0,
        new Uint32Array([this.#options.count, now, 0, 0]),
      );
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(this.#kernel.pipeline);
      pass.setBindGroup(0, this.#group);
      pass.dispatchWorkgroups(this.#workgroups);
      pass.end();
      device.queue.submit([encoder.finish()]);
    }
    this.#steps += steps;
    await this.#gpu.finished();
  }

  /** The last gradients in q, [count][4]. Throws where the device did not do all that was asked. */
  async gradients(): Promise<Float32Array> {
    const { device } = this.#gpu;
    const back = this.#allocation.buffer('back');
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(this.#allocation.buffer('states'), 0, back, 0, back.size);
    device.queue.submit([encoder.finish()]);
    const bytes = await readBuffer(device, back);
    const [floats, words] = [new Float32Array(bytes), new Uint32Array(bytes)];
    const { count } = this.#options;
    const result = new Float32Array(count * 4);
    for (let i = 0; i < count; i++) {
      const visited = words[i * STATE_WORDS + VISITED_WORD];
      const expected = (this.#steps * this.#lanePixels) % 2 ** 32;
      if (visited !== expected)
        throw new Error(`Evaluation ${i} visited ${visited} pixels of ${expected}: the driver cut loops short.`);
      result.set(floats.subarray(i * STATE_WORDS + GRADIENT_WORD, i * STATE_WORDS + GRADIENT_WORD + 4), i * 4);
    }
    return result;
  }

  close(): void {
    this.#allocation.destroy();
  }
}

function sideBySide(threadsPerChain: number): number {
  return threadsPerChain === 1 ? SIDE_BY_SIDE.single : SIDE_BY_SIDE.group;
}

function linkOptions({ spec }: GradientProblem, { threadsPerChain, chainsPerStamp }: FusedOptions) {
  const sampler = { ...spec.sampler, chains: chainsPerStamp };
  const shape: ShearShape = {
    threadsPerChain,
    posteriorsPerWorkgroup: sideBySide(threadsPerChain) / chainsPerStamp,
    maxTransitionsPerDispatch: 1,
  };
  return kernelSpecs({ ...spec, sampler }, shape).start;
}

function buffer(name: string, bytes: number, role: BufferRole): PlannedBuffer {
  return { name, bytes, role, bytesPerItem: 0, formula: 'benchmark' };
}
