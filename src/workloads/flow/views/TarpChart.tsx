import type { Calibration } from '../../../results/posterior/quality/types.ts';
import { LinePlot } from '../../../ui/charts/LinePlot.tsx';
import { fixed, grouped, plain } from '../../../ui/format.ts';
import statistics from '../../../ui/results/posterior/statistics/Statistics.module.css';
import { type Column, DataTable } from '../../../ui/shared/DataTable.tsx';
import { tarpVerdict } from './quality-words.ts';
import { VerdictLine } from './VerdictLine.tsx';

interface Row {
  readonly alpha: number;
  readonly ecp: number;
  readonly low: number;
  readonly high: number;
}

const COLUMNS: readonly Column<Row>[] = [
  { key: 'alpha', title: 'Level', numeric: true, cell: ({ alpha }) => fixed(alpha, 2) },
  { key: 'ecp', title: 'Found', numeric: true, cell: ({ ecp }) => fixed(ecp, 3) },
  { key: 'band', title: '95 % band', numeric: true, cell: ({ low, high }) => `${fixed(low, 3)} to ${fixed(high, 3)}` },
];

/** How often regions around random points hold the truth, over how often they should (TARP, Lemos et al. 2023). */
export function TarpChart({ calibration }: { readonly calibration: Calibration }) {
  const { tarp, n } = calibration;
  const rows = tarp.alpha.map((alpha, i): Row => {
    const [low, high] = tarp.band[i];
    return { alpha, ecp: tarp.ecp[i], low, high };
  });
  const verdict = tarpVerdict(calibration);
  return (
    <div data-testid="tarp">
      <VerdictLine {...verdict} words={`TARP: ${verdict.words} (p = ${plain(tarp.ksPValue, 2)})`} />
      <figure className={statistics.figure}>
        <figcaption>
          Share of {grouped(n)} truths inside regions of each level, in all dimensions together; on the diagonal where
          posteriors are as wide as they should be. Dashed: 95 % of what chance gives.
        </figcaption>
        <LinePlot
          label={`Coverage over level; the area between it and the diagonal is ${plain(tarp.atc, 2)}`}
          height={250}
          x={tarp.alpha}
          xLabel="level"
          yLabel="share of truths inside"
          series={[
            { label: 'found', color: 0, values: tarp.ecp },
            { label: 'as it should be', color: 2, values: tarp.alpha, dash: [2, 3] },
            { label: 'band, lower', color: 1, values: rows.map(({ low }) => low), dash: [5, 4] },
            { label: 'band, upper', color: 1, values: rows.map(({ high }) => high), dash: [5, 4] },
          ]}
        />
      </figure>
      <details className={statistics.details}>
        <summary>TARP as a table</summary>
        <DataTable caption="Coverage by level" columns={COLUMNS} rows={rows} rowKey={({ alpha }) => alpha} />
      </details>
    </div>
  );
}
