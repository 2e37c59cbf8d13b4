/** Roles that several experiments have: data in the place of simulated ones, and the true values that go with them. */
import type { DataKind } from '../bundle/data-words.ts';
import type { ImageStack } from '../bundle/images.ts';
import type { FileChoices } from '../bundle/own-file.ts';
import { TABLES } from '../bundle/table-names.ts';
import type { TruthTable, TruthWords } from '../bundle/truth-table.ts';
import type { FileOption, FileRole } from './file-role.ts';

type Told<T extends ImageStack | TruthTable> = Omit<FileRole<T>, 'role' | 'data' | 'read'>;

const hdu: FileOption = {
  name: 'hdu',
  label: 'Unit',
  help: 'which unit of a FITS file with several images, by EXTNAME or number (0 is the first)',
  value: 'name|number',
};

/**
 * A stack of images, or rows of numbers; `kind` says what an array of two axes is, and chooses the words.
 * @param choices those of the options that `told` adds that make a difference to a stack
 */
export function dataRole(
  kind: DataKind,
  told: Told<ImageStack>,
  choices?: (images: ImageStack) => FileChoices,
): FileRole<ImageStack> {
  return {
    ...told,
    role: 'images',
    data: { verb: 'fitted', without: 'its items are simulated instead' },
    options: [hdu, ...(told.options ?? [])],
    async read(name, bytes, given = {}) {
      const { countData, loadImages } = await import('../bundle/images.ts');
      // Nothing chosen leaves it to the file.
      const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
      const stack = await loadImages(name, bytes, kind, options.hdu);
      const input = Object.keys(options).length > 0 ? { ...stack, options } : stack;
      const units = stack.units && { [hdu.name]: stack.units };
      return { input, ...countData(input, kind), choices: { ...units, ...choices?.(input) } };
    },
  };
}

/** A table of true values for the data of a `dataRole`, one row each, of which messages speak in `words`. */
export function truthRole(
  words: TruthWords,
  {
    understood,
    ...told
  }: Omit<Told<TruthTable>, 'label' | 'accept' | 'flagHelp' | 'drop'> & {
    /** Whether a column, in small letters, means something to some run: others are named and left out. Without it all do. */
    readonly understood?: (column: string) => boolean;
  },
): FileRole<TruthTable> {
  return {
    ...told,
    role: 'truth',
    label: 'Truth',
    accept: TABLES,
    flagHelp: 'CSV of true values for --images',
    of: 'images',
    drop: 'a .csv of truths',
    async read(name, bytes) {
      const { loadTruth } = await import('../bundle/truth-table.ts');
      const input = await loadTruth(name, bytes, words, understood);
      const count = input.rows.length;
      return { input, count, what: [`${count} ${count === 1 ? 'row' : 'rows'}`, ...(input.told ?? [])].join('; ') };
    },
  };
}
