/** Finished cells together, and what is wrong with one: all that a page needs of them before any is drawn. */
import type { RunResults } from '../../results/kind.ts';
import type { TokenItem } from '../../results/tokens/item.ts';

/** What is wrong with a cell that still has masks. */
export function missingGenes({ tokens, attributes: { masked } }: TokenItem): string[] {
  return masked === 0 ? [] : [`${masked} of ${tokens.length} genes were never revealed`];
}

/** Counts of cells by label. */
export function sumOfCells(items: readonly TokenItem[]): RunResults {
  const labels = new Map<string, { cells: number; zeros: number; tokens: number }>();
  for (const { attributes, tokens } of items) {
    const label = String(attributes.perturbation ?? attributes.cell_type ?? 'all');
    const sum = labels.get(label) ?? { cells: 0, zeros: 0, tokens: 0 };
    labels.set(label, {
      cells: sum.cells + 1,
      zeros: sum.zeros + tokens.filter((token) => token === 0).length,
      tokens: sum.tokens + tokens.length,
    });
  }
  return {
    tables: [
      {
        name: 'labels',
        title: 'Cells by label',
        about: 'How many cells were drawn under each label, and the share of their genes without a molecule.',
        columns: [
          { name: 'label', title: 'Label' },
          { name: 'cells', title: 'Cells' },
          { name: 'zeros', title: 'Share of zeros', digits: 3 },
        ],
        rows: [...labels]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([label, { cells, zeros, tokens }]) => [label, cells, zeros / tokens]),
      },
    ],
  };
}
