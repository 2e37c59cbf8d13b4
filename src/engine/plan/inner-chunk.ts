/**
 * How much of an item is worked on at once in a stage that says so (`StageSpec.chunkEntry`): what is halved where not even one item fits.
 * Sizes that could move a bit of a result are never touched.
 */
import { type BatchSizes, batchEntry, type SizeKey } from '../../batch/sizes.ts';
import type { StageSpec, Workload } from '../../workloads/workload.ts';

/** Plain data. */
export interface InnerChunk {
  /** Of the batch table. */
  readonly entry: SizeKey;
  readonly value: number;
  /** As configured: `value` unless memory has halved it. */
  readonly configured: number;
  /** What the stage would take with that; there where the plan is of less because it did not fit. */
  readonly configuredBytes?: number;
  readonly minimum: number;
  /** How many an item has of it, where the stage knows. */
  readonly rows?: number;
}

/** What a stage with these sizes works on at once. @param value in the place of the configured one */
export function innerChunk(
  { title }: Workload,
  stage: StageSpec | undefined,
  sizes: BatchSizes,
  value?: number,
): InnerChunk | undefined {
  if (!stage?.chunkEntry) return undefined;
  const { chunkEntry: entry, rows } = stage;
  const { kind, minimum } = batchEntry(entry)!;
  // A defect of the experiment: memory would change its results.
  if (kind !== 'chunk')
    throw new Error(`${title}: stage ${stage.name} would halve ${entry}, which is of the kind ${kind}.`);
  const configured = sizes[entry];
  return { entry, value: value ?? configured, configured, minimum, ...(rows !== undefined && { rows }) };
}

interface Planned {
  readonly inner?: InnerChunk;
  readonly totalBytes: number;
}

/**
 * A plan with so much less of an item at once that `enough` holds; by default that it takes fewer bytes: a halving that frees nothing is
 * not worth an attempt. Undefined where not even the minimum does that, or there is nothing to halve.
 */
export function lessMemory<P extends Planned>(
  from: P,
  planWith: (value: number) => P,
  enough: (plan: P) => boolean = ({ totalBytes }) => totalBytes < from.totalBytes,
): P | undefined {
  const { entry, value = 0, minimum = 0, rows = value } = from.inner ?? {};
  // More than there are rows takes no more memory; a power of two stays one.
  const most = entry && !batchEntry(entry)?.powerOfTwo ? Math.min(value, rows) : value;
  for (let next = most; next > minimum; ) {
    next = Math.max(minimum, Math.floor(next / 2));
    const plan = planWith(next);
    if (enough(plan)) return plan;
  }
  return undefined;
}

/** What of an item is really worked on at once: never more than there is. */
export function atOnce({ value, rows = value }: InnerChunk): number {
  return Math.min(value, rows);
}

/** Why nothing can be made smaller by itself, and what would help: one or two sentences. */
export function noRoomWords(
  { lighter }: Workload,
  inner: InnerChunk | undefined,
  stage: StageSpec | undefined,
): string {
  const least = inner
    ? `${inner.entry} cannot go below ${inner.minimum}; sizes that change a result are left as they are. `
    : '';
  return least + (stage?.lighter ?? `Choose ${lighter?.memory ?? 'a smaller problem'}.`);
}
