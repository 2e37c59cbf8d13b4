/** Which label each cell is drawn under, and which genes of a real cell are hidden. */
import { keyOfSeed, threefry2x32 } from '../../stats/threefry.ts';
import { didYouMean } from '../suggest.ts';
import { ConfigError } from '../workload.ts';
import { shuffled } from './data/split.ts';
import type { Labels, TokenData } from './data/types.ts';
import type { ModelSubject } from './model.ts';
import type { CellsParams } from './params.ts';

/** Codes of the labels of one cell, as the model counts them; the number of its labels stands for none. */
export interface CellLabels {
  readonly perturbation: number;
  readonly cellType: number;
}

/** What draws labels, and what hides genes: upper counter words. */
const LABEL_PURPOSE = 0x1abe1000;
const HIDE_PURPOSE = 0x41de0000;

/** The word that stands for no label in a parameter. */
const NONE = 'none';

/**
 * Labels of so many cells.
 * Of `perturbation` every label comes in turn, so that all have equally many cells; else cells take the labels of real ones.
 * @throws ConfigError for a label that the model does not know
 */
export function labelsOfItems(
  { task, perturbation, cellType }: CellsParams,
  model: ModelSubject,
  data: TokenData,
  count: number,
  seed: number,
): CellLabels[] {
  const chosen = {
    perturbation: chosenCode('perturbation', 'Perturbation', perturbation, model.perturbations),
    cellType: chosenCode('cellType', 'Cell type', cellType, model.cellTypes),
  };
  if (task === 'perturbation' && model.perturbations.length === 0)
    throw new ConfigError(
      'params.task',
      'What to do (task): this predictor knows no perturbations. Choose Generate cells, or a network that was trained with perturbations.',
    );
  const codes = codesOfData(model, data);
  // Cells in an order of the seed's own: those of a file often lie sorted.
  const order = shuffled(data.cells, seed, LABEL_PURPOSE);
  const byLabel = groupBy(order, (cell) => codes.perturbation[cell]);
  const taken = new Map<number, number>();
  return Array.from({ length: count }, (_, i) => {
    const wanted = chosen.perturbation ?? (task === 'perturbation' ? i % model.perturbations.length : undefined);
    const among = wanted === undefined ? order : (byLabel.get(wanted) ?? order);
    const at = taken.get(wanted ?? -1) ?? 0;
    taken.set(wanted ?? -1, at + 1);
    const cell = among[at % among.length];
    return {
      perturbation: wanted ?? codes.perturbation[cell],
      cellType: chosen.cellType ?? codes.cellType[cell],
    };
  });
}

/** Code of the label that a parameter names; undefined where it names none. */
function chosenCode(key: string, label: string, text: string, names: readonly string[]): number | undefined {
  const wanted = text.trim();
  if (wanted === '') return undefined;
  if (wanted === NONE) return names.length;
  const code = names.indexOf(wanted);
  if (code >= 0) return code;
  const known =
    names.length === 0
      ? 'This predictor knows no such labels: leave it empty.'
      : `${didYouMean(wanted, [...names])} Known are ${listed(names)}.`;
  throw new ConfigError(`params.${key}`, `${label} (${key}): there is no "${wanted}". ${known}`);
}

const MOST_LISTED = 12;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_LISTED).join(', ');
  return names.length > MOST_LISTED ? `${shown} and ${names.length - MOST_LISTED} more` : shown;
}

/** Of every cell of the data the codes that the model has for its labels. */
export function codesOfData(model: ModelSubject, data: TokenData) {
  return {
    perturbation: recoded(data.perturbation, model.perturbations, data.cells),
    cellType: recoded(data.cellType, model.cellTypes, data.cells),
  };
}

function recoded(labels: Labels | undefined, names: readonly string[], cells: number): Uint32Array {
  const none = names.length;
  if (!labels) return new Uint32Array(cells).fill(none);
  const to = labels.names.map((name) => {
    const code = names.indexOf(name);
    return code < 0 ? none : code;
  });
  return Uint32Array.from(labels.codes, (code) => to[code] ?? none);
}

function groupBy(order: Uint32Array, of: (cell: number) => number): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const cell of order) {
    const group = groups.get(of(cell));
    if (group) group.push(cell);
    else groups.set(of(cell), [cell]);
  }
  return groups;
}

/**
 * Tokens of a real cell with a share of its genes masked, each with the same probability whatever the others are; at least one is.
 * @param seed of the item
 * @param mask V
 */
export function hideGenes(tokens: Uint8Array, seed: number, share: number, mask: number): Uint8Array<ArrayBuffer> {
  const key = keyOfSeed(seed);
  const below = Math.ceil(share * 2 ** 32);
  const hidden = Uint8Array.from(tokens, (token, gene) =>
    threefry2x32(key, [gene, HIDE_PURPOSE])[0] < below ? mask : token,
  );
  if (!hidden.includes(mask)) {
    const [word] = threefry2x32(key, [tokens.length, HIDE_PURPOSE]);
    hidden[Math.floor((word / 2 ** 32) * tokens.length)] = mask;
  }
  return hidden;
}
