import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { ParameterStatistics } from '../../../../results/posterior/statistics.ts';
import { type Column, DataTable } from '../../../shared/DataTable.tsx';
import { CheckIcon, WarnIcon } from '../../../shared/icons.tsx';
import { Empty, FoldingPanel } from '../../../shared/Panel.tsx';
import text from '../../../shared/text.module.css';
import { useStore } from '../../../state/store.ts';
import { shownPosterior } from '../of-store.ts';
import { Pending } from './Pending.tsx';
import { RankCharts } from './RankCharts.tsx';
import classes from './Statistics.module.css';
import type { StatisticsView } from './useStatistics.ts';

/** Beyond this many binomial errors a coverage is marked. */
const MARKED_ERRORS = 3;
/** With fewer items nearly every coverage is within its error: a tick would say more than is known. */
const FEWEST_ITEMS = 10;

const coverageColumn = (index: number, title: string): Column<ParameterStatistics> => ({
  key: title,
  title,
  about: `Share of items whose central ${title} of draws hold the truth. The binomial error says how far from ${title} it may lie by chance; a mark warns beyond three of them. Below ${FEWEST_ITEMS} items there is neither mark nor tick.`,
  numeric: true,
  cell: ({ coverage }) => {
    const found = coverage[index];
    if (!found) return '–';
    const share = `${(100 * found.observed).toFixed(1)} ± ${(100 * found.error).toFixed(1)} %`;
    if (found.n < FEWEST_ITEMS)
      return (
        <>
          {share}
          <span className={classes.soft}>too few to tell</span>
        </>
      );
    const far = Math.abs(found.observed - found.level) > MARKED_ERRORS * found.error;
    return (
      <span className={classes.verdict} data-bad={far || undefined}>
        {far ? <WarnIcon /> : <CheckIcon />}
        {share}
        <span className={text.hidden}>{far ? ' too far from the level' : ' within its error'}</span>
      </span>
    );
  },
});

const COLUMNS: readonly Column<ParameterStatistics>[] = [
  { key: 'name', title: 'Parameter', cell: ({ name }) => name },
  coverageColumn(0, '68 %'),
  coverageColumn(1, '95 %'),
  {
    key: 'n',
    title: 'Items',
    numeric: true,
    cell: ({ coverage }) => coverage[0]?.n ?? 0,
  },
];

/** Whether the error bars mean what they say: coverage, and ranks of the truth where truths were drawn from the prior. */
export function CalibrationPanel({ statistics, problem }: StatisticsView) {
  const parameters = statistics?.parameters ?? [];
  const ranked = parameters.filter(({ sbc }) => sbc !== null);
  const [chosen, setChosen] = useState('');
  const shown = ranked.find(({ name }) => name === chosen) ?? ranked[0];
  const drawnFromPrior = useStore((store) => shownPosterior(store).priorTruths ?? 'truths drawn from the prior');
  const known = parameters.filter(({ coverage }) => coverage.length > 0);
  return (
    <FoldingPanel
      id="results.calibration"
      title="Calibration"
      // Runs of truths from the prior are made for it.
      open={statistics?.truthsFromPrior}
      about="A posterior is calibrated when its error bars mean what they say: over many items, the truth lies inside the 68 % interval 68 times in 100, and its rank among the draws is anywhere equally often (simulation-based calibration, Talts et al. 2018)."
      aside={
        statistics?.truthsFromPrior &&
        shown && (
          <NativeSelect
            size="xs"
            aria-label="Parameter of the ranks"
            value={shown.name}
            data={ranked.map(({ name }) => name)}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
        )
      }
    >
      {statistics ? (
        <>
          {known.length === 0 ? (
            <Empty>Without known truths there is no coverage to count.</Empty>
          ) : (
            <DataTable
              caption="How often intervals hold the truth"
              testId="coverage-table"
              columns={COLUMNS}
              rows={known}
              rowKey={({ name }) => name}
            />
          )}
          {!statistics.truthsFromPrior ? (
            <p className={classes.note}>
              Ranks must be uniform only for truths drawn from the prior. To see them, choose {drawnFromPrior} and run.
            </p>
          ) : shown?.sbc ? (
            <RankCharts name={shown.name} sbc={shown.sbc} />
          ) : (
            <p className={classes.note}>A histogram of ranks appears from 20 finished items on.</p>
          )}
        </>
      ) : (
        <Pending problem={problem} />
      )}
    </FoldingPanel>
  );
}
