/** The cells experiment's parameters. One row gives form field, flag, link and validation. */
import type { ParamSpec, ParamValues } from '../params.ts';
import { parseParams } from '../validate.ts';

const imputes = (values: ParamValues) => values.task === 'impute';
const oneByOne = (values: ParamValues) => values.rule === 'first-hitting';

export const cellsParams: readonly ParamSpec[] = [
  {
    key: 'task',
    label: 'What to do',
    help: 'Draw new cells, draw cells under a perturbation, or fill in hidden genes of real cells that the network was not trained on.',
    group: 'Problem',
    kind: 'choice',
    default: 'generate',
    choices: [
      { value: 'generate', label: 'Generate cells', help: 'labels in the shares that the data have them' },
      {
        value: 'perturbation',
        label: 'Predict a perturbation',
        help: 'under one label, or all in turn, beside the control',
      },
      { value: 'impute', label: 'Impute hidden genes', help: 'known genes of held-out cells are never rewritten' },
    ],
  },
  {
    key: 'model',
    label: 'Predictor',
    help: 'What says how likely each count of a masked gene is, given the genes that are visible.',
    group: 'Problem',
    kind: 'choice',
    default: 'network',
    choices: [
      { value: 'network', label: 'Network', help: 'the one that ships, your own, or one trained on this page' },
      {
        value: 'mixture',
        label: 'Mixture',
        help: 'a mixture of independent genes fitted to the data: no network, and the bar that one must pass',
      },
    ],
  },
  {
    key: 'cells',
    label: 'Cells',
    help: 'How many cells to draw; of imputation at most as many as are held out.',
    group: 'Problem',
    kind: 'integer',
    multiplies: 'items',
    default: 256,
    min: 1,
    max: 1_000_000,
  },
  {
    key: 'perturbation',
    label: 'Perturbation',
    help: 'The label to draw under, as the data spell it. Nothing draws all labels in turn (predict) or in the shares that the data have them (generate); "none" draws under no label.',
    group: 'Problem',
    kind: 'text',
    default: '',
    maxLength: 200,
    allowed: 'a label of the data, none, or nothing',
    when: (values) => !imputes(values),
  },
  {
    key: 'cellType',
    label: 'Cell type',
    help: 'The cell type to draw, as the data spell it. Nothing takes them in the shares that the data have them; "none" draws under no label.',
    group: 'Problem',
    kind: 'text',
    default: '',
    maxLength: 200,
    allowed: 'a label of the data, none, or nothing',
    when: (values) => !imputes(values),
  },
  {
    key: 'hidden',
    label: 'Hidden share',
    help: 'Share of the genes of every cell that is hidden and filled in again.',
    group: 'Problem',
    kind: 'number',
    default: 0.2,
    min: 0,
    exclusiveMin: true,
    max: 1,
    step: 0.05,
    when: imputes,
  },
  {
    key: 'genes',
    label: 'Genes',
    help: 'How many genes of your data to keep: those whose log counts vary most. A network brings its own genes, found in your data by name.',
    group: 'Data',
    kind: 'integer',
    default: 200,
    min: 2,
    max: 2048,
    advanced: true,
  },
  {
    key: 'geneList',
    label: 'Gene list',
    help: 'Names of the genes to keep, separated by commas, in the place of the most variable ones.',
    group: 'Data',
    kind: 'text',
    default: '',
    maxLength: 40_000,
    allowed: 'names of genes separated by commas, or nothing',
    advanced: true,
  },
  {
    key: 'bins',
    label: 'Bins',
    help: 'How counts become tokens. A network brings its own.',
    group: 'Data',
    kind: 'choice',
    default: 'octave',
    choices: [
      {
        value: 'octave',
        label: 'Exact, then two an octave',
        help: '0 … 7 exact, then 8, 12, 16, 23, 32, 46, 64, 91 and more',
      },
      {
        value: 'exact',
        label: 'Exact, clipped',
        help: 'every count is its own bin, the last one holds all larger ones',
      },
      {
        value: 'quantile',
        label: 'Quantiles of each cell',
        help: 'equal shares of a cell’s non-zero counts: how deep a cell was read is lost',
      },
    ],
    advanced: true,
  },
  {
    key: 'binCount',
    label: 'Number of bins',
    help: 'Bins of counts, that of zero included.',
    group: 'Data',
    kind: 'integer',
    default: 16,
    min: 2,
    max: 255,
    advanced: true,
  },
  {
    key: 'rule',
    label: 'Rule',
    help: 'Which masked genes are revealed in a step. All but the last are right and differ in how often two genes share a step.',
    group: 'Sampler',
    kind: 'choice',
    default: 'tweedie',
    choices: [
      { value: 'tweedie', label: 'Tweedie', help: 'the exact share of the schedule in every step' },
      { value: 'euler', label: 'Euler', help: 'rate times step; the same as Tweedie on the log-linear schedule' },
      {
        value: 'balanced',
        label: 'Balanced',
        help: 'equally many genes in every step, in an order of each cell’s own',
      },
      {
        value: 'first-hitting',
        label: 'First hitting',
        help: 'one gene at a time: exact where the predictor is, one call a gene',
      },
      {
        value: 'origin',
        label: 'The origin’s rule',
        help: 'reveals at the forward rate, so nearly every gene in the first step: all are drawn as if independent',
      },
    ],
  },
  {
    key: 'schedule',
    label: 'Schedule',
    help: 'How fast genes are masked along the way, and so revealed on the way back.',
    group: 'Sampler',
    kind: 'choice',
    default: 'loglinear',
    choices: [
      { value: 'loglinear', label: 'Log-linear', help: 'equal shares: two genes meet in a step as rarely as can be' },
      { value: 'geometric', label: 'Geometric', help: 'late steps are crowded: three times as many genes meet' },
    ],
    advanced: true,
    when: (values) => !oneByOne(values) && values.rule !== 'balanced',
  },
  {
    key: 'steps',
    label: 'Steps',
    help: 'Steps from all masked to none. Genes of a step are drawn independently, so the error falls as one over the steps; at 200 genes 64 are enough.',
    group: 'Sampler',
    kind: 'integer',
    default: 64,
    min: 1,
    max: 4096,
    when: (values) => !oneByOne(values),
  },
  {
    key: 'temperature',
    label: 'Temperature',
    help: 'Below 1 likely counts are drawn more often than the predictor says: variance shrinks and rare states vanish.',
    group: 'Sampler',
    kind: 'number',
    default: 1,
    min: 0,
    exclusiveMin: true,
    max: 10,
    step: 0.05,
  },
  {
    key: 'guidance',
    label: 'Guidance γ',
    help: '1 draws from the network under the label, 0 without it; above 1 sharpens what the label changes, at two calls a step.',
    group: 'Sampler',
    kind: 'number',
    default: 1,
    min: 0,
    max: 20,
    step: 0.1,
    when: (values) => values.model === 'network' && values.task !== 'impute',
  },
  {
    key: 'denoise',
    label: 'Last step',
    help: 'What happens to genes that are still masked at the end: a few in ten thousand by the right rules.',
    group: 'Sampler',
    kind: 'choice',
    default: 'draw',
    choices: [
      { value: 'draw', label: 'Drawn' },
      { value: 'argmax', label: 'Most likely', help: 'as the origin does; takes variance away' },
    ],
    advanced: true,
    when: (values) => values.rule === 'tweedie' || values.rule === 'euler',
  },
];

/** The table's values by name and type. */
export interface CellsParams {
  readonly task: 'generate' | 'perturbation' | 'impute';
  readonly model: 'network' | 'mixture';
  readonly cells: number;
  readonly perturbation: string;
  readonly cellType: string;
  readonly hidden: number;
  readonly genes: number;
  readonly geneList: string;
  readonly bins: 'octave' | 'exact' | 'quantile';
  readonly binCount: number;
  readonly rule: 'tweedie' | 'euler' | 'balanced' | 'first-hitting' | 'origin';
  readonly schedule: 'loglinear' | 'geometric';
  readonly steps: number;
  readonly temperature: number;
  readonly guidance: number;
  readonly denoise: 'draw' | 'argmax';
}

/**
 * Types a set of parameters, filling gaps with the table's defaults.
 * @throws ConfigError where the table does not allow a value or does not know a key.
 */
export function readCellsParams(values: ParamValues): CellsParams {
  // The table has just checked every key and value that the interface lists.
  return parseParams(cellsParams, undefined, values) as unknown as CellsParams;
}

/** Task, rule and steps of a run: "Generate cells", "Tweedie × 64". */
export function runWords(values: ParamValues): string[] {
  const { task, rule, steps } = readCellsParams(values);
  const label = (key: string, value: string) => {
    const spec = cellsParams.find((each) => each.key === key);
    return (spec?.kind === 'choice' && spec.choices.find((choice) => choice.value === value)?.label) || value;
  };
  return [label('task', task), rule === 'first-hitting' ? label('rule', rule) : `${label('rule', rule)} × ${steps}`];
}
