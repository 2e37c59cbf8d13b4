/** The analysis experiment as the form sees it: names, parameters, presets. What computes is in `workload.ts`. */
import type { DatasetDescription, DatasetSummary } from '../../results/dataset/item.ts';
import type { Experiment } from '../workload.ts';
import { analysisFiles } from './files/roles.ts';
import { analysisListing } from './listing.ts';
import { analysisParams, runWords } from './params.ts';
import { analysisPresets } from './presets.ts';
import { JSON_ATTRIBUTES } from './result.ts';

const text = ({ attributes }: DatasetSummary, name: string) => String(attributes[name] ?? '');
const number = ({ attributes }: DatasetSummary, name: string) => attributes[name] as number | undefined;
const digits = (value: number | undefined) => (value === undefined ? '' : String(Number(value.toPrecision(4))));

export const analysisResults: DatasetDescription = {
  kind: 'dataset',
  each: 'its numbers, each with an error and a control',
  passes: 'were computed',
  unlisted: JSON_ATTRIBUTES,
  columns: [
    { key: 'title', title: 'Metric', text: (summary) => text(summary, 'title') },
    {
      key: 'headline',
      title: 'First number',
      about: 'Of several: the others are in All numbers.',
      text: (summary) => text(summary, 'headline'),
    },
    {
      key: 'value',
      title: 'Value',
      numeric: true,
      text: (summary) => digits(number(summary, 'value')),
      value: (summary) => number(summary, 'value'),
    },
    {
      key: 'error',
      title: '±',
      about: 'Its standard error.',
      numeric: true,
      text: (summary) => digits(number(summary, 'error')),
      value: (summary) => number(summary, 'error'),
    },
    {
      key: 'control',
      title: 'Held against',
      about: 'The same of what should show nothing, or of the exact.',
      text: (summary) => {
        const value = digits(number(summary, 'controlValue'));
        return value && `${text(summary, 'control')}: ${value}`;
      },
    },
    {
      key: 'items',
      title: 'Items',
      about: 'Texts, or rows of a perceptron.',
      numeric: true,
      text: (it) => text(it, 'items'),
      value: (it) => number(it, 'items'),
    },
  ],
};

export const analysisExperiment: Experiment = {
  ...analysisListing,
  itemName: { one: 'metric', many: 'metrics' },
  chunkEntry: 'analysis.chunk',
  precisions: ['f32'],
  workName: 'passes',
  workAbout: 'Forward passes of a text per second; a pass back counts two, a product with curvature nine',
  lighter: { memory: 'fewer rows at once, or shorter texts', time: 'fewer metrics or texts' },
  stepWords: 'one piece of a metric',
  params: analysisParams,
  presets: analysisPresets,
  results: analysisResults,
  files: analysisFiles,
  runWords,
};
