/**
 * Throws of two dice, counted: the smallest experiment whose results are no posteriors but a table and a text an item. Not in the page's
 * list; it shows what an experiment of another kind needs, and is what "How to add an experiment" points to.
 */
import type { DatasetDescription, DatasetSummary } from '../../results/dataset/item.ts';
import { grouped } from '../../results/number-text.ts';
import type { ParamSpec, ParamValues } from '../params.ts';
import type { Experiment, Preset } from '../workload.ts';
import { tallyListing } from './listing.ts';

const params: readonly ParamSpec[] = [
  {
    key: 'tables',
    kind: 'integer',
    multiplies: 'items',
    label: 'Tables',
    help: 'How many tables of counts there are, each with throws of its own.',
    group: 'Problem',
    default: 12,
    min: 1,
    max: 1_000_000,
  },
  {
    key: 'throws',
    kind: 'integer',
    label: 'Throws',
    help: 'Throws of the two dice in each table.',
    group: 'Problem',
    default: 10_000,
    min: 1,
    max: 100_000_000,
  },
];

const presets: readonly Preset[] = [
  { id: 'fair', label: 'Fair', help: 'Twelve tables of 10,000 throws.', params: {} },
  { id: 'few', label: 'Few', help: 'Twelve tables of 36 throws: counts are uneven.', params: { throws: 36 } },
];

export interface TallyParams {
  readonly tables: number;
  readonly throws: number;
}

/** @param values valid by the table above */
export function readTallyParams(values: ParamValues): TallyParams {
  return values as ParamValues & TallyParams;
}

const number = (summary: DatasetSummary, name: string) => summary.attributes[name] as number;

export const tallyResults: DatasetDescription = {
  kind: 'dataset',
  each: 'a table of counts and a sentence',
  passes: 'hold all their throws',
  columns: [
    {
      key: 'doubles',
      title: 'Doubles',
      about: 'Throws in which both dice show the same: a sixth of all where the dice are fair.',
      numeric: true,
      text: (summary) => grouped(number(summary, 'doubles')),
      value: (summary) => number(summary, 'doubles'),
    },
    {
      key: 'chi2',
      title: 'χ²',
      about: 'Of the 36 counts against equal ones: about 35 where the dice are fair.',
      numeric: true,
      text: (summary) => number(summary, 'chi2').toFixed(1),
      value: (summary) => number(summary, 'chi2'),
    },
    { key: 'sentence', title: 'Sentence', text: ({ attributes }) => String(attributes.sentence) },
  ],
};

export const tallyExperiment: Experiment = {
  ...tallyListing,
  itemName: { one: 'table', many: 'tables' },
  chunkEntry: 'tally.chunk',
  precisions: ['f32'],
  workName: 'throws',
  stepWords: 'one throw of every table',
  params,
  presets,
  files: [],
  results: tallyResults,
};
