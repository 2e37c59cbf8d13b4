/** An entry of the batch table: a size, its bounds, what it means and what memory it takes. */
import type { MemoryClass } from './memory-class.ts';

/**
 * What a size may change.
 * - `chunk`: memory and speed only; the answer is equal to the bit.
 * - `tile`: speed, and the order in which a kernel sums; the last digits may move, so it is recorded with the result.
 * - `ring`: how much is under way at once; memory and speed only.
 * - `piece`: how much of a file lies in the CPU's memory at once; speed only.
 * - `statistical`: the estimator itself; never changed without being asked.
 */
export type SizeKind = 'chunk' | 'tile' | 'ring' | 'piece' | 'statistical';

export interface BatchEntry {
  readonly key: string;
  /** Part of the program it belongs to. */
  readonly group: string;
  readonly kind: SizeKind;
  /** What is counted: "items", "threads", "bytes" … */
  readonly unit: string;
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
  /** True where a kernel halves it in a tree. */
  readonly powerOfTwo?: boolean;
  /** Where its memory is. The bytes follow from the plan: what the whole takes less what it takes at the minimum. */
  readonly where: 'gpu' | 'cpu';
  /** Values by memory class, where they differ from the default. */
  readonly presets?: Readonly<Partial<Record<MemoryClass, number>>>;
  /** The kind of results that alone has to do with it. */
  readonly results?: string;
  /** Key of the entry whose items this one is measured inside of, e.g. the tile of a metric inside the metric's own batch. */
  readonly inside?: string;
}

/** An entry in words (`words.ts`). */
export interface SizeWords {
  readonly label: string;
  /** What it changes. */
  readonly changes: string;
  /** What memory it takes. */
  readonly memory: string;
}

export const KIB = 1024;
export const MIB = 1024 ** 2;
