import { grouped } from '../../../ui/format.ts';
import { type Column, DataTable } from '../../../ui/shared/DataTable.tsx';
import { Explain } from '../../../ui/shared/Explain.tsx';
import type { CellMetrics, MetricRow, MetricWords, PerturbationRow, Value } from '../metrics/types.ts';
import classes from './Cells.module.css';
import { baselineNames, figure, shareOfWay } from './metric-rows.ts';

/** The baseline that any rule reaches without a network. */
const INDEPENDENT = 'independent';

const GOOD: Readonly<Record<MetricWords['better'], string>> = {
  lower: 'lower is better',
  higher: 'higher is better',
  zero: '0 is best',
  one: '1 is best',
};

/** A row a metric: its value beside floor and baselines, and what it is on demand. */
export function MetricsTable({ metrics }: { readonly metrics: CellMetrics }) {
  const names = baselineNames(metrics);
  const columns: readonly Column<MetricRow>[] = [
    {
      key: 'metric',
      title: 'Metric',
      cell: ({ title, definition, space, better }) => (
        <>
          {title}{' '}
          <Explain what={title}>
            {definition} Measured in: {space}. {GOOD[better]}.
          </Explain>
          <span className={classes.below}>{GOOD[better]}</span>
        </>
      ),
    },
    { key: 'value', title: 'This run', numeric: true, cell: ({ value }) => <strong>{figure(value)}</strong> },
    {
      key: 'floor',
      title: 'Floor',
      about:
        'The same of real cells that were trained on, in the place of drawn ones: as near as chance lets anything come.',
      numeric: true,
      cell: ({ floor }) => figure(floor),
    },
    {
      key: 'way',
      title: 'Of the way',
      about:
        'How much of the distance from independent genes to the floor is covered: 100 % is as good as real cells, 0 % no better than drawing every gene alone.',
      numeric: true,
      cell: (row) => wayText(shareOfWay(row, row.baselines[INDEPENDENT])),
    },
    ...names.map(
      (name): Column<MetricRow> => ({
        key: name,
        title: capital(name),
        about: `The same of a baseline that needs no network: ${name}.`,
        numeric: true,
        wideOnly: true,
        cell: ({ baselines }) => figure(baselines[name]),
      }),
    ),
    {
      key: 'n',
      title: 'Cells',
      about: 'On either side; of imputation the hidden genes.',
      numeric: true,
      wideOnly: true,
      cell: ({ n }) => grouped(n),
    },
  ];
  return (
    <>
      <DataTable
        caption="Metrics of the finished cells"
        testId="cells-metrics"
        columns={columns}
        rows={metrics.rows}
        rowKey={({ id }) => id}
      />
      {metrics.notes.length > 0 && (
        <ul className={classes.notes}>
          {metrics.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Metrics of perturbations that a table has room for; the files have all. */
const SHOWN = ['pearson_delta', 'mae_delta', 'discrimination_score_l2', 'overlap_at_N', 'de_direction_match'];

/** A row a perturbation: the drawn effect against the real one, beside control and the mean of all perturbed cells. */
export function PerturbationsTable({ metrics }: { readonly metrics: CellMetrics }) {
  const shown = metrics.perturbationMetrics.filter(({ id }) => SHOWN.includes(id));
  const columns: readonly Column<PerturbationRow>[] = [
    { key: 'perturbation', title: 'Perturbation', cell: ({ perturbation }) => perturbation },
    { key: 'cells', title: 'Cells', about: 'On either side.', numeric: true, cell: ({ cells }) => grouped(cells) },
    ...shown.map(
      ({ id, title, definition, space, better }): Column<PerturbationRow> => ({
        key: id,
        title,
        about: `${definition} Measured in: ${space}. ${GOOD[better]}.`,
        numeric: true,
        cell: ({ values }) => <PerturbationCell values={values[id] ?? {}} />,
      }),
    ),
  ];
  return (
    <DataTable
      caption="Each perturbation: drawn cells against real ones"
      testId="cells-perturbations"
      columns={columns}
      rows={metrics.perturbations}
      rowKey={({ perturbation }) => perturbation}
    />
  );
}

/** Drawn cells first, below them what stands beside. */
function PerturbationCell({ values }: { readonly values: Readonly<Record<string, Value>> }) {
  const [first, ...others] = Object.entries(values);
  if (!first) return '–';
  return (
    <>
      <strong>{figure(first[1])}</strong>
      {others.length > 0 && (
        <span className={classes.besides}>
          {others.map(([name, value]) => `${name.replaceAll('_', ' ')} ${figure(value)}`).join(', ')}
        </span>
      )}
    </>
  );
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1).replaceAll('_', ' ');

function wayText(share: number | undefined): string {
  return share === undefined ? '–' : `${Math.round(100 * Math.max(-9.99, Math.min(1.5, share)))} %`.replace('-', '−');
}
