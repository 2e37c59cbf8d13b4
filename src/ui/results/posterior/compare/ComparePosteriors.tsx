import { useMemo, useState } from 'react';
import { compareRuns, type RunDifferences } from '../../../../results/posterior/compare-runs.ts';
import type { ItemSummary } from '../../../../results/posterior/item-summary.ts';
import type { KeptRun } from '../../../../worker/history/types.ts';
import { grouped, plain } from '../../../format.ts';
import history from '../../../history/History.module.css';
import { useStore } from '../../../state/store.ts';
import type { CompareProps } from '../../kind-views.ts';
import { posteriorSummaries } from '../of-store.ts';
import { DifferencesTable } from './DifferencesTable.tsx';
import { OverlayPanel } from './OverlayPanel.tsx';

/** How far the posteriors of two runs differ, in units of what the sampler itself leaves uncertain. */
export default function ComparePosteriors({ other, itemName: { one, many } }: CompareProps) {
  const summaries = useStore(posteriorSummaries);
  const differences = useMemo(
    () => compareRuns(summaries, other.summaries as readonly ItemSummary[]),
    [summaries, other],
  );
  const [picked, setPicked] = useState<string>();
  const { rows } = differences;
  const chosen = rows.some(({ runId }) => runId === picked) ? picked! : rows[0]?.runId;
  return (
    <>
      <p className={history.lead} data-testid="compare-lead">
        {sentence(differences, many)}
      </p>
      {chosen !== undefined && (
        <>
          <OverlayPanel other={other.entry.id} rows={inOrder(differences, chosen, other)} />
          <h3 className={history.heading}>Differences, the largest first</h3>
          <DifferencesTable one={one} rows={rows} chosen={chosen} onChoose={setPicked} />
        </>
      )}
    </>
  );
}

/** An item's rows in the order of the experiment's parameters. */
function inOrder({ rows }: RunDifferences, runId: string, { run }: KeptRun) {
  const place = (name: string) => run.parameters.findIndex((parameter) => parameter.name === name);
  return rows.filter((row) => row.runId === runId).sort((p, q) => place(p.parameter) - place(q.parameter));
}

function sentence({ rows, matched, onlyA, onlyB, identical, rms, beyond3 }: RunDifferences, many: string): string {
  if (matched === 0) return `The runs share no ${many}: no run id, i.e. no truth and seed, occurs in both.`;
  const alone = onlyA + onlyB > 0 ? `, ${grouped(onlyA)} only in A and ${grouped(onlyB)} only in B` : '';
  const start = `${grouped(matched)} ${many} in both${alone}.`;
  if (identical === rows.length) return `${start} All means and widths are equal to the bit.`;
  return `${start} Differences of the means: ${plain(rms, 3)} MCSE root mean square (1 when only Monte Carlo error differs), ${plain(100 * beyond3, 2)} % beyond 3 (0.27 % by chance)${identical > 0 ? `; ${grouped(identical)} of ${grouped(rows.length)} equal to the bit` : ''}.`;
}
