import { posteriorResults } from '../../results/posterior/kind.ts';
import { NO_SHAPE } from '../../workloads/workload.ts';

/**
 * A small experiment that really computes on the device, for the engine's tests of what may happen to one: every chain walks from word to
 * word of Threefry, one dispatch a step, and keeps all but the first of them. A device that is lost costs the kernels of whatever comes in
 * its place, and this one is compiled in a fiftieth of the time of those of shear. A chunk that was not begun anew goes on from other words.
 */

import type { Allocation } from '../../gpu/allocation.ts';
import type { GpuContext } from '../../gpu/context.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import type { BufferPlan } from '../../gpu/plan.ts';
import { readBuffer } from '../../gpu/readback.ts';
import { linkText } from '../../gpu/shaders.ts';
import type { PosteriorItem } from '../../results/posterior/item.ts';
import type { ChunkProgress, Problem, Session, Workload } from '../../workloads/workload.ts';

interface WalksProblem extends Problem {
  readonly chains: number;
  readonly warmup: number;
  readonly draws: number;
  /** How often the items were sampled before: each time from other words. */
  readonly attempt: number;
}

const WORD = 4;
/** Seed, word, steps so far, chain of the item: a vec4u. */
const STATE_WORDS = 4;

const source = ({ warmup, draws }: WalksProblem) => `import package::lib::rng::threefry2x32;
@group(0) @binding(0) var<storage, read_write> state: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> draws: array<u32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= arrayLength(&state)) { return; }
  let at = state[id.x];
  let word = threefry2x32(at.xw, at.yz).x;
  if (at.z >= ${warmup}u) { draws[id.x * ${draws}u + at.z - ${warmup}u] = word; }
  state[id.x] = vec4u(at.x, word, at.z + 1u, at.w);
}`;

class WalksSession implements Session {
  #items: readonly number[] = [];
  #steps = 0;

  constructor(
    readonly gpu: GpuContext,
    readonly problem: WalksProblem,
    readonly allocation: Allocation,
    readonly kernel: Kernel,
  ) {}

  async start(items: readonly number[]): Promise<void> {
    const { chains, attempt } = this.problem;
    this.#items = items;
    this.#steps = 0;
    const states = items.flatMap((item) =>
      Array.from({ length: chains }, (_, chain) => [this.problem.items[item].seed, attempt, 0, chain]),
    );
    this.gpu.device.queue.writeBuffer(this.allocation.buffer('state'), 0, Uint32Array.from(states.flat()));
    await this.gpu.finished();
  }

  async advance(budgetMs: number, maxTransitions = Number.POSITIVE_INFINITY): Promise<ChunkProgress> {
    const { device } = this.gpu;
    const { chains, warmup, draws } = this.problem;
    const until = performance.now() + budgetMs;
    for (let n = 0; n < maxTransitions && this.#steps < warmup + draws && (n === 0 || performance.now() < until); n++) {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(this.kernel.pipeline);
      pass.setBindGroup(
        0,
        this.kernel.bindGroup({ 0: this.allocation.buffer('state'), 1: this.allocation.buffer('draws') }),
      );
      pass.dispatchWorkgroups(Math.ceil((this.#items.length * chains) / 64));
      pass.end();
      device.queue.submit([encoder.finish()]);
      await this.gpu.finished();
      this.#steps++;
    }
    return {
      phase: this.#steps === warmup + draws ? 'done' : this.#steps < warmup ? 'warmup' : 'sample',
      steps: this.#steps,
      stepsTotal: warmup + draws,
      work: this.#steps * this.#items.length * chains,
      busyMs: 0,
      clock: 'wall',
    };
  }

  async peek(): Promise<undefined> {}

  async collect(): Promise<PosteriorItem[]> {
    const { device } = this.gpu;
    const staging = this.allocation.buffer('staging');
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(this.allocation.buffer('draws'), 0, staging, 0, staging.size);
    device.queue.submit([encoder.finish()]);
    await this.gpu.finished();
    const words = new Uint32Array(await readBuffer(device, staging));
    const size = this.problem.chains * this.problem.draws;
    return this.#items.map((item, i) => this.#result(item, words.subarray(i * size, (i + 1) * size)));
  }

  close(): void {
    this.allocation.destroy();
  }

  #result(item: number, words: Uint32Array): PosteriorItem {
    const { chains, warmup, draws, items } = this.problem;
    const values = Float64Array.from(words, (word) => word / 2 ** 32);
    const zeros = new Float64Array(words.length);
    return {
      info: items[item],
      chains,
      draws,
      parameters: [{ name: 'a', values }],
      stats: [
        ...['lp', 'energy', 'acceptance_rate', 'step_size'].map((name) => ({ name, values: zeros })),
        { name: 'n_steps', values: new Int32Array(words.length) },
        { name: 'diverging', values: new Uint8Array(words.length) },
      ],
      fit: { mean: [0.5], sd: [1], chi2: 0, dataCount: 1 },
      gradients: chains * (warmup + draws),
    };
  }
}

const number = (params: Readonly<Record<string, unknown>>, key: string) => params[key] as number;
const count = (key: string, preset: number) =>
  ({ key, kind: 'integer', label: key, help: '', group: 'Walks', default: preset, min: 1, max: 1000 }) as const;

function buffersOf(chunk: number, chains: number, draws: number): BufferPlan {
  const buffer = (name: string, role: 'storage' | 'readback', bytesPerItem: number) => ({
    name,
    role,
    bytesPerItem,
    bytes: chunk * bytesPerItem,
    formula: `chunk × ${bytesPerItem} B`,
  });
  const drawn = chains * draws * WORD;
  return {
    chunk,
    buffers: [
      buffer('state', 'storage', chains * STATE_WORDS * WORD),
      buffer('draws', 'storage', drawn),
      buffer('staging', 'readback', drawn),
    ],
  };
}

export const walksWorkload: Workload<WalksProblem> = {
  id: 'walks',
  title: 'Walks',
  blurb: 'From word to word.',
  itemName: { one: 'walk', many: 'walks' },
  workName: 'gradients',
  precisions: ['f32'],
  params: [
    count('walks', 6),
    count('chains', 2),
    count('warmup', 2),
    count('draws', 8),
    { key: 'rescue', kind: 'boolean', label: 'rescue', help: '', group: 'Walks', default: false },
  ],
  presets: [{ id: 'plain', label: 'Plain', help: '', params: {} }],
  files: [],
  chunkEntry: 'shear.chunk',
  // Never enough draws: who asks for rescues gets both.
  rescue: {
    params: (params, rescue) =>
      params.rescue === true ? { ...params, draws: number(params, 'draws') * 2 ** rescue } : undefined,
  },
  configure: (params, _inputs, { attempt = 0 } = {}) => {
    const [items, chains, warmup, draws] = ['walks', 'chains', 'warmup', 'draws'].map((key) => number(params, key));
    return {
      count: items,
      work: {
        flopPerUnit: 1,
        bytesPerUnit: STATE_WORDS * WORD,
        unitsPerItem: chains * (warmup + draws),
      },
      shape: () => NO_SHAPE,
      resultBytes: 0,
      plan: (chunk) => buffersOf(chunk, chains, draws),
      prepare: (seed) => ({
        attempt,
        items: Array.from({ length: items }, (_, index) => ({
          index,
          runId: `walk_${index}_s${seed + index}`,
          seed: seed + index,
          truth: { a: 0.5 },
        })),
        parameters: [{ name: 'a', unit: '', help: '' }],
        notes: [],
        warnings: [],
        chains,
        warmup,
        draws,
      }),
    };
  },
  results: posteriorResults(),
  open: async (gpu, problem, plan) => {
    return gpu.allocateFor(plan, async (allocation) => {
      return new WalksSession(gpu, problem, allocation, await gpu.compile(linkText('walks', source(problem))));
    });
  },
  reference: () => Promise.reject(new Error('Walks need a device.')),
  shaders: async () => ({}),
};
