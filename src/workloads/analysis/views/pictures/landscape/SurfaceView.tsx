import { Button } from '@mantine/core';
import { type KeyboardEvent, type PointerEvent, useId, useRef } from 'react';
import figure from '../../../../../ui/charts/figure/Figure.module.css';
import { Picture } from '../../../../../ui/charts/figure/Picture.tsx';
import type { Drawing } from '../../../../../ui/charts/pen.ts';
import classes from '../Pictures.module.css';
import { FIRST_TURN, type Turn, turnByKey, turned } from './projection.ts';

interface SurfaceViewProps {
  readonly drawing: Drawing;
  readonly turn: Turn;
  readonly onTurn: (turn: Turn) => void;
}

/** Radians a px of dragging. */
const DRAG = 0.01;

const degrees = (angle: number) => Math.round((angle * 180) / Math.PI);

/** The surface, turned by dragging or by arrow keys. It never turns by itself. */
export function SurfaceView({ drawing, turn, onTurn }: SurfaceViewProps) {
  const id = useId();
  const from = useRef<{ readonly x: number; readonly y: number; readonly turn: Turn }>(undefined);
  const end = () => {
    from.current = undefined;
  };
  const box = {
    onPointerDown(event: PointerEvent<HTMLDivElement>) {
      event.currentTarget.setPointerCapture(event.pointerId);
      from.current = { x: event.clientX, y: event.clientY, turn };
    },
    onPointerMove({ clientX, clientY }: PointerEvent) {
      const start = from.current;
      if (start) onTurn(turned(start.turn, DRAG * (clientX - start.x) * -1, DRAG * (clientY - start.y)));
    },
    onPointerUp: end,
    onPointerCancel: end,
  };
  const onKey = (event: KeyboardEvent) => {
    const next = turnByKey(turn, event.key);
    if (!next) return;
    event.preventDefault();
    onTurn(next);
  };
  return (
    <>
      <Picture
        label="The loss as a surface; arrow keys turn it, Home turns it back"
        drawing={drawing}
        onKey={onKey}
        box={box}
        describedBy={id}
        className={classes.turnable}
        testId="landscape-surface"
      />
      <div className={classes.turn}>
        <p id={id} className={figure.spot} aria-live="polite">
          Turned by {degrees(turn.yaw)}°, seen from {degrees(turn.tilt)}° above. Drag, or use arrow keys.
        </p>
        <Button size="compact-xs" variant="default" disabled={turn === FIRST_TURN} onClick={() => onTurn(FIRST_TURN)}>
          Turn back
        </Button>
      </div>
    </>
  );
}
