import { type KeyboardEvent, useCallback, useId, useState } from 'react';
import figure from '../../../../../ui/charts/figure/Figure.module.css';
import { Picture } from '../../../../../ui/charts/figure/Picture.tsx';
import { nearestPlace } from '../../../../../ui/charts/figure/places.ts';
import type { Drawing, Pen } from '../../../../../ui/charts/pen.ts';
import { plain } from '../../../../../ui/format.ts';
import { useTokens } from '../../../../../ui/shared/useTokens.ts';
import { numberWords } from '../value-words.ts';
import { contourFrame } from './contour-drawing.ts';
import { type Field, lossAt } from './field.ts';

interface ContourViewProps {
  readonly field: Field;
  readonly drawing: Drawing;
  /** [alpha][beta], of the difference to the centre. */
  readonly errors?: ArrayLike<number>;
}

/** A point of the grid, or one of the path. */
type Spot =
  | { readonly a: number; readonly b: number; readonly point?: undefined; readonly byKey?: boolean }
  | { readonly point: number; readonly byKey?: undefined };

/** px from a point of the path at which it is meant. */
const NEAR = 9;

/** The plane as contours; pointer and arrow keys read off its points, the pointer those of the path, too. */
export function ContourView({ field, drawing, errors }: ContourViewProps) {
  const theme = useTokens();
  const id = useId();
  const [spot, setSpot] = useState<Spot>();
  const overlay = useCallback(
    (pen: Pen, width: number) => {
      if (!spot) return;
      const frame = contourFrame(field, width);
      const { alpha, beta } =
        spot.point === undefined ? { alpha: field.alpha[spot.a], beta: field.beta[spot.b] } : field.path[spot.point];
      for (const [thick, colour] of [
        [4, '#ffffff'],
        [2, theme.accent],
      ] as const) {
        pen.strokeStyle = colour;
        pen.lineWidth = thick;
        pen.beginPath();
        pen.arc(frame.x(alpha), frame.y(beta), 8, 0, 2 * Math.PI);
        pen.stroke();
      }
    },
    [spot, field, theme],
  );
  const onKey = (event: KeyboardEvent) => {
    const next = spotByKey(field, spot, event.key);
    if (!next) return;
    event.preventDefault();
    setSpot(next);
  };
  return (
    <>
      <Picture
        label={`Contours of the loss over ${field.axes.join(' and ')}`}
        drawing={drawing}
        overlay={overlay}
        onPoint={(point, width) => setSpot(point && spotNear(field, width, point.x, point.y))}
        onKey={onKey}
        onBlur={() => setSpot(undefined)}
        describedBy={id}
        testId="landscape-contours"
      />
      <p id={id} className={figure.spot} aria-live={spot?.byKey ? 'polite' : 'off'}>
        {spot ? <SpotWords field={field} spot={spot} errors={errors} /> : 'Point at the plane, or use arrow keys.'}
      </p>
    </>
  );
}

function SpotWords({ field, spot, errors }: Pick<ContourViewProps, 'field' | 'errors'> & { readonly spot: Spot }) {
  const { alpha, beta, loss, path } = field;
  if (spot.point !== undefined) {
    const { label, alpha: a, beta: b, loss: own } = path[spot.point];
    return (
      <>
        {label}: loss <strong>{plain(own, 4)}</strong>; the surface where it is projected has{' '}
        {plain(lossAt(field, a, b), 4)}
      </>
    );
  }
  const { a, b } = spot;
  const error = errors?.[a * beta.length + b];
  return (
    <>
      α = {plain(alpha[a], 3)}, β = {plain(beta[b], 3)}: loss{' '}
      <strong>{numberWords(loss[b * alpha.length + a], error)}</strong>
      {error !== undefined && ' (error of the difference to the centre)'}
    </>
  );
}

function spotNear(field: Field, width: number, x: number, y: number): Spot | undefined {
  const frame = contourFrame(field, width);
  if (x < frame.left || x > frame.right || y < frame.top || y > frame.bottom) return undefined;
  const distances = field.path.map(({ alpha, beta }) => Math.hypot(frame.x(alpha) - x, frame.y(beta) - y));
  const point = nearestPlace(distances, 0);
  if (point !== undefined && distances[point] < NEAR) return { point };
  const a = nearestPlace(Float64Array.from(field.alpha, frame.x), x)!;
  const b = nearestPlace(Float64Array.from(field.beta, frame.y), y)!;
  return { a, b };
}

const STEPS: Readonly<Record<string, readonly [a: number, b: number] | undefined>> = {
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

function spotByKey({ alpha, beta }: Field, from: Spot | undefined, key: string): Spot | undefined {
  const step = STEPS[key];
  if (!step) return undefined;
  const centre = { a: Math.floor(alpha.length / 2), b: Math.floor(beta.length / 2) };
  if (!from || from.point !== undefined) return { ...centre, byKey: true };
  const within = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
  return { a: within(from.a + step[0], alpha.length), b: within(from.b + step[1], beta.length), byKey: true };
}
