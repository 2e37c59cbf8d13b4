/** A chunk of tables on the GPU: many throws a dispatch, one thread a table. */
import { type BatchSizes, defaultSizes } from '../../../batch/sizes.ts';
import type { Allocation } from '../../../gpu/allocation.ts';
import { type BoundKernel, bindKernel } from '../../../gpu/bound-kernel.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import { PacedSubmits } from '../../../gpu/paced-submits.ts';
import { Pacer } from '../../../gpu/pacer.ts';
import type { BufferPlan } from '../../../gpu/plan.ts';
import { fetchStaged } from '../../../gpu/readback.ts';
import type { DatasetItem } from '../../../results/dataset/item.ts';
import { type ChunkProgress, type Session, SessionStateError } from '../../workload.ts';
import type { TallyProblem } from '../problem.ts';
import { chunkProgress } from '../progress.ts';
import { tallyItem } from '../result.ts';
import { TABLE_BYTES, tallyKernel } from './plan.ts';

/** Compiles the kernel and takes the plan's memory. Throws the typed errors of `GpuContext`. */
export async function openTallySession(
  gpu: GpuContext,
  problem: TallyProblem,
  plan: BufferPlan,
  sizes: BatchSizes = defaultSizes,
): Promise<TallyGpuSession> {
  return gpu.allocateFor(plan, async (allocation) => {
    return new TallyGpuSession(gpu, problem, allocation, await bindKernel(gpu, allocation, tallyKernel(sizes)), sizes);
  });
}

export class TallyGpuSession implements Session<DatasetItem> {
  readonly #gpu: GpuContext;
  readonly #problem: TallyProblem;
  readonly #allocation: Allocation;
  readonly #kernel: BoundKernel;
  readonly #sizes: BatchSizes;
  readonly #submits: PacedSubmits;
  readonly #pacer: Pacer;
  #items: readonly number[] = [];
  /** Throws submitted. */
  #thrown = 0;
  #busyBefore = 0;
  #closed = false;

  constructor(gpu: GpuContext, problem: TallyProblem, allocation: Allocation, kernel: BoundKernel, sizes: BatchSizes) {
    this.#gpu = gpu;
    this.#problem = problem;
    this.#allocation = allocation;
    this.#kernel = kernel;
    this.#sizes = sizes;
    this.#submits = new PacedSubmits(gpu, allocation, sizes['gpu.submitsInFlight']);
    this.#pacer = new Pacer({ maxUnits: sizes['tally.throwsPerDispatch'] });
  }

  async start(items: readonly number[]): Promise<void> {
    if (this.#closed) throw new SessionStateError('The session is closed.');
    const seeds = Uint32Array.from(items, (index) => this.#problem.items[index].seed);
    this.#gpu.device.queue.writeBuffer(this.#allocation.buffer('seeds'), 0, seeds);
    this.#submits.drop();
    this.#items = items;
    this.#thrown = 0;
    this.#busyBefore = this.#submits.busyMs;
  }

  async advance(budgetMs: number, maxSteps = Number.POSITIVE_INFINITY): Promise<ChunkProgress> {
    const { params } = this.#problem;
    const end = Math.min(params.throws, this.#thrown + maxSteps);
    await this.#submits.advance(budgetMs, {
      more: () => this.#thrown < end,
      next: () => this.#submit(this.#pacer.next(end - this.#thrown)),
    });
    // One submit may still be under way: results are asked for when none is.
    const landed = this.#submits.flying > 0 ? Math.min(this.#thrown, params.throws - 1) : this.#thrown;
    const { busyMs, clock } = this.#submits;
    return chunkProgress(params, this.#items.length, landed, { busyMs: busyMs - this.#busyBefore, clock });
  }

  /** Counts have nothing to show before they are done. */
  async peek(): Promise<undefined> {
    return undefined;
  }

  async collect(): Promise<DatasetItem[]> {
    const bytes = this.#items.length * TABLE_BYTES;
    const source = { buffer: this.#allocation.buffer('counts'), offset: 0, bytes };
    const found = await fetchStaged(this.#gpu.device, source, this.#allocation.buffer('staging'));
    this.#gpu.throwFault();
    return this.#items.map((index, at) =>
      tallyItem(
        this.#problem.items[index],
        this.#problem.params.throws,
        new Int32Array(found.slice(at * TABLE_BYTES, (at + 1) * TABLE_BYTES)),
      ),
    );
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#submits.destroy();
    this.#allocation.destroy();
  }

  #submit(count: number) {
    const how = Uint32Array.of(this.#items.length, this.#thrown, count, 0);
    this.#gpu.device.queue.writeBuffer(this.#allocation.buffer('how'), 0, how);
    this.#thrown += count;
    const groups = Math.ceil(this.#items.length / this.#sizes['tally.threads']);
    return this.#submits.submit(this.#pacer, count, (pass) => this.#kernel.dispatch(pass, groups));
  }
}
