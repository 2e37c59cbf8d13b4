/**
 * What the sizes of the table are called, what they change and what memory they take, in words: apart from the table, because no first visit reads
 * them.
 */
import { activationsSizeWords } from '../workloads/activations/size-words.ts';
import { analysisSizeWords } from '../workloads/analysis/size-words.ts';
import { bananaSizeWords } from '../workloads/banana/size-words.ts';
import { cellsSizeWords } from '../workloads/cells/size-words.ts';
import { flowSizeWords } from '../workloads/flow/size-words.ts';
import { shearSizeWords } from '../workloads/shear/size-words.ts';
import { tallySizeWords } from '../workloads/tally/size-words.ts';
import type { SizeWords } from './entry.ts';
import { sharedSizeWords } from './shared-words.ts';
import type { SizeKey } from './table.ts';

const words: Readonly<Record<SizeKey, SizeWords>> = {
  ...shearSizeWords,
  ...flowSizeWords,
  ...cellsSizeWords,
  ...activationsSizeWords,
  ...analysisSizeWords,
  ...bananaSizeWords,
  ...tallySizeWords,
  ...sharedSizeWords,
};

/** Of an entry of the table. */
export const wordsOf = ({ key }: { readonly key: string }): SizeWords => words[key as SizeKey];
