/** The cells experiment as the form sees it: names, parameters, presets. What computes is in `workload.ts`. */
import type { TokenDescription, TokenSummary } from '../../results/tokens/item.ts';
import type { Experiment } from '../workload.ts';
import { cellsFiles } from './files/roles.ts';
import { cellsListing } from './listing.ts';
import { cellsParams, runWords } from './params.ts';
import { cellsPresets } from './presets.ts';

const text = ({ attributes }: TokenSummary, name: string) => String(attributes[name] ?? '');
const number = ({ attributes }: TokenSummary, name: string) => attributes[name] as number | undefined;
const percent = (share: number | undefined) => (share === undefined ? '' : `${(100 * share).toFixed(1)} %`);

export const cellsTokens: TokenDescription = {
  kind: 'tokens',
  place: 'gene',
  passes: 'are complete',
  columns: [
    {
      key: 'perturbation',
      title: 'Perturbation',
      about: 'The label that it was drawn under.',
      text: (summary) => text(summary, 'perturbation'),
    },
    {
      key: 'cell_type',
      title: 'Cell type',
      about: 'The label that it was drawn under.',
      text: (summary) => text(summary, 'cell_type'),
    },
    {
      key: 'zeros',
      title: 'Zeros',
      about: 'Share of its genes without a molecule.',
      numeric: true,
      text: (summary) => percent(number(summary, 'zeros')),
      value: (summary) => number(summary, 'zeros'),
    },
    {
      key: 'exact',
      title: 'Exact',
      about: 'Of imputation: share of the hidden genes whose bin is the true one.',
      numeric: true,
      text: (summary) => percent(number(summary, 'exact')),
      value: (summary) => number(summary, 'exact'),
    },
  ],
};

export const cellsExperiment: Experiment = {
  ...cellsListing,
  itemName: { one: 'cell', many: 'cells' },
  chunkEntry: 'cells.chunk',
  precisions: ['f32', 'f16-storage', 'f16', 'bf16-storage'],
  cpuPrecision: 'f32',
  workName: 'tokens',
  workAbout: 'Genes revealed per second, all cells counted',
  lighter: { memory: 'fewer genes or a smaller network', time: 'fewer steps' },
  stepWords: 'one step of every cell: some masks dissolve',
  params: cellsParams,
  presets: cellsPresets,
  results: cellsTokens,
  files: cellsFiles,
  runWords,
};
