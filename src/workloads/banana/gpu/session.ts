/** A chunk of bananas on the GPU: many transitions a dispatch, one thread a chain. */
import { type BatchSizes, defaultSizes } from '../../../batch/sizes.ts';
import type { Allocation } from '../../../gpu/allocation.ts';
import { type BoundKernel, bindKernel } from '../../../gpu/bound-kernel.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import { PacedSubmits } from '../../../gpu/paced-submits.ts';
import { Pacer } from '../../../gpu/pacer.ts';
import type { BufferPlan } from '../../../gpu/plan.ts';
import { fetchStaged, ReadbackRing } from '../../../gpu/readback.ts';
import type { ChainsLook } from '../../../results/posterior/chains-look.ts';
import type { PosteriorItem } from '../../../results/posterior/item.ts';
import { type ChunkProgress, type Peek, type Session, SessionStateError } from '../../workload.ts';
import type { BananaProblem } from '../problem.ts';
import { chunkProgress, peekOf } from '../progress.ts';
import { bananaItem } from '../result.ts';
import { bananaKernel, drawBytes, HOW_WORDS, POSITION_BYTES } from './plan.ts';

/** Compiles the kernel and takes the plan's memory. Throws the typed errors of `GpuContext`. */
export async function openBananaSession(
  gpu: GpuContext,
  problem: BananaProblem,
  plan: BufferPlan,
  sizes: BatchSizes = defaultSizes,
): Promise<BananaGpuSession> {
  return gpu.allocateFor(plan, async (allocation) => {
    return new BananaGpuSession(
      gpu,
      problem,
      allocation,
      await bindKernel(gpu, allocation, bananaKernel(sizes)),
      sizes,
    );
  });
}

export class BananaGpuSession implements Session<PosteriorItem> {
  readonly #gpu: GpuContext;
  readonly #problem: BananaProblem;
  readonly #allocation: Allocation;
  readonly #kernel: BoundKernel;
  readonly #sizes: BatchSizes;
  readonly #submits: PacedSubmits;
  readonly #pacer: Pacer;
  readonly #ring: ReadbackRing;
  #items: readonly number[] = [];
  /** Transitions submitted. */
  #transition = 0;
  #busyBefore = 0;
  #closed = false;

  constructor(gpu: GpuContext, problem: BananaProblem, allocation: Allocation, kernel: BoundKernel, sizes: BatchSizes) {
    this.#gpu = gpu;
    this.#problem = problem;
    this.#allocation = allocation;
    this.#kernel = kernel;
    this.#sizes = sizes;
    this.#submits = new PacedSubmits(gpu, allocation, sizes['gpu.submitsInFlight']);
    this.#pacer = new Pacer({ maxUnits: sizes['banana.transitionsPerDispatch'] });
    this.#ring = new ReadbackRing(gpu.device, allocation, 'peek');
  }

  async start(items: readonly number[]): Promise<void> {
    if (this.#closed) throw new SessionStateError('The session is closed.');
    const seeds = Uint32Array.from(items, (index) => this.#problem.items[index].seed);
    this.#gpu.device.queue.writeBuffer(this.#allocation.buffer('seeds'), 0, seeds);
    this.#submits.drop();
    this.#items = items;
    this.#transition = 0;
    this.#busyBefore = this.#submits.busyMs;
  }

  async advance(budgetMs: number, maxSteps = Number.POSITIVE_INFINITY): Promise<ChunkProgress> {
    const end = Math.min(this.#total, this.#transition + maxSteps);
    await this.#submits.advance(budgetMs, {
      more: () => this.#transition < end,
      next: () => this.#submit(this.#pacer.next(end - this.#transition)),
    });
    // One submit may still be under way: results are asked for when none is.
    const landed = this.#submits.flying > 0 ? Math.min(this.#transition, this.#total - 1) : this.#transition;
    const { busyMs, clock } = this.#submits;
    return chunkProgress(this.#problem.params, this.#items.length, landed, {
      busyMs: busyMs - this.#busyBefore,
      clock,
    });
  }

  async peek(item: number, chain: number): Promise<Peek<ChainsLook> | undefined> {
    const at = this.#items.indexOf(item);
    if (this.#closed || at < 0 || this.#transition === 0) return undefined;
    const { params } = this.#problem;
    const bytes = params.chains * POSITION_BYTES;
    const encoder = this.#gpu.device.createCommandEncoder();
    const source = { buffer: this.#allocation.buffer('states'), offset: at * bytes, bytes };
    const pending = this.#ring.copyAll(encoder, [source]);
    if (!pending) return undefined;
    const step = this.#transition;
    this.#gpu.device.queue.submit([encoder.finish()]);
    const found = new Float32Array(await pending.read());
    const positions = Array.from({ length: params.chains }, (_, c) => [found[2 * c], found[2 * c + 1]]);
    return peekOf(params, { item, chain, positions, step });
  }

  async collect(): Promise<PosteriorItem[]> {
    const { params, items } = this.#problem;
    const each = drawBytes(params);
    const source = { buffer: this.#allocation.buffer('draws'), offset: 0, bytes: this.#items.length * each };
    const found = await fetchStaged(this.#gpu.device, source, this.#allocation.buffer('staging'));
    this.#gpu.throwFault();
    return this.#items.map((index, at) =>
      bananaItem(items[index], params, new Float32Array(found, at * each, each / Float32Array.BYTES_PER_ELEMENT)),
    );
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#submits.destroy();
    this.#allocation.destroy();
  }

  get #total(): number {
    const { warmup, draws } = this.#problem.params;
    return warmup + draws;
  }

  #submit(count: number) {
    const { chains, warmup, draws, leapfrogs, stepSize, width, twist } = this.#problem.params;
    const how = new ArrayBuffer(HOW_WORDS * Uint32Array.BYTES_PER_ELEMENT);
    new Uint32Array(how).set([this.#items.length, chains, this.#transition, count, warmup, draws, leapfrogs]);
    new Float32Array(how).set([stepSize, width, twist], 8);
    this.#gpu.device.queue.writeBuffer(this.#allocation.buffer('how'), 0, how);
    this.#transition += count;
    const groups = Math.ceil((this.#items.length * chains) / this.#sizes['banana.threads']);
    return this.#submits.submit(this.#pacer, count, (pass) => this.#kernel.dispatch(pass, groups));
  }
}
