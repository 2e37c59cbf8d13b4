/** What must be known of a run's texts and model before its results are believed. */
import type { EncodedText } from './data/encode.ts';
import type { TextSettings } from './problem.ts';

export function concerns({ model }: TextSettings, _texts: readonly EncodedText[]): string[] {
  return [...model.warnings];
}
