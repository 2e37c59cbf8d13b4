import { Button, Progress } from '@mantine/core';
import { exactBytes, grouped, plain, scientific } from '../../../ui/format.ts';
import { type Column, DataTable } from '../../../ui/shared/DataTable.tsx';
import { Empty, FoldingPanel } from '../../../ui/shared/Panel.tsx';
import { isActive, isTuning, useStore } from '../../../ui/state/store.ts';
import { isTraining } from '../../../ui/training/controls.ts';
import type { PrecisionRow, PrecisionTable } from '../evaluation/types.ts';
import classes from './Cells.module.css';
import { comparePrecisions, precisionsKey, stopPrecisions, usePrecisions } from './comparing.ts';
import { figure } from './metric-rows.ts';
import { ruleWords } from './rule-words.ts';
import { useTraining } from './training.ts';

interface Row {
  readonly row: PrecisionRow;
  readonly reference: PrecisionRow;
  readonly table: PrecisionTable;
}

const below = (text: string) => <span className={classes.below}>{text}</span>;
const times = (ratio: number) => `×${ratio.toFixed(2)}`;
const small = (value: number) => scientific(value, 1);

/** What stands beside a metric of every row. */
function Besides({ table: { floor, again }, metric }: BesidesProps) {
  return (
    <>
      {below(`floor ${figure(floor[metric])}`)}
      {again && below(`f32 again ${figure(again[metric])}`)}
    </>
  );
}

interface BesidesProps {
  readonly table: PrecisionTable;
  readonly metric: 'corr_slope' | 'frechet';
}

function bytes({ row, reference }: Row, part: keyof PrecisionRow['bytes']) {
  return (
    <>
      <span title={exactBytes(row.bytes[part])}>{grouped(row.bytes[part])} B</span>
      {below(times(row.bytes[part] / reference.bytes[part]))}
    </>
  );
}

const COLUMNS: readonly Column<Row>[] = [
  { key: 'precision', title: 'Precision', cell: ({ row }) => row.precision },
  {
    key: 'speed',
    title: 'Cells/s',
    about: 'All cells of the table, compiling left out. Below it the ratio to f32.',
    numeric: true,
    cell: ({ row, reference }) => (
      <>
        {plain(row.cellsPerSecond, 3)}
        {below(times(row.cellsPerSecond / reference.cellsPerSecond))}
      </>
    ),
  },
  {
    key: 'weights',
    title: 'Weights',
    about: 'Exact bytes on the device. Below them the ratio to f32.',
    numeric: true,
    cell: (row) => bytes(row, 'weights'),
  },
  {
    key: 'activations',
    title: 'Activations',
    about:
      'Exact bytes of a chunk: queries, keys, values and the hidden layer are halved, the residual stream stays f32.',
    numeric: true,
    cell: (row) => bytes(row, 'activations'),
  },
  {
    key: 'others',
    title: 'All else',
    about: 'Tokens, lists, logits and what is read back: f32 and whole numbers in any precision.',
    numeric: true,
    wideOnly: true,
    cell: (row) => bytes(row, 'others'),
  },
  {
    key: 'logits',
    title: 'Logits',
    about:
      'Largest difference of a logit from f32 over the root mean square of the logits; below it the mean Kullback–Leibler divergence in nats.',
    numeric: true,
    cell: ({ row, reference }) =>
      row === reference ? (
        'the reference'
      ) : (
        <>
          {small(row.logits.maxOverRms)}
          {below(`KL ${small(row.logits.kl)}`)}
        </>
      ),
  },
  {
    key: 'flips',
    title: 'Tokens that flip',
    about:
      'With the same random numbers, in one step; below it after all steps, where one flip moves others, which says nothing of the law.',
    numeric: true,
    cell: ({ row, reference }) =>
      row === reference ? (
        '–'
      ) : (
        <>
          {percent(row.logits.flips)}
          {below(`all steps ${percent(row.tokensDiffer)}`)}
        </>
      ),
  },
  {
    key: 'slope',
    title: 'Correlation slope',
    about:
      'Of gene–gene correlations on those of real cells. Below it the floor, which is training cells in the place of drawn ones, and f32 again by other random numbers: what chance alone changes.',
    numeric: true,
    cell: ({ row, table }) => (
      <>
        {figure(row.quality.corr_slope)}
        <Besides table={table} metric="corr_slope" />
      </>
    ),
  },
  {
    key: 'frechet',
    title: 'Fréchet distance',
    about:
      'On principal components of the real cells, lower is better. Below it the floor, and f32 again by other random numbers.',
    numeric: true,
    cell: ({ row, table }) => (
      <>
        {figure(row.quality.frechet)}
        <Besides table={table} metric="frechet" />
      </>
    ),
  },
];

/** The same cells in f32 and in halves: speed, bytes, and what it did to the distribution. */
export default function PrecisionPanel() {
  const config = useStore((store) => store.config);
  const blocked = useStore(
    (store) => isActive(store) || isTuning(store) || !store.device?.report || Object.keys(store.fieldErrors).length > 0,
  );
  const training = useTraining(isTraining);
  const { going, table, key, problem } = usePrecisions();
  const network = config.params.model === 'network';
  const changed = table !== undefined && key !== precisionsKey(config);
  return (
    <FoldingPanel
      id="live.precisions"
      open={table !== undefined}
      title="What half precision costs"
      about="Cells are drawn in f32 and in each kind of halves with the network, rule and steps of the form and the same random numbers. Half precision is said to be twice as fast, in half of the memory and as accurate: here each of the three is measured, the last as distance of laws, not of cells."
      brief={
        <span className={classes.soft}>
          {table ? `${table.rows.length} precisions` : 'f32, f16 and bf16 side by side'}
        </span>
      }
      aside={
        going ? (
          <Button
            size="xs"
            variant="default"
            disabled={going.stopping}
            onClick={stopPrecisions}
            data-testid="precisions-stop"
          >
            {going.stopping ? 'Stopping' : 'Stop comparing'}
          </Button>
        ) : (
          <Button
            size="xs"
            variant="light"
            disabled={blocked || training || !network}
            onClick={() => void comparePrecisions(config)}
            data-testid="precisions-compare"
          >
            Compare precisions
          </Button>
        )
      }
    >
      {going && (
        <div role="status" className={classes.note} data-testid="precisions-progress">
          <Progress value={100 * going.fraction} aria-label="Progress of the comparison" />
          <p>{going.what}</p>
        </div>
      )}
      {table && table.rows.length > 0 ? (
        <Table table={table} changed={changed} />
      ) : (
        !going && (
          <Empty>
            {network
              ? 'Press “Compare precisions”: it takes a minute or more on a software adapter.'
              : 'Only a network has a precision: choose it as predictor.'}
          </Empty>
        )
      )}
      {problem && (
        <p className={classes.problem} role="alert">
          Not compared: {problem}
        </p>
      )}
    </FoldingPanel>
  );
}

function Table({ table, changed }: { readonly table: PrecisionTable; readonly changed: boolean }) {
  const { rows, lacking, claims, cells, on, predictor, rule, steps, chunk } = table;
  const [reference] = rows;
  return (
    <>
      {claims.length > 0 && (
        <ul className={classes.claims} data-testid="precisions-claims">
          {claims.map((claim) => (
            <li key={claim}>{claim}</li>
          ))}
        </ul>
      )}
      <DataTable
        caption="Precisions against f32"
        testId="precisions-table"
        columns={COLUMNS}
        rows={rows.map((row) => ({ row, reference, table }))}
        rowKey={({ row }) => row.precision}
      />
      <p className={classes.note}>
        {predictor}, {ruleWords(rule, steps)}, {grouped(cells)} cells in chunks of {grouped(chunk)}, on {on}.
        {lacking.map(({ precision, reason }) => ` No ${precision}: ${reason}.`)}
        {changed && ' The settings have changed since.'}
      </p>
    </>
  );
}

const percent = (share: number) => `${plain(100 * share, 2)} %`;
