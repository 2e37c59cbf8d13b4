/** Where a network and data do not go together as they look. */
import { ConfigError } from '../workload.ts';
import { HELD_OUT_SHARE } from './data/split.ts';
import type { Labels, TokenData } from './data/types.ts';
import type { CellLabels } from './items.ts';
import type { CellsModel, ModelSubject, Provenance } from './model.ts';
import type { CellsParams } from './params.ts';

/**
 * The origin's tables of labels have no row for "none": on a device another tensor's numbers would be read.
 * @throws ConfigError where cells without a label are asked for
 */
export function checkLabelled(
  { guidance, task }: Pick<CellsParams, 'guidance' | 'task'>,
  model: CellsModel,
  labels: readonly CellLabels[],
): void {
  if (model.kind !== 'network' || model.spec.variant !== 'origin') return;
  const { perturbations, cellTypes } = model.spec;
  if (perturbations + cellTypes === 0) return;
  if (task !== 'impute' && guidance !== 1)
    throw new ConfigError(
      'params.guidance',
      `Guidance γ (guidance): this network of the origin always has a label, so there is no pass without one. Give 1 in place of ${guidance}.`,
    );
  const without = (count: number, of: (label: CellLabels) => number) =>
    count === 0 ? 0 : labels.filter((label) => of(label) >= count).length;
  for (const [what, missing] of [
    ['perturbation', without(perturbations, (label) => label.perturbation)],
    ['cell type', without(cellTypes, (label) => label.cellType)],
  ] as const)
    if (missing > 0)
      throw new ConfigError(
        'network',
        `this network of the origin always has a ${what}, and ${missing} of ${labels.length} cells would be without one. Choose a ${what} that it knows, or give data whose labels it knows.`,
      );
}

/** Labels of the data that a network has never heard of, and settings that it does not follow. */
export function subjectConcerns(params: CellsParams, model: CellsModel, data: TokenData): string[] {
  const list = params.geneList.split(',').flatMap((name) => name.trim() || []);
  const ignored = list.length > 0 && data.genes.some((gene) => !list.includes(gene));
  return [
    ...(ignored
      ? [
          `The gene list is not followed: ${model.kind === 'network' ? 'a network brings its own genes' : 'of the cells that ship all genes are taken'}, ${data.genes.length} here.`,
        ]
      : []),
    ...(model.kind === 'network'
      ? [
          ...unknownLabels('perturbation', model.perturbations, data.perturbation),
          ...unknownLabels('cell type', model.cellTypes, data.cellType),
        ]
      : []),
  ];
}

function unknownLabels(what: string, known: readonly string[], labels: Labels | undefined): string[] {
  if (known.length === 0) return [];
  if (!labels)
    return [`The network knows ${what}s, and the data name none: cells that take labels of the data are without.`];
  const unknown = labels.names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return [];
  const shown = unknown.slice(0, 5).join(', ');
  const more = unknown.length > 5 ? ` and ${unknown.length - 5} more` : '';
  return [
    `The network does not know ${unknown.length} of the data’s ${labels.names.length} ${what}s (${shown}${more}): cells that take them are without a ${what}.`,
  ];
}

/** Cells that runs hold out are unseen only by networks whose training held out the same ones. @param seed of the split of runs */
export function splitConcerns({ splitSeed, folds, heldOut }: Provenance, seed: number): string[] {
  const other =
    (splitSeed !== undefined && splitSeed !== seed) ||
    folds !== undefined ||
    (heldOut !== undefined && heldOut !== HELD_OUT_SHARE);
  return other
    ? [
        'The network was trained on another split of the data than runs have: cells that count as held out here, those imputed too, may be among those it learned from.',
      ]
    : [];
}

/** @throws ConfigError where not one gene of the network is among the data's: then it is about something else */
export function checkGenes(subject: ModelSubject, network: string, genes: readonly string[], file: string): void {
  const there = new Set(genes);
  if (subject.genes.some((gene) => there.has(gene))) return;
  throw new ConfigError(
    'params.model',
    `Predictor (model): ${network} knows none of the genes of ${file}: it is about ${subject.genes.slice(0, 3).join(', ')} and ${subject.genes.length - 3} more, the data about ${genes.slice(0, 3).join(', ')} and others. Choose the mixture, train a network on these cells, or give one that was.`,
  );
}
