/** Reads the user's counts, and which of their columns are labels. */
import { readCounts } from '../../../bundle/anndata/read-counts.ts';
import type { CountTable } from '../../../bundle/anndata/types.ts';
import { FileError } from '../../../bundle/file-error.ts';
import type { ChoiceValue, FileChoices, FileOptions } from '../../../bundle/own-file.ts';
import { sha256Of } from '../../../bundle/sha256.ts';
import type { ReadFile } from '../../file-role.ts';
import { ConfigError } from '../../workload.ts';
import { type ColumnLabels, findControl, findLabels, isUsable } from '../data/labels.ts';
import type { DataInput } from './data-input.ts';

/** Of an option: no such column, no such label. */
export const NONE = 'none';
/** Labels that are offered one by one as the control. */
const MOST_OFFERED = 200;

/** @throws FileError for files that cannot be read, and for options that name what is not there */
export async function readData(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  given: FileOptions = {},
): Promise<ReadFile<DataInput>> {
  // Nothing chosen leaves it to the file.
  const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
  const { matrix } = options;
  const table = await readCounts(name, bytes, matrix === undefined ? {} : { matrix });
  const { perturbation, cellType, control } = chosenLabels(name, table, options);
  const input: DataInput = {
    name,
    sha256: sha256Of(bytes),
    ...(Object.keys(options).length > 0 && { options }),
    table,
    ...(perturbation && { perturbation }),
    ...(cellType && { cellType }),
    ...(control !== undefined && { control }),
    granted: grantedOf(table, perturbation, cellType, control),
  };
  return { input, count: table.cells, what: whatOf(input), choices: choicesOf(input) };
}

function chosenLabels(file: string, table: CountTable, options: FileOptions) {
  const wanted = (option: string) => (options[option] === NONE ? '' : options[option]);
  try {
    const perturbation = findLabels(table, 'perturbation', wanted('perturbation-column'));
    const cellType = findLabels(table, 'cellType', wanted('cell-type-column'));
    const named = options['control-label'];
    const noControl = named === NONE && !perturbation?.names.includes(NONE);
    const control = perturbation && !noControl ? findControl(perturbation, named) : undefined;
    return { perturbation, cellType, control };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new FileError(file, error.message.replace(/\.$/, ''), 'Choose another, or leave the choice to the file.', {
      cause: error,
    });
  }
}

function grantedOf(
  { source, warnings }: CountTable,
  perturbation: ColumnLabels | undefined,
  cellType: ColumnLabels | undefined,
  control: string | undefined,
): string[] {
  const one = (noun: string, labels: ColumnLabels) => `${labels.column} holds ${labels.names.length} ${noun}`;
  return [
    `Counts come from ${source.matrix}${source.done.length > 0 ? ` (${source.done.join(', ')})` : ''}.`,
    ...(perturbation
      ? [
          `${one('perturbations', perturbation)}, ${control === undefined ? 'none of them known as the control' : `${control} is the control`}.`,
        ]
      : []),
    ...(cellType ? [`${one('cell types', cellType)}.`] : []),
    ...warnings,
  ];
}

/** "2,540 cells × 299 genes; from X; perturbation: 9 labels". */
function whatOf({ table, perturbation, cellType, control }: DataInput): string {
  const { cells, genes, source } = table;
  const count = (n: number) => n.toLocaleString('en-US');
  return [
    `${count(cells)} cells × ${count(genes.length)} genes`,
    `counts from ${source.matrix}${source.done.length > 0 ? `, ${source.done.join(', ')}` : ''}`,
    ...(perturbation
      ? [
          `${count(perturbation.names.length)} perturbations in ${perturbation.column}${control === undefined ? '' : `, control ${control}`}`,
        ]
      : []),
    ...(cellType ? [`${count(cellType.names.length)} cell types in ${cellType.column}`] : []),
  ].join('; ');
}

function choicesOf(input: DataInput): FileChoices {
  const values = (first: string | undefined, all: readonly string[], label: (value: string) => string) => {
    const order = first === undefined ? [NONE, ...all] : [first, ...all.filter((each) => each !== first), NONE];
    return [...new Set(order)].map((value): ChoiceValue => ({ value, label: label(value) }));
  };
  const { perturbation, cellType, control, table } = input;
  const columns = table.obs.filter((column) => column.kind === 'labels' && isUsable(column, table.cells));
  const column = (value: string) => {
    const found = columns.find((each) => each.name === value);
    return found?.kind === 'labels' ? `${value} (${found.labels.length} labels)` : value;
  };
  const { matrices } = table.source;
  const names = columns.map((each) => each.name);
  return {
    ...(matrices.length > 1 && { matrix: matrices.map((path) => ({ value: path, label: path })) }),
    ...(names.length > 0 && {
      'perturbation-column': values(perturbation?.column, names, column),
      'cell-type-column': values(cellType?.column, names, column),
    }),
    ...(perturbation && {
      'control-label': values(control, perturbation.names.slice(0, MOST_OFFERED), (value) => value),
    }),
  };
}
