import { type KeyboardEvent, type ReactNode, useCallback, useId, useState } from 'react';
import { useTokens } from '../../shared/useTokens.ts';
import classes from '../figure/Figure.module.css';
import { Picture } from '../figure/Picture.tsx';
import type { Drawing } from '../pen.ts';
import { drawSpot } from './draw.ts';
import { type Heat, heatLayout, type Spot, spotAt, spotByKey } from './layout.ts';

interface HeatMapProps {
  /** What is shown, in words. */
  readonly label: string;
  readonly heat: Heat;
  /** Of this heat. */
  readonly drawing: Drawing;
  /** What is read off a square. */
  readonly words: (spot: Spot) => ReactNode;
  /** What stands there while nothing is pointed at. */
  readonly hint?: ReactNode;
  /** A square that stays marked. */
  readonly chosen?: Spot;
  readonly onChoose?: (spot: Spot) => void;
  /** Called with every square that pointer or keys come to. */
  readonly onSpot?: (spot: Spot | undefined) => void;
  readonly testId?: string;
}

/** A heat map that pointer and arrow keys read off. Enter chooses. */
export function HeatMap(props: HeatMapProps) {
  const { label, heat, drawing, words, hint, chosen, onChoose, onSpot, testId } = props;
  const theme = useTokens();
  const id = useId();
  const [at, setAt] = useState<Spot & { readonly byKey?: boolean }>();
  const inside = (spot: Spot | undefined) =>
    spot && spot.row < heat.rows.length && spot.column < heat.columns.length ? spot : undefined;
  const spot = inside(at);
  const marked = spot ?? inside(chosen);
  const overlay = useCallback(
    (pen: Parameters<Drawing['draw']>[0], across: number) =>
      marked && drawSpot(pen, heat, heatLayout(heat, across), theme, marked),
    [heat, theme, marked],
  );
  const go = (next: Spot | undefined, byKey: boolean) => {
    if (next?.row === at?.row && next?.column === at?.column) return;
    setAt(next && { ...next, byKey });
    onSpot?.(next);
  };
  const found = (x: number, y: number, across: number) => {
    const here = spotAt(heat, heatLayout(heat, across), x, y);
    return here && heat.triangle && here.column > here.row ? undefined : here;
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && marked && onChoose) {
      event.preventDefault();
      onChoose(marked);
      return;
    }
    const next = spotByKey(heat, marked, event.key, event.shiftKey);
    if (!next) return;
    event.preventDefault();
    go(next, true);
  };
  return (
    <div>
      <Picture
        label={label}
        drawing={drawing}
        overlay={overlay}
        onPoint={(point, across) => go(point && found(point.x, point.y, across), false)}
        onChoose={(point, across) => {
          const here = found(point.x, point.y, across);
          go(here, false);
          if (here) onChoose?.(here);
        }}
        onKey={onKey}
        onBlur={() => go(undefined, false)}
        describedBy={id}
        testId={testId}
      />
      <p id={id} className={classes.spot} aria-live={at?.byKey ? 'polite' : 'off'}>
        {marked ? words(marked) : (hint ?? 'Point at a square, or use arrow keys.')}
      </p>
    </div>
  );
}
