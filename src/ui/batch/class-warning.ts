import {
  type AdapterFacts,
  guessMemoryClass,
  MEMORY_CLASS_LABELS,
  type MemoryClass,
} from '../../batch/memory-class.ts';
import { presetSize } from '../../batch/sizes.ts';
import { wordsOf } from '../../batch/words.ts';
import { sizesOf } from '../../workloads/sizes-of.ts';
import { grouped } from '../format.ts';

/** Classes next to each other are a fair correction of the guess; a value this many times another is not. */
const FAR = 4;

/** What a chosen class far from the guess means, in words; undefined where it is near. */
export function classWarning(
  chosen: MemoryClass | 'auto',
  adapter: AdapterFacts | null,
  experiment: string,
): string | undefined {
  if (chosen === 'auto' || !adapter) return undefined;
  const guessed = guessMemoryClass(adapter);
  const far = sizesOf(experiment).filter((entry) => {
    const ratio = presetSize(entry, chosen) / presetSize(entry, guessed);
    return ratio >= FAR || ratio <= 1 / FAR;
  });
  if (far.length === 0) return undefined;
  const values = far.map(
    (entry) =>
      `${wordsOf(entry).label.toLowerCase()} ${grouped(presetSize(entry, chosen))} instead of ${grouped(presetSize(entry, guessed))}`,
  );
  return `Far from what the adapter looks like (${MEMORY_CLASS_LABELS[guessed]}): ${values.join(', ')}.`;
}
