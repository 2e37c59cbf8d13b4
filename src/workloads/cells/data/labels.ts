/** Which columns of a table of cells say what was done to them and what they are, and which label means nothing was done. */
import type { Column, CountTable } from '../../../bundle/anndata/types.ts';
import { nearest } from '../../suggest.ts';
import { ConfigError } from '../../workload.ts';
import type { Labels } from './types.ts';

export type LabelRole = 'perturbation' | 'cellType';

/** Labels and where they stand. */
export interface ColumnLabels extends Labels {
  /** Name of the column of `obs`. */
  readonly column: string;
}

/** What such columns are called in practice, the likeliest first. */
const USUAL: Readonly<Record<LabelRole, readonly string[]>> = {
  perturbation: [
    'perturbation',
    'target_gene',
    'gene_target',
    'gene',
    'condition',
    'perturbation_name',
    'treatment',
    'guide_identity',
  ],
  cellType: [
    'cell_type',
    'celltype',
    'cell_types',
    'cell_label',
    'cell_ontology_class',
    'cell_line',
    'louvain',
    'leiden',
  ],
};
const WORDS: Readonly<Record<LabelRole, string>> = { perturbation: 'perturbations', cellType: 'cell types' };
/** What the control is called in practice, letters and digits alone. */
const CONTROLS = [
  'control',
  'ctrl',
  'ctl',
  'nontargeting',
  'nontargetingcontrol',
  'nt',
  'ntc',
  'safetargeting',
  'negctrl',
  'negcontrol',
  'negativecontrol',
  'unperturbed',
  'vehicle',
  'dmso',
  'untreated',
  'unstimulated',
  'mock',
  'wildtype',
  'wt',
];
/** A network has a row a label, and learns nothing of a label that a cell or two have. */
const MOST_LABELS = 4096;

/** Names told one by one. */
const TOLD = 12;

/** What to name instead. */
function instead(wanted: string, names: readonly string[]): string {
  const near = nearest(wanted, names);
  if (near !== undefined) return `Did you mean "${near}"?`;
  if (names.length === 0) return 'There are none at all.';
  const rest = names.length - TOLD;
  return `There are ${names.slice(0, TOLD).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`;
}

const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');

/**
 * Labels by the column of that name, or by the first that is usually called so.
 * @param wanted name of a column; "" for none at all; undefined to look for one
 * @throws ConfigError for a column that is not there or holds no labels
 */
export function findLabels(
  table: Pick<CountTable, 'obs' | 'cells'>,
  role: LabelRole,
  wanted: string | undefined,
): ColumnLabels | undefined {
  if (wanted === '') return undefined;
  if (wanted === undefined) {
    const usual = USUAL[role].map((name) => table.obs.find((column) => plain(column.name) === plain(name)));
    const found = usual.find((column) => column?.kind === 'labels' && isUsable(column, table.cells));
    return found?.kind === 'labels' ? labelsOf(found) : undefined;
  }
  const names = table.obs.map(({ name }) => name);
  const column = table.obs.find(({ name }) => name === wanted);
  if (!column)
    throw new ConfigError(role, `there is no column "${wanted}" of ${WORDS[role]}. ${instead(wanted, names)}`);
  if (column.kind === 'numbers')
    throw new ConfigError(role, `the column "${wanted}" holds numbers, not ${WORDS[role]}. Name a column of labels.`);
  if (column.labels.length > MOST_LABELS)
    throw new ConfigError(
      role,
      `the column "${wanted}" has ${column.labels.length} labels, and at most ${MOST_LABELS} ${WORDS[role]} are taken. Name another column.`,
    );
  return labelsOf(column);
}

export function isUsable({ labels }: Column & { kind: 'labels' }, cells: number): boolean {
  return labels.length > 0 && labels.length <= Math.min(MOST_LABELS, cells / 2);
}

/** Labels that a cell has, in the column's order; missing ones have the code that means none. */
function labelsOf({ name, labels, codes }: Column & { kind: 'labels' }): ColumnLabels {
  const used = new Set(codes);
  const names = labels.filter((_, code) => used.has(code));
  const place = labels.map((name) => names.indexOf(name));
  return { column: name, names, codes: Uint32Array.from(codes, (code) => (code < 0 ? names.length : place[code])) };
}

/**
 * The perturbation that means none was done: the one named, or one that is usually called so.
 * @throws ConfigError for a name that no cell has
 */
export function findControl({ names }: Labels, wanted?: string): string | undefined {
  if (wanted !== undefined && wanted !== '') {
    if (names.includes(wanted)) return wanted;
    throw new ConfigError(
      'control',
      `no cell has the perturbation "${wanted}", which is to be the control. ${instead(wanted, names)}`,
    );
  }
  return CONTROLS.map((control) => names.find((name) => plain(name) === control)).find((name) => name !== undefined);
}
