/** What a text costs, for rooflines and time estimates. */
import { parameterCount } from '../../nn/transformer/weights.ts';
import type { EncodedText } from '../language-models/encode.ts';
import type { WorkEstimate } from '../workload.ts';
import { newTokensOf, type TextSettings } from './problem.ts';

const F32 = 4;

/** The unit is a position that is computed: a token of a prompt, or one that is drawn. */
export function textsWork(settings: TextSettings, texts: readonly EncodedText[]): WorkEstimate {
  const { spec } = settings.model.source;
  const positions = texts.reduce((sum, text) => sum + text.ids.length + newTokensOf(settings, text), 0);
  const passes = settings.params.pipeline === 'two-stage' ? 2 : 1;
  const weights = parameterCount(spec) - (spec.tied ? 0 : spec.vocabulary * spec.width);
  const mean = positions / texts.length;
  // A product and a sum for every weight, and for every key and value of half the text.
  const attention = 2 * spec.layers * spec.heads * spec.head * mean;
  return {
    flopPerUnit: 2 * weights + attention,
    bytesPerUnit: F32 * (settings.rowSize + 2 * spec.layers * spec.kvHeads * spec.head * (mean / 2 + 1)),
    unitsPerItem: passes * mean,
  };
}
