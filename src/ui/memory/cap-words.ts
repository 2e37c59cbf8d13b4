/** The caps of a plan in words. */
import { type ChunkCap, SEARCH_LIMIT } from '../../engine/plan/caps.ts';
import type { MemoryCaps } from '../../engine/plan/stage-plan.ts';
import { grouped, shortBytes } from '../format.ts';

export interface ItemName {
  readonly one: string;
  readonly many: string;
}

/** "21,341 realizations"; beyond the search "more than 16,777,216 realizations". */
export function largestInWords({ largestChunk }: ChunkCap, names: ItemName): string {
  if (largestChunk >= SEARCH_LIMIT) return `${grouped(SEARCH_LIMIT)} ${names.many} and more`;
  return `${grouped(largestChunk)} ${largestChunk === 1 ? names.one : names.many}`;
}

export function limitInWords({ unit, limit }: ChunkCap): string {
  return unit === 'bytes' ? shortBytes(limit) : `${grouped(limit)} ${unit}`;
}

/** What binds, and what would bind next: "… the memory budget: 21,341 realizations; the binding limit would allow 43,690 realizations." */
export function capsSentence(caps: MemoryCaps, names: ItemName): string | undefined {
  const [first, next] = [...caps.each].sort((a, b) => a.largestChunk - b.largestChunk);
  if (!first) return undefined;
  const binds = caps.each.find(({ name }) => name === caps.binding) ?? first;
  const second = next === binds ? first : next;
  return `What binds first is the ${binds.label}: ${largestInWords(binds, names)}; the ${second.label} would allow ${largestInWords(second, names)}.`;
}
