import { useEffect, useState } from 'react';
import type { Difference } from '../../../../results/posterior/compare-runs.ts';
import type { PosteriorItem } from '../../../../results/posterior/item.ts';
import { posterior } from '../../../../results/posterior/narrow.ts';
import classes from '../../../history/History.module.css';
import { Empty } from '../../../shared/Panel.tsx';
import { guard, theEngine } from '../../../state/actions.ts';
import { posteriorOf } from '../of-store.ts';
import { OverlayMarginal } from './OverlayMarginal.tsx';

interface OverlayPanelProps {
  /** Id of run B in the history. */
  readonly other: string;
  /** The item's rows, one a parameter. */
  readonly rows: readonly Difference[];
}

/** Marginals of one item in both runs, drawn over each other. */
export function OverlayPanel({ other, rows }: OverlayPanelProps) {
  const [pair, setPair] = useState<readonly [PosteriorItem, PosteriorItem]>();
  const { indexA, indexB, runId } = rows[0];
  useEffect(() => {
    let here = true;
    setPair(undefined);
    void guard(() => Promise.all([posteriorOf(indexA), theEngine().keptItem(other, indexB).then(posterior)])).then(
      (both) => {
        if (here) setPair(both);
      },
    );
    return () => {
      here = false;
    };
  }, [other, indexA, indexB]);
  return (
    <section aria-label={`Posteriors of ${runId} in both runs`} data-testid="overlay">
      <h3 className={classes.heading}>Posteriors of {runId}</h3>
      <ul className={classes.legend}>
        <li>
          <span aria-hidden="true" />
          A, on the page
        </li>
        <li>
          <span aria-hidden="true" />
          B, from the history
        </li>
      </ul>
      {pair ? (
        <div className={classes.marginals}>
          {rows.map((row) => (
            <OverlayMarginal
              key={row.parameter}
              difference={row}
              a={drawsOf(pair[0], row.parameter)}
              b={drawsOf(pair[1], row.parameter)}
            />
          ))}
        </div>
      ) : (
        <Empty>Fetching the draws of both runs</Empty>
      )}
    </section>
  );
}

function drawsOf(item: PosteriorItem, name: string): ArrayLike<number> {
  return item.parameters.find((column) => column.name === name)?.values ?? [];
}
