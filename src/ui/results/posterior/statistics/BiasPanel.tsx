import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { NaiveBias, ParameterStatistics } from '../../../../results/posterior/statistics.ts';
import type { CorrectedBias } from '../../../../stats/corrected-bias.ts';
import { grouped, plain, withError } from '../../../format.ts';
import { type Column, DataTable } from '../../../shared/DataTable.tsx';
import { WarnIcon } from '../../../shared/icons.tsx';
import { Empty, Panel } from '../../../shared/Panel.tsx';
import { shownExperiment } from '../../../state/shown.ts';
import { useStore } from '../../../state/store.ts';
import { Pending } from './Pending.tsx';
import classes from './Statistics.module.css';
import type { StatisticsView } from './useStatistics.ts';

const DEFAULT_TARGET = '1e-3';

interface Row {
  readonly name: string;
  readonly estimator: string;
  readonly fit: NaiveBias | CorrectedBias;
}

const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'estimator',
    title: 'Estimate',
    about:
      'Posterior means as they are keep the pull of the prior: it draws noisy estimates towards its centre, which shows as a negative m. With the prior taken out, the likelihoods of all items are combined instead (precision of the posterior less that of the prior), and no item is divided by its own.',
    cell: ({ name, estimator }) => (
      <>
        {name} <span className={classes.soft}>{estimator}</span>
      </>
    ),
  },
  {
    key: 'm',
    title: 'm',
    about:
      'Multiplicative bias: estimate = (1 + m) · truth + c. Zero means that changes come back in full. The error is a jackknife: the scatter of m when one item (or pair) after the other is left out.',
    numeric: true,
    cell: (row) => (
      <span className={classes.wrap}>
        {Number.isFinite(row.fit.m) ? withError(row.fit.m, row.fit.jackknife.mErr) : 'one true value'}
      </span>
    ),
  },
  {
    key: 'c',
    title: 'c',
    about:
      'Additive bias: what the estimate says where the truth is zero; where the truth takes one value only, the offset there. Error by jackknife.',
    numeric: true,
    cell: (row) => <span className={classes.wrap}>{withError(row.fit.c, row.fit.jackknife.cErr)}</span>,
  },
];

interface BiasPanelProps extends StatisticsView {
  /** What keeps the numbers from being believed, as a sentence without its end. */
  readonly doubt: string | undefined;
}

/** Bias of posterior means and of combined likelihoods, what pairs say, and how many items a smaller error takes. */
export function BiasPanel({ statistics, problem, doubt }: BiasPanelProps) {
  const parameters = statistics?.parameters ?? [];
  const rows = parameters.flatMap(rowsOf);
  const doubled = parameters.filter(({ paired, ring }) => paired !== null || ring !== null);
  const sloped = rows.find(({ fit }) => Number.isFinite(fit.m) && fit.jackknife.mErr > 0);
  return (
    <Panel
      title="Recovered bias"
      about="How faithfully true values come back, over all finished items: a line through estimate against truth, weighted by the posterior widths. Converged or not, every item counts."
    >
      {!statistics ? (
        <Pending problem={problem} />
      ) : rows.length === 0 ? (
        <Empty>
          With at least two different true values of a parameter, the slope and offset of estimate against truth appear
          here.
        </Empty>
      ) : (
        <>
          {doubt && (
            <p className={classes.verdict} data-bad>
              <WarnIcon />
              <span>Not to be believed: {doubt}.</span>
            </p>
          )}
          <DataTable
            caption="Bias of each parameter"
            testId="bias-table"
            columns={COLUMNS}
            rows={rows}
            rowKey={(row) => `${row.name} ${row.estimator}`}
          />
          {doubled.length > 0 && (
            <ul className={classes.facts}>
              {doubled.map((each) => (
                <Doubled key={each.name} statistics={each} />
              ))}
            </ul>
          )}
          {sloped && <Needed name={sloped.name} n={sloped.fit.n} mErr={sloped.fit.jackknife.mErr} />}
        </>
      )}
    </Panel>
  );
}

function rowsOf({ name, naive, corrected, origin }: ParameterStatistics): Row[] {
  const estimator = origin === 0 ? 'posterior means' : 'posterior means, from the mean truth';
  return [
    ...(naive ? [{ name, estimator, fit: naive }] : []),
    ...(corrected ? [{ name, estimator: 'prior taken out', fit: corrected }] : []),
  ];
}

/** What pairs and twins say. */
function Doubled({ statistics: { name, paired, ring } }: { readonly statistics: ParameterStatistics }) {
  return (
    <>
      {paired && (
        <li>
          {name} from {grouped(paired.n)} {paired.label}: m = {withError(paired.mean - 1, paired.error)} (posterior
          means)
        </li>
      )}
      {ring && (
        <li>
          {name} from {grouped(ring.n)} {ring.label}: mean error {withError(ring.mean, ring.error)}, its variance{' '}
          {plain(ring.varianceRatio, 2)} of that without twins
        </li>
      )}
    </>
  );
}

function Needed({ name, n, mErr }: { readonly name: string; readonly n: number; readonly mErr: number }) {
  const many = useStore((store) => shownExperiment(store).itemName.many);
  const [text, setText] = useState(DEFAULT_TARGET);
  const target = Number(text);
  const needed = target > 0 ? Math.ceil(n * (mErr / target) ** 2) : Number.NaN;
  return (
    <div className={classes.target}>
      <label htmlFor="target-m">To know m of {name} to ±</label>
      <TextInput id="target-m" size="xs" value={text} onChange={(event) => setText(event.currentTarget.value)} />
      <span>
        {!Number.isFinite(needed)
          ? 'give a number above 0.'
          : needed <= n
            ? `the ${grouped(n)} ${many} of this run are enough.`
            : `takes about ${grouped(Number(needed.toPrecision(2)))} ${many} like these; this run has ${grouped(n)}.`}
      </span>
    </div>
  );
}
