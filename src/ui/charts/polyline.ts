import type { Pen } from './pen.ts';

/** Strokes through the points that are finite; a gap where one is not. */
export function strokeLine(pen: Pen, x: (i: number) => number, y: (i: number) => number, count: number): void {
  pen.beginPath();
  let down = false;
  for (let i = 0; i < count; i++) {
    const [px, py] = [x(i), y(i)];
    const finite = Number.isFinite(px) && Number.isFinite(py);
    if (finite && down) pen.lineTo(px, py);
    else if (finite) pen.moveTo(px, py);
    down = finite;
  }
  pen.stroke();
}

/** Fills between two curves over the same x, points without number left out. */
export function fillBand(
  pen: Pen,
  x: (i: number) => number,
  low: (i: number) => number,
  high: (i: number) => number,
  count: number,
): void {
  const known = Array.from({ length: count }, (_, i) => i).filter(
    (i) => Number.isFinite(low(i)) && Number.isFinite(high(i)),
  );
  if (known.length < 2) return;
  pen.beginPath();
  known.forEach((i, place) => {
    if (place === 0) pen.moveTo(x(i), high(i));
    else pen.lineTo(x(i), high(i));
  });
  for (const i of known.toReversed()) pen.lineTo(x(i), low(i));
  pen.closePath();
  pen.fill();
}
