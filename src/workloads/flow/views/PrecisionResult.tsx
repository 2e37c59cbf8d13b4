import {
  activationBytesASample,
  PARITY_LIMIT,
  PRECISION_C2ST_LIMIT,
  parity,
  precisionVerdict,
  SPEED_NOISE,
  weightBytes,
} from '../../../results/posterior/quality/precision-verdict.ts';
import type { PrecisionComparison, PrecisionCost } from '../../../results/posterior/quality/types.ts';
import { grouped, plain, scientific } from '../../../ui/format.ts';
import statistics from '../../../ui/results/posterior/statistics/Statistics.module.css';
import { type Column, DataTable } from '../../../ui/shared/DataTable.tsx';
import classes from './Flow.module.css';
import { VerdictLine } from './VerdictLine.tsx';

interface Row {
  readonly cost: PrecisionCost;
  readonly reference: PrecisionCost;
}

const soft = (text: string) => <span className={statistics.soft}>{text}</span>;
const shortNumber = (value: number) => scientific(value, 1);
const times = (ratio: number) => `×${ratio.toFixed(2)}`;

/** Exact bytes, and their share of the reference's. */
function bytes({ cost, reference }: Row, of: (network: NonNullable<PrecisionCost['network']>) => number) {
  if (!cost.network || !reference.network) return '–';
  return (
    <>
      {grouped(of(cost.network))} B{soft(times(of(cost.network) / of(reference.network)))}
    </>
  );
}

const COLUMNS: readonly Column<Row>[] = [
  { key: 'precision', title: 'Precision', cell: ({ cost }) => cost.precision },
  {
    key: 'speed',
    title: 'Samples/s',
    about: 'Median of the runs, which took turns; compiling left out. Below it the ratio to f32.',
    numeric: true,
    cell: ({ cost }) => (
      <>
        {plain(cost.samplesPerSecond, 3)}
        {soft(times(cost.throughputRatio))}
      </>
    ),
  },
  {
    key: 'weights',
    title: 'Weights',
    about: 'Exact bytes on the device. Hidden matrices are halved; first and last layer and biases stay f32.',
    numeric: true,
    cell: (row) => bytes(row, weightBytes),
  },
  {
    key: 'activations',
    title: 'Activations a sample',
    about: 'Exact bytes of the activations of hidden layers; inputs and outputs stay f32.',
    numeric: true,
    cell: (row) => bytes(row, activationBytesASample),
  },
  {
    key: 'all',
    title: 'All GPU memory',
    about:
      'Every buffer of the run. Samples and observations are f32 in any precision, so many samples hide what halves save.',
    numeric: true,
    wideOnly: true,
    cell: ({ cost }) => (
      <>
        {grouped(cost.bytes)} B{soft(times(cost.bytesRatio))}
      </>
    ),
  },
  {
    key: 'difference',
    title: 'Largest difference',
    about: `From the sample in f32 that began from the same noise, over the rms of the way there, which is the sample’s mean velocity: at most ${PARITY_LIMIT}. Below it the same over the rms of the samples: the narrower the posterior, the larger. A sample near a watershed may end at another mode.`,
    numeric: true,
    cell: ({ cost, reference }) =>
      cost === reference ? (
        'the reference'
      ) : (
        <>
          {shortNumber(parity(cost))}
          {soft(`of samples: ${shortNumber(cost.largestDifference)}`)}
        </>
      ),
  },
  {
    key: 'c2st',
    title: 'C2ST against f32',
    about: `Share of samples that a classifier tells from those in f32, of other noise: 0.5 is perfect, at most ${PRECISION_C2ST_LIMIT}. Below it that of two independent samples in f32.`,
    numeric: true,
    cell: ({ cost }) => (
      <>
        {cost.c2st.value.toFixed(3)}
        {soft(`f32: ${cost.c2st.control.toFixed(3)}`)}
      </>
    ),
  },
];

/** The three claims about halves, measured: verdicts in words, then the numbers. */
export function PrecisionResult({ comparison }: { readonly comparison: PrecisionComparison }) {
  const { costs, lacking, software } = comparison;
  const [reference, ...halves] = costs;
  const gainsTime = halves.some((cost) => cost.throughputRatio > 1 + SPEED_NOISE);
  return (
    <>
      <ul className={classes.verdicts} data-testid="precisions-verdicts">
        {halves.map((cost) => (
          <li key={cost.precision}>
            <VerdictLine {...precisionVerdict(cost, reference)} lead={cost.precision} />
          </li>
        ))}
      </ul>
      <DataTable
        caption="Precisions against f32"
        testId="precisions-table"
        columns={COLUMNS}
        rows={costs.map((cost) => ({ cost, reference }))}
        rowKey={({ cost }) => cost.precision}
        whole
      />
      <p className={classes.note}>
        {grouped(reference.points)} samples on either side of a C2ST.
        {software
          ? ` This is a software adapter: ${gainsTime ? 'its times are not a GPU’s' : 'halves save memory here, not time, and its times are not a GPU’s'}.`
          : ''}
        {lacking.map(({ precision, reason }) => ` No ${precision}: ${reason}.`)}
      </p>
    </>
  );
}
