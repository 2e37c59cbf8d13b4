import type { BatchEntry } from '../../batch/entry.ts';
import {
  type AdapterFacts,
  guessMemoryClass,
  MEMORY_CLASS_LABELS,
  type MemoryClass,
} from '../../batch/memory-class.ts';
import { presetSize } from '../../batch/sizes.ts';
import { batchTable } from '../../batch/table.ts';
import { grouped } from '../format.ts';

/** Classes next to each other are a fair correction of the guess; a value this many times another is not. */
const FAR = 4;

const entries: readonly BatchEntry[] = batchTable;

/** What a chosen class far from the guess means, in words; undefined where it is near. */
export function classWarning(chosen: MemoryClass | 'auto', adapter: AdapterFacts | null): string | undefined {
  if (chosen === 'auto' || !adapter) return undefined;
  const guessed = guessMemoryClass(adapter);
  const far = entries.filter((entry) => {
    const ratio = presetSize(entry, chosen) / presetSize(entry, guessed);
    return ratio >= FAR || ratio <= 1 / FAR;
  });
  if (far.length === 0) return undefined;
  const values = far.map(
    (entry) =>
      `${entry.label.toLowerCase()} ${grouped(presetSize(entry, chosen))} instead of ${grouped(presetSize(entry, guessed))}`,
  );
  return `Far from what the adapter looks like (${MEMORY_CLASS_LABELS[guessed]}): ${values.join(', ')}.`;
}
