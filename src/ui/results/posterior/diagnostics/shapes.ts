/** The verdicts as drawings. Small cells have no room for a shape; there the lightness tells them apart. */
import type { Tokens } from '../../../shared/useTokens.ts';
import type { Verdict } from './verdict.ts';

/** Below this side (px) a shape is a blot. */
const SHAPE_FROM = 9;

export function colourOf(verdict: Verdict, tokens: Tokens): string {
  switch (verdict) {
    case 'converged':
      return tokens.series[0];
    case 'rescued':
      return tokens.series[2];
    case 'misfit':
      return tokens.bad;
    case 'looser':
      return tokens.series[4];
    case 'failed':
      return tokens.bad;
    case 'lost':
      return tokens.ink;
    case 'pending':
      return tokens.line;
  }
}

/** Place of its upper left corner, px. */
interface Square {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** Draws a verdict into a square. */
export function drawVerdict(context: CanvasRenderingContext2D, verdict: Verdict, tokens: Tokens, square: Square): void {
  context.fillStyle = colourOf(verdict, tokens);
  const draw = square.side < SHAPE_FROM ? drawSmall : drawShape;
  draw(context, verdict, tokens, square);
}

function drawSmall(context: CanvasRenderingContext2D, verdict: Verdict, tokens: Tokens, { x, y, side }: Square): void {
  if (verdict === 'pending') context.fillRect(x + side / 2 - 1, y + side / 2 - 1, 2, 2);
  else if (verdict === 'converged') context.fillRect(x + 1.5, y + 1.5, side - 3, side - 3);
  else if (verdict === 'rescued') context.fillRect(x + 0.5, y + side / 3, side - 1, side / 3);
  else {
    context.fillRect(x, y, side - 0.5, side - 0.5);
    // A hole for those without a result, a lid for those that pass looser thresholds: as in the large shapes, only failures are solid.
    context.fillStyle = tokens.panel;
    if (verdict === 'lost') context.fillRect(x + 1.5, y + 1.5, side - 3.5, side - 3.5);
    if (verdict === 'looser') context.fillRect(x, y, side / 2, side / 2);
    if (verdict === 'misfit') context.fillRect(x + side / 2, y, side / 2, side / 2);
  }
}

function drawShape(context: CanvasRenderingContext2D, verdict: Verdict, tokens: Tokens, { x, y, side }: Square): void {
  const [cx, cy, r] = [x + side / 2, y + side / 2, side * 0.36];
  context.beginPath();
  switch (verdict) {
    case 'converged':
      context.arc(cx, cy, r, 0, 2 * Math.PI);
      context.fill();
      return;
    case 'rescued':
      context.arc(cx, cy, r * 0.4, 0, 2 * Math.PI);
      context.fill();
      context.beginPath();
      context.arc(cx, cy, r, 0, 2 * Math.PI);
      context.strokeStyle = colourOf(verdict, tokens);
      context.lineWidth = 1.5;
      context.stroke();
      return;
    case 'misfit':
      context.moveTo(cx, cy - r * 1.25);
      context.lineTo(cx + r * 1.25, cy);
      context.lineTo(cx, cy + r * 1.25);
      context.lineTo(cx - r * 1.25, cy);
      context.fill();
      return;
    case 'looser':
      context.moveTo(cx, cy - r * 1.1);
      context.lineTo(cx + r * 1.15, cy + r * 0.9);
      context.lineTo(cx - r * 1.15, cy + r * 0.9);
      context.fill();
      return;
    case 'failed': {
      context.fillRect(x + 1, y + 1, side - 2, side - 2);
      context.strokeStyle = tokens.panel;
      context.lineWidth = Math.max(1.5, side / 9);
      const arm = r * 0.62;
      context.moveTo(cx - arm, cy - arm);
      context.lineTo(cx + arm, cy + arm);
      context.moveTo(cx + arm, cy - arm);
      context.lineTo(cx - arm, cy + arm);
      context.stroke();
      return;
    }
    case 'lost':
      context.strokeStyle = colourOf(verdict, tokens);
      context.lineWidth = 1.5;
      context.strokeRect(x + 2.5, y + 2.5, side - 5, side - 5);
      return;
    case 'pending':
      context.arc(cx, cy, 1.5, 0, 2 * Math.PI);
      context.fill();
  }
}
