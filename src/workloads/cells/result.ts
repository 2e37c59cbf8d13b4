/** A finished cell from its tokens. */
import type { ItemInfo } from '../../results/item.ts';
import type { TokenItem } from '../../results/tokens/item.ts';
import type { TokenData } from './data/types.ts';
import type { CellsProblem } from './problem.ts';

/** What is written where a cell has no label. */
const NO_LABEL = 'none';

/** @param tokens [genes], no mask among them */
export function cellItem(problem: CellsProblem, info: ItemInfo, tokens: Uint8Array<ArrayBuffer>): TokenItem {
  const { labels, known, model, data } = problem;
  const { perturbation, cellType } = labels[info.index];
  const zeros = tokens.reduce((count, token) => count + Number(token === 0), 0);
  const start = known?.[info.index];
  return {
    info,
    tokens,
    attributes: {
      ...(start
        ? labelsOfData(data, start.cell)
        : {
            ...(model.perturbations.length > 0 && { perturbation: model.perturbations[perturbation] ?? NO_LABEL }),
            ...(model.cellTypes.length > 0 && { cell_type: model.cellTypes[cellType] ?? NO_LABEL }),
          }),
      zeros: zeros / tokens.length,
      masked: tokens.filter((token) => token >= data.bins.count).length,
      ...(start && imputed(problem, start, tokens)),
    },
    work: start ? start.tokens.filter((token) => token === problem.data.bins.count).length : tokens.length,
  };
}

/** What the data say of a real cell, whether or not the predictor knows such labels. */
function labelsOfData({ perturbation, cellType }: TokenData, cell: number) {
  return {
    ...(perturbation && { perturbation: perturbation.names[perturbation.codes[cell]] ?? NO_LABEL }),
    ...(cellType && { cell_type: cellType.names[cellType.codes[cell]] ?? NO_LABEL }),
  };
}

/** How the genes that were hidden came out. */
function imputed(
  { data: { genes, bins, tokens: all, cellNames } }: CellsProblem,
  { cell, tokens: start }: { readonly cell: number; readonly tokens: Uint8Array },
  tokens: Uint8Array,
) {
  let hidden = 0;
  let exact = 0;
  let distance = 0;
  start.forEach((token, gene) => {
    if (token !== bins.count) return;
    const off = Math.abs(tokens[gene] - all[cell * genes.length + gene]);
    hidden++;
    exact += Number(off === 0);
    distance += off;
  });
  return { source: cellNames?.[cell] ?? `row ${cell + 1}`, hidden, exact: exact / hidden, mae: distance / hidden };
}
