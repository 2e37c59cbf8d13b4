/** Draws all cells of a problem, chunk after chunk, and times it. */
import type { BatchSizes } from '../../../batch/sizes.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import type { BufferPlan } from '../../../gpu/plan.ts';
import type { ParamValues } from '../../params.ts';
import type { KernelShape, Precision } from '../../workload.ts';
import { openCellsSession } from '../gpu/open.ts';
import type { CellsProblem } from '../problem.ts';
import { cellsCpuPath } from '../reference.ts';
import type { TableHooks } from './hooks.ts';

/** What of a run's plan drawing takes. */
export interface DrawPlan {
  readonly chunk: number;
  readonly sizes: BatchSizes;
  readonly shape: KernelShape;
  readonly buffers: BufferPlan;
}

/** Where cells are drawn. */
export interface DrawPlace {
  /** The adapter's name, or what computes without one. */
  readonly on: string;
  /** The device, once it may be used in this precision; null where there is none. */
  gpu(precision: Precision): Promise<GpuContext | null>;
  /** As a run of these parameters is planned there. Throws `ConfigError` where it does not fit. */
  plan(params: ParamValues, precision: Precision): DrawPlan;
}

export interface Drawn {
  /** [cells][genes] */
  readonly tokens: Uint8Array<ArrayBuffer>;
  /** Without compiling and opening. */
  readonly seconds: number;
}

/** Between two looks at whether to stop, ms. */
const BUDGET_MS = 100;

/** @throws the typed errors of `GpuContext`, and the reason of a signal that aborts */
export async function drawCells(
  gpu: GpuContext | null,
  problem: CellsProblem,
  { chunk, sizes, shape, buffers }: DrawPlan,
  { signal, progress }: Pick<TableHooks, 'signal'> & { progress(share: number): void },
): Promise<Drawn> {
  const session = gpu
    ? await openCellsSession(gpu, problem, buffers, shape, sizes)
    : await (await cellsCpuPath()).open(problem, chunk, sizes);
  try {
    const all = problem.items.map(({ index }) => index);
    const genes = problem.model.genes.length;
    const tokens = new Uint8Array(all.length * genes);
    // Some drivers compile with the first dispatch: a whole step goes before what is timed.
    if (gpu) {
      await session.start(all.slice(0, chunk));
      await session.advance(Number.POSITIVE_INFINITY, 1);
    }
    let ms = 0;
    for (let first = 0; first < all.length; first += chunk) {
      const begin = performance.now();
      await session.start(all.slice(first, first + chunk));
      for (;;) {
        const { phase, steps, stepsTotal } = await session.advance(BUDGET_MS);
        if (phase === 'done') break;
        signal.throwIfAborted();
        progress((first + (chunk * steps) / stepsTotal) / all.length);
      }
      const items = await session.collect();
      ms += performance.now() - begin;
      items.forEach((item, i) => {
        tokens.set(item.tokens, (first + i) * genes);
      });
      signal.throwIfAborted();
    }
    return { tokens, seconds: ms / 1000 };
  } finally {
    session.close();
  }
}
