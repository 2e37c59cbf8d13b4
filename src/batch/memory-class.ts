/**
 * How much memory an adapter probably has, in classes. WebGPU has no memory query (gpuweb issue 5505), so a class is a guess from what the
 * adapter says of itself, shown as such and open to correction; exact bytes and the tuner decide what is really taken.
 */

export const MEMORY_CLASSES = ['80GB', '40GB', '24GB', '16GB', '8GB', 'integrated', 'software', 'cpu'] as const;
export type MemoryClass = (typeof MEMORY_CLASSES)[number];

export const MEMORY_CLASS_LABELS: Readonly<Record<MemoryClass, string>> = {
  '80GB': '80 GB and more',
  '40GB': '40 GB',
  '24GB': '24 GB',
  '16GB': '16 GB',
  '8GB': '8 GB or unknown',
  integrated: 'Integrated, shared with the CPU',
  software: 'Software: the CPU plays the GPU',
  cpu: 'No GPU: the CPU alone',
};

/** What of an adapter the guess is made from. */
export interface AdapterFacts {
  readonly software: boolean;
  /** As WebGPU gives it, e.g. "nvidia", "apple". */
  readonly vendor: string;
  readonly limits: Readonly<Record<string, number>>;
}

const GIB = 1024 ** 3;

/** Makers whose WebGPU adapters share memory with the CPU. Intel's discrete cards are rare enough to be chosen by hand. */
const INTEGRATED = /^(apple|arm|imgtec|intel|qualcomm|samsung|0x8086)$/i;

/**
 * Native drivers report buffer limits near the memory they have; browsers cap them at 2–4 GiB, which says only "a GPU" and is taken for the
 * smallest discrete class.
 */
const BY_BUFFER: readonly (readonly [atLeast: number, memoryClass: MemoryClass])[] = [
  [64 * GIB, '80GB'],
  [32 * GIB, '40GB'],
  [20 * GIB, '24GB'],
  [12 * GIB, '16GB'],
  [GIB, '8GB'],
];

/** The class that an adapter most probably belongs to; without an adapter, that of the CPU. */
export function guessMemoryClass(adapter: AdapterFacts | null): MemoryClass {
  if (!adapter) return 'cpu';
  if (adapter.software) return 'software';
  if (INTEGRATED.test(adapter.vendor)) return 'integrated';
  const largest = adapter.limits.maxBufferSize ?? 0;
  return BY_BUFFER.find(([atLeast]) => largest >= atLeast)?.[1] ?? 'integrated';
}
