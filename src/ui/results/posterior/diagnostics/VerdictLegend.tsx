import { useCallback } from 'react';
import { grouped } from '../../../format.ts';
import { Canvas } from '../../../shared/Canvas.tsx';
import { useTokens } from '../../../shared/useTokens.ts';
import { useStore } from '../../../state/store.ts';
import { shownPosterior } from '../of-store.ts';
import { drawVerdict } from './shapes.ts';
import classes from './VerdictGrid.module.css';
import { VERDICT_ORDER, type Verdict, verdictTexts, verdictWord } from './verdict.ts';

const SIDE = 14;

interface VerdictLegendProps {
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Independent samples, which are sound or not. */
  readonly independent: boolean;
}

/** Shape, name and number of each verdict that occurs. */
export function VerdictLegend({ counts, independent }: VerdictLegendProps) {
  const { looser } = useStore(shownPosterior);
  return (
    <ul className={classes.legend} data-testid="verdict-legend">
      {VERDICT_ORDER.filter((verdict) => counts[verdict] > 0 || verdict === 'converged').map((verdict) => (
        <li key={verdict} title={verdictTexts(looser)[verdict].about}>
          <span className={classes.swatch} aria-hidden="true">
            <Swatch verdict={verdict} />
          </span>
          <strong>{grouped(counts[verdict])}</strong> {verdictWord(verdict, independent, looser)}
        </li>
      ))}
    </ul>
  );
}

function Swatch({ verdict }: { readonly verdict: Verdict }) {
  const tokens = useTokens();
  const draw = useCallback(
    (context: CanvasRenderingContext2D) => drawVerdict(context, verdict, tokens, { x: 0, y: 0, side: SIDE }),
    [verdict, tokens],
  );
  return <Canvas label="" height={SIDE} draw={draw} />;
}
