import { TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { type ParameterBias, pooledBias } from '../../engine/bias.ts';
import type { ItemSummary } from '../../engine/progress.ts';
import { grouped, plain, withError } from '../format.ts';
import { type Column, DataTable } from '../shared/DataTable.tsx';
import { Empty, Panel } from '../shared/Panel.tsx';
import { experiments } from '../state/config.ts';
import { useStore } from '../state/store.ts';
import classes from './ResultsTab.module.css';

const DEFAULT_TARGET = '1e-3';

const COLUMNS: readonly Column<ParameterBias>[] = [
  { key: 'name', title: 'Parameter', cell: (row) => row.name },
  {
    key: 'm',
    title: 'm',
    about:
      'Multiplicative bias: estimate = (1 + m) · truth + c. Zero means that changes come back in full. The error follows from the posterior widths.',
    numeric: true,
    cell: (row) => withError(row.m, row.mErr),
  },
  {
    key: 'c',
    title: 'c',
    about: 'Additive bias: what the estimate says where the truth is zero.',
    numeric: true,
    cell: (row) => withError(row.c, row.cErr),
  },
  {
    key: 'chi2',
    title: 'χ²/dof',
    about:
      'Scatter about the line in units of the stated errors. Near 1 the errors are honest; far above it they are too small.',
    numeric: true,
    cell: (row) => plain(row.chi2PerDof, 3),
  },
];

/** The pooled bias of the estimator with its error, and how many items would make that error small enough. */
export function BiasPanel({ summaries }: { readonly summaries: readonly ItemSummary[] }) {
  const many = useStore((store) => experiments.find(({ id }) => id === store.config.workload)!.itemName.many);
  const biases = useMemo(() => pooledBias(summaries), [summaries]);
  const [text, setText] = useState(DEFAULT_TARGET);
  const target = Number(text);
  const first = biases[0];
  const needed = first && target > 0 ? Math.ceil(first.n * (first.mErr / target) ** 2) : Number.NaN;
  return (
    <Panel
      title="Recovered bias"
      about="Posterior means regressed on the truth over all finished items, weighted by the posterior widths. A prior pulls noisy estimates towards its centre, which shows as a negative m; this line is not corrected for that."
    >
      {biases.length === 0 ? (
        <Empty>
          With at least two different true values of a parameter, the slope and offset of estimate against truth appear
          here.
        </Empty>
      ) : (
        <>
          <DataTable caption="Bias of each parameter" columns={COLUMNS} rows={biases} rowKey={(row) => row.name} />
          <div className={classes.target}>
            <label htmlFor="target-m">To know m of {first.name} to ±</label>
            <TextInput id="target-m" size="xs" value={text} onChange={(event) => setText(event.currentTarget.value)} />
            <span>
              {!Number.isFinite(needed)
                ? 'give a number above 0.'
                : needed <= first.n
                  ? `the ${grouped(first.n)} ${many} of this run are enough.`
                  : `takes about ${grouped(Number(needed.toPrecision(2)))} ${many} like these; this run has ${grouped(first.n)}.`}
            </span>
          </div>
        </>
      )}
    </Panel>
  );
}
