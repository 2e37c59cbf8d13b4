/** A model as a run has it: its weights where they lie, what they make, and how texts become ids. */
import type { TextTokenizer } from '../../nn/text/tokenizer.ts';
import type { WeightSource } from '../../nn/transformer/weights.ts';
import type { LoadedFile } from '../workload.ts';

/** With its name and hash. */
export interface LoadedModel extends LoadedFile {
  readonly source: WeightSource;
  /** Absent where the folder has none: texts are given as ids then. */
  readonly tokenizer?: TextTokenizer;
  /** Ids that end a text. */
  readonly ends: readonly number[];
  /** What must be known before it is believed, e.g. of what its tokenizer lacks. */
  readonly warnings: readonly string[];
}
