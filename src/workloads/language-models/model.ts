/** A model as a run has it: its weights where they lie, what they make, and how texts become ids. */
import type { FileFolder } from '../../bundle/file-folder.ts';
import type { OwnFile } from '../../bundle/own-file.ts';
import type { TextTokenizer } from '../../nn/text/tokenizer.ts';
import type { WeightSource } from '../../nn/transformer/weights.ts';

/** With its name and the hash of its files. */
export interface LoadedModel extends OwnFile {
  readonly source: WeightSource;
  /** Its files where they lie. */
  readonly files: FileFolder;
  readonly parameters: number;
  /** Absent where the folder has none: texts are given as ids then. */
  readonly tokenizer?: TextTokenizer;
  /** Ids that end a text. */
  readonly ends: readonly number[];
  /** What must be known before it is believed, e.g. of what its tokenizer lacks. */
  readonly warnings: readonly string[];
}
