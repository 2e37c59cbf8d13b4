/** Finished tables: one from its counts, and all of them together. */
import type { DatasetItem } from '../../results/dataset/item.ts';
import type { ItemInfo } from '../../results/item.ts';
import type { RunResults } from '../../results/kind.ts';
import { grouped } from '../../results/number-text.ts';
import { FACES } from './twin/throws.ts';

/** @param throws as many as were asked for @param counts [first die][second die] */
export function tallyItem(info: ItemInfo, throws: number, counts: Int32Array<ArrayBuffer>): DatasetItem {
  const expected = throws / counts.length;
  const most = counts.indexOf(Math.max(...counts));
  const doubles = sum(counts.filter((_, at) => Math.floor(at / FACES) === at % FACES));
  return {
    info,
    arrays: [{ group: 'counts', name: 'throws', dims: ['first', 'second'], shape: [FACES, FACES], values: counts }],
    attributes: {
      throws,
      doubles,
      chi2: counts.reduce((total, count) => total + (count - expected) ** 2 / expected, 0),
      sentence: `Most often ${Math.floor(most / FACES) + 1} and ${(most % FACES) + 1}: ${grouped(counts[most])} of ${grouped(throws)} throws.`,
    },
    work: sum(counts),
  };
}

/** What is wrong with a table that does not hold all its throws. */
export function missingThrows({ work, attributes }: DatasetItem): string[] {
  return work === attributes.throws ? [] : [`${work} of ${attributes.throws} throws were counted`];
}

/** Sums of all tables. */
export function sumOfTables(items: readonly DatasetItem[]): RunResults {
  const total = new Float64Array(FACES * FACES);
  for (const { arrays } of items) {
    arrays[0].values.forEach((count, at) => {
      total[at] += count;
    });
  }
  const faces = Array.from({ length: FACES }, (_, face) => face);
  return {
    tables: [
      {
        name: 'counts',
        title: 'Counts of all tables',
        about: 'How often the first die (a row) came with the second (a column), over all finished tables.',
        columns: [
          { name: 'first', title: 'first die' },
          ...faces.map((face) => ({ name: `second_${face + 1}`, title: `second ${face + 1}` })),
        ],
        rows: faces.map((face) => [face + 1, ...total.slice(FACES * face, FACES * (face + 1))]),
      },
    ],
  };
}

function sum(values: Int32Array): number {
  return values.reduce((total, value) => total + value, 0);
}
