/**
 * A small experiment for the engine's own tests: HMC on independent standard normals around a known mean, exact gradient,
 * f64, on the CPU. Its `reference` walks like any other (fit, warm-up, sampling); items listed in `broken` (-1: none) make their chunk throw.
 */

import type { ItemInfo } from '../../results/item.ts';
import type { ChainsLook } from '../../results/posterior/chains-look.ts';
import type { PosteriorItem } from '../../results/posterior/item.ts';
import { posteriorResults } from '../../results/posterior/kind.ts';
import { dataRole, truthRole } from '../../workloads/data-roles.ts';
import type { ParamValues } from '../../workloads/params.ts';
import {
  type ChunkProgress,
  ConfigError,
  NO_SHAPE,
  type Peek,
  type Problem,
  type Session,
  type Workload,
} from '../../workloads/workload.ts';

export interface GaussianProblem extends Problem {
  readonly chains: number;
  readonly draws: number;
  readonly warmup: number;
  readonly broken: readonly number[];
  /** How often the items were sampled before. */
  readonly attempt: number;
}

/** Uniform in (0, 1), addressed by its arguments (a 32-bit mix after Murmur3's finalizer). */
function uniform(...words: number[]): number {
  let h = 0x9e3779b9;
  for (const word of words) {
    h = Math.imul(h ^ word, 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    h ^= h >>> 16;
  }
  return ((h >>> 8) + 0.5) * 2 ** -24;
}

function normal(...words: number[]): number {
  return Math.sqrt(-2 * Math.log(uniform(1, ...words))) * Math.cos(2 * Math.PI * uniform(2, ...words));
}

const STEP_SIZE = 1.2;
const DIMENSIONS = 2;

/** One chain's state and draws. */
interface Chain {
  readonly z: Float64Array;
  readonly draws: Float64Array[];
  readonly acceptance: number[];
  readonly energy: number[];
}

class GaussianSession implements Session {
  #items: readonly number[] = [];
  #chains: Chain[][] = [];
  #transition = 0;
  #open = true;

  constructor(
    readonly problem: GaussianProblem,
    readonly counters: { open: number; advances: number },
  ) {
    counters.open++;
  }

  async start(items: readonly number[]): Promise<void> {
    this.#items = items;
    this.#transition = 0;
    this.#chains = items.map((item) =>
      Array.from({ length: this.problem.chains }, (_, c) => ({
        z: Float64Array.from({ length: DIMENSIONS }, (_, d) => 1.5 * normal(this.#seed(item), c, 0, d, 7)),
        draws: [],
        acceptance: [],
        energy: [],
      })),
    );
  }

  async advance(budgetMs: number, maxTransitions = Number.POSITIVE_INFINITY): Promise<ChunkProgress> {
    this.counters.advances++;
    const until = performance.now() + Math.min(budgetMs, 5);
    const { warmup, draws } = this.problem;
    for (let n = 0; n < maxTransitions && this.#transition < warmup + draws && performance.now() < until; n++) {
      const broken = this.#items.find((item) => this.problem.broken.includes(item));
      if (broken !== undefined && this.#transition === 3) throw new Error(`item ${broken} has no gradient`);
      this.#items.forEach((item, i) => {
        for (const [c, chain] of this.#chains[i].entries()) this.#transit(chain, this.#seed(item), c);
      });
      this.#transition++;
    }
    const sampling = this.#transition >= warmup;
    return {
      phase: this.#transition === warmup + draws ? 'done' : sampling ? 'sample' : 'warmup',
      steps: this.#transition,
      stepsTotal: warmup + draws,
      work: this.#transition * this.#items.length * this.problem.chains,
      busyMs: 0,
      clock: 'wall',
    };
  }

  async peek(item: number, chain: number): Promise<Peek<ChainsLook> | undefined> {
    const i = this.#items.indexOf(item);
    return {
      item,
      step: this.#transition,
      own: {
        chain,
        positions: this.#chains[i].map(({ z }) => [...z]),
        warmup: this.#transition < this.problem.warmup,
        acceptance: 1,
        stepSize: STEP_SIZE,
      },
    };
  }

  async collect(): Promise<PosteriorItem[]> {
    return this.#items.map((item, i) => this.#collectItem(this.problem.items[item], this.#chains[i]));
  }

  close(): void {
    if (this.#open) this.counters.open--;
    this.#open = false;
  }

  #seed(item: number): number {
    return this.problem.items[item].seed + 7919 * this.problem.attempt;
  }

  /** One leapfrog step and an accept or reject on −log p = ½ |z|². */
  #transit(chain: Chain, seed: number, c: number): void {
    const t = this.#transition + 1;
    const p = Float64Array.from(chain.z, (_, d) => normal(seed, c, t, d));
    const before = 0.5 * (dot(p, p) + dot(chain.z, chain.z));
    const half = p.map((v, d) => v - 0.5 * STEP_SIZE * chain.z[d]);
    const moved = chain.z.map((v, d) => v + STEP_SIZE * half[d]);
    const end = half.map((v, d) => v - 0.5 * STEP_SIZE * moved[d]);
    const accept = Math.min(1, Math.exp(before - 0.5 * (dot(end, end) + dot(moved, moved))));
    if (uniform(seed, c, t, 99) < accept) chain.z.set(moved);
    if (this.#transition < this.problem.warmup) return;
    chain.draws.push(chain.z.slice());
    chain.acceptance.push(accept);
    chain.energy.push(before);
  }

  #collectItem(info: ItemInfo, chains: readonly Chain[]): PosteriorItem {
    const column = (name: string, pick: (chain: Chain) => readonly number[]) => ({
      name,
      values: Float64Array.from(chains.flatMap((chain) => [...pick(chain)])),
    });
    const size = this.problem.chains * this.problem.draws;
    return {
      info,
      chains: this.problem.chains,
      draws: this.problem.draws,
      parameters: ['a', 'b'].map((name, d) => column(name, (chain) => chain.draws.map((z) => info.truth[name] + z[d]))),
      stats: [
        column('lp', (chain) => chain.draws.map((z) => -0.5 * dot(z, z))),
        column('energy', (chain) => chain.energy),
        column('acceptance_rate', (chain) => chain.acceptance),
        { name: 'step_size', values: new Float64Array(size).fill(STEP_SIZE) },
        { name: 'n_steps', values: new Int32Array(size).fill(1) },
        { name: 'diverging', values: new Uint8Array(size) },
      ],
      fit: { mean: [info.truth.a, info.truth.b], sd: [1, 1], chi2: 0, dataCount: 2 },
      gradients: (this.problem.warmup + this.problem.draws) * this.problem.chains,
    };
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

const count = (params: ParamValues) => (params.means as readonly number[]).length * (params.repeats as number);

function prepare(params: ParamValues, seed: number, attempt: number): GaussianProblem {
  if (params.profile === 'flat' && params.paired === true) {
    throw new ConfigError('params.paired', 'flat profiles have no pairs; choose one of the two.');
  }
  const means = params.means as readonly number[];
  const repeats = params.repeats as number;
  const items = Array.from({ length: count(params) }, (_, index) => ({
    index,
    runId: `m${means[Math.floor(index / repeats)]}_s${seed + index}`,
    seed: seed + index,
    truth: { a: means[Math.floor(index / repeats)], b: 0 },
  }));
  return {
    attempt,
    items,
    parameters: ['a', 'b'].map((name) => ({ name, unit: '', help: '' })),
    notes: [],
    warnings: params.repeats === 3 ? ['Three repeats are few.'] : [],
    chains: params.chains as number,
    draws: params.draws as number,
    warmup: params.warmup as number,
    broken: params.broken as readonly number[],
  };
}

/** The workload and its counters: sessions open now, calls of `advance`. */
export function gaussianWorkload(): Workload<GaussianProblem> & { counters: { open: number; advances: number } } {
  const counters = { open: 0, advances: 0 };
  return {
    counters,
    id: 'gaussian',
    title: 'Gaussian',
    blurb: 'Standard normals around known means.',
    itemName: { one: 'galaxy', many: 'galaxies' },
    workName: 'gradients',
    precisions: ['f32'],
    params: [
      { key: 'means', kind: 'numberList', label: 'Means', help: '', group: 'Problem', default: [0, 1], maxLength: 64 },
      {
        key: 'repeats',
        kind: 'integer',
        multiplies: 'items',
        label: 'Repeats',
        help: '',
        group: 'Problem',
        default: 2,
        min: 1,
        max: 1000,
      },
      {
        key: 'noiseSigma',
        kind: 'number',
        label: 'Noise',
        help: '',
        group: 'Problem',
        default: 1,
        min: 0,
        exclusiveMin: true,
      },
      {
        key: 'profile',
        kind: 'choice',
        label: 'Profile',
        help: '',
        group: 'Problem',
        default: 'round',
        choices: [
          { value: 'round', label: 'Round' },
          { value: 'flat', label: 'Flat' },
        ],
      },
      { key: 'paired', kind: 'boolean', label: 'Paired', help: '', group: 'Problem', default: false },
      { key: 'chains', kind: 'integer', label: 'Chains', help: '', group: 'Sampler', default: 4, min: 1, max: 16 },
      { key: 'draws', kind: 'integer', label: 'Draws', help: '', group: 'Sampler', default: 40, min: 4, max: 4000 },
      { key: 'warmup', kind: 'integer', label: 'Warm-up', help: '', group: 'Sampler', default: 10, min: 0, max: 4000 },
      { key: 'rescue', kind: 'boolean', label: 'Rescue', help: '', group: 'Sampler', default: false },
      { key: 'broken', kind: 'numberList', label: 'Broken', help: '', group: 'Sampler', default: [-1], maxLength: 64 },
    ],
    presets: [
      { id: 'plain', label: 'Plain', help: '', params: {} },
      { id: 'wide', label: 'Wide', help: '', params: { means: [-1, 0, 1], noiseSigma: 2 } },
    ],
    files: [
      dataRole('images', { label: 'Images', accept: ['.npy'], flagHelp: 'images', help: 'Images.', drop: 'images' }),
      truthRole({ header: 'mu_1,mu_2', item: 'image' }, { help: 'True values.' }),
    ],
    rescue: {
      params: (params, rescue) =>
        params.rescue === true ? { ...params, draws: (params.draws as number) * 4 ** rescue } : undefined,
    },
    configure: (params, _inputs, { attempt = 0 } = {}) => {
      const [chains, warmup, draws] = [params.chains, params.warmup, params.draws] as number[];
      return {
        count: count(params),
        work: { flopPerUnit: 4, bytesPerUnit: 16, unitsPerItem: chains * (warmup + draws) },
        shape: () => NO_SHAPE,
        resultBytes: 0,
        plan: (chunk) => ({
          chunk,
          buffers: [
            {
              name: 'draws',
              bytes: chunk * 1024 ** 2,
              role: 'storage',
              bytesPerItem: 1024 ** 2,
              formula: 'chunk × 1 MiB',
            },
            { name: 'constants', bytes: 64, role: 'uniform', bytesPerItem: 0, formula: '16 × 4 B' },
          ],
        }),
        prepare: (seed) => prepare(params, seed, attempt),
      };
    },
    chunkEntry: 'shear.chunk',
    results: posteriorResults(),
    open: async (_gpu, problem) => new GaussianSession(problem, counters),
    reference: async (problem) => new GaussianSession(problem, counters),
    shaders: async () => ({}),
  };
}
