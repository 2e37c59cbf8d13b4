/** From the table to the sizes of a run: the memory class's values, then what the user wrote over them. */

import type { BatchEntry } from './entry.ts';
import type { MemoryClass } from './memory-class.ts';
import { batchTable, type SizeKey } from './table.ts';

export type { SizeKey };

/** Every size of the table by its key. */
export type BatchSizes = Readonly<Record<SizeKey, number>>;
/** Sizes that differ from the memory class's. */
export type SizeOverrides = Readonly<Partial<Record<SizeKey, number>>>;

const entries: readonly BatchEntry[] = batchTable;

/** The entry of that key; undefined for a key that is not in the table. */
export function batchEntry(key: string): BatchEntry | undefined {
  return entries.find((entry) => entry.key === key);
}

/** The value of an entry on adapters of a class. */
export function presetSize(entry: BatchEntry, memoryClass: MemoryClass): number {
  return entry.presets?.[memoryClass] ?? entry.default;
}

export function sizesFor(memoryClass: MemoryClass, overrides: SizeOverrides = {}): BatchSizes {
  const sizes = Object.fromEntries(entries.map((entry) => [entry.key, presetSize(entry, memoryClass)]));
  return { ...sizes, ...overrides } as BatchSizes;
}

/** Every entry's default, for work that belongs to no run. */
export const defaultSizes = Object.fromEntries(entries.map((entry) => [entry.key, entry.default])) as BatchSizes;

/** What is wrong with a value for an entry, in words; undefined when it may be used. */
export function sizeObjection({ minimum, maximum, powerOfTwo, unit }: BatchEntry, value: unknown): string | undefined {
  const range = `from ${minimum.toLocaleString('en-US')} to ${maximum.toLocaleString('en-US')} ${unit}`;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < minimum || value > maximum)
    return `expected a whole number ${range}, got ${JSON.stringify(value) ?? String(value)}.`;
  if (powerOfTwo && !Number.isInteger(Math.log2(value))) return `expected a power of two ${range}, got ${value}.`;
  return undefined;
}
