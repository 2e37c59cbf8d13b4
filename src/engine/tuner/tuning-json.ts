/** Text of tuning.json in a bundle: how the batch size was decided, and all that the tuner measured where it was the tuner. */
import { canonicalJson, type JsonValue } from '../../bundle/json.ts';
import type { RunPlan } from '../plan/plan-run.ts';
import type { TuningResult } from './types.ts';

/** `tuning`: what was remembered for the run, if anything. */
export function tuningJson(plan: RunPlan, tuning?: TuningResult): string {
  const { chunk, chunkSource, memoryClass } = plan;
  const decided =
    chunkSource === 'tuned' && tuning
      ? { ...(snakeKeys(tuning as unknown as JsonValue) as object), disturbed: tuning.disturbances.length > 0 }
      : {};
  return canonicalJson({ source: chunkSource, chunk, memory_class: memoryClass, ...decided });
}

/** Keys as the other files of a bundle write them: itemsPerSecond becomes items_per_second. */
function snakeKeys(value: JsonValue | undefined): JsonValue | undefined {
  if (Array.isArray(value)) return value.map((entry: JsonValue) => snakeKeys(entry) as JsonValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      snakeKeys(entry),
    ]),
  );
}
