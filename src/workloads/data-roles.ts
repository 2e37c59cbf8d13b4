/** Roles that several experiments have: data in the place of simulated ones, and the true values that go with them. */
import type { DataKind } from '../bundle/data-words.ts';
import type { ImageStack } from '../bundle/images.ts';
import type { TruthTable } from '../bundle/truth-table.ts';
import type { FileRole } from './file-role.ts';

type Told<T extends ImageStack | TruthTable> = Omit<FileRole<T>, 'role' | 'data' | 'read'>;

/** A stack of images, or rows of numbers; `kind` says what an array of two axes is, and chooses the words. */
export function dataRole(kind: DataKind, told: Told<ImageStack>): FileRole<ImageStack> {
  return {
    ...told,
    role: 'images',
    data: { verb: 'fitted', without: 'its items are simulated instead' },
    async read(name, bytes) {
      const { countData, loadImages } = await import('../bundle/images.ts');
      const input = await loadImages(name, bytes, kind);
      return { input, ...countData(input, kind) };
    },
  };
}

/** A table of true values for the data of a `dataRole`, one row each. */
export function truthRole({
  understood,
  ...told
}: Omit<Told<TruthTable>, 'label' | 'accept' | 'flagHelp' | 'drop'> & {
  /** Whether a column, in small letters, means something to some run: others are named and left out. Without it all do. */
  readonly understood?: (column: string) => boolean;
}): FileRole<TruthTable> {
  return {
    ...told,
    role: 'truth',
    label: 'Truth',
    accept: ['.csv'],
    flagHelp: 'CSV of true values for --images',
    drop: 'a .csv of truths',
    async read(name, bytes) {
      const { loadTruth } = await import('../bundle/truth-table.ts');
      const input = await loadTruth(name, bytes, understood);
      const count = input.rows.length;
      return { input, count, what: [`${count} ${count === 1 ? 'row' : 'rows'}`, ...(input.told ?? [])].join('; ') };
    },
  };
}
