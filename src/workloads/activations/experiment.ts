/** The activations experiment as the form sees it: names, parameters, presets. What computes is in `workload.ts`. */
import type { DatasetDescription, DatasetSummary } from '../../results/dataset/item.ts';
import type { Experiment } from '../workload.ts';
import { activationsFiles } from './files/roles.ts';
import { activationsListing } from './listing.ts';
import { activationsParams, runWords } from './params.ts';
import { activationsPresets } from './presets.ts';

const text = ({ attributes }: DatasetSummary, name: string) => String(attributes[name] ?? '');
const number = ({ attributes }: DatasetSummary, name: string) => attributes[name] as number | undefined;

export const activationsResults: DatasetDescription = {
  kind: 'dataset',
  each: 'its tokens and activations',
  passes: 'have all the activations that were asked for',
  columns: [
    {
      key: 'label',
      title: 'Label',
      about: 'Whether the text shows the trait (positive) or its opposite.',
      text: (summary) => text(summary, 'label'),
    },
    { key: 'question', title: 'Question', about: 'Texts of one are never parted.', text: (it) => text(it, 'question') },
    {
      key: 'tokens',
      title: 'Tokens',
      about: 'Of the response.',
      numeric: true,
      text: (summary) => text(summary, 'tokens'),
      value: (summary) => number(summary, 'tokens'),
    },
    {
      key: 'nll',
      title: '−log p',
      about: 'Mean over the tokens of the response, nats, at temperature 1.',
      numeric: true,
      text: (summary) => number(summary, 'nll')?.toFixed(3) ?? '',
      value: (summary) => number(summary, 'nll'),
    },
    { key: 'response', title: 'Response', text: (summary) => text(summary, 'response') },
  ],
};

export const activationsExperiment: Experiment = {
  ...activationsListing,
  itemName: { one: 'text', many: 'texts' },
  chunkEntry: 'activations.chunk',
  precisions: ['f32', 'f16-storage', 'bf16-storage', 'int8-storage'],
  cpuPrecision: 'f32',
  workName: 'tokens',
  workAbout: 'Tokens read and written per second, all texts counted',
  lighter: { memory: 'fewer new tokens or a smaller model', time: 'fewer texts or tokens' },
  stepWords: 'one token of every text',
  params: activationsParams,
  presets: activationsPresets,
  results: activationsResults,
  files: activationsFiles,
  runWords,
};
