import type { Tokens } from '../shared/useTokens.ts';
import { fontOf, type Pen, textWidth } from './pen.ts';

export interface LegendItem {
  readonly label: string;
  readonly colour: string;
  readonly mark: 'line' | 'dashed' | 'band' | 'bar' | 'tick';
}

/** px */
const PX = 11;
const LINE = 18;
const SWATCH = 18;
const APART = 16;

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Places of the items, in lines that are no longer than `across`. */
export function legendLayout(items: readonly LegendItem[], across: number): { places: Place[]; height: number } {
  let [x, y] = [0, 0];
  const places = items.map(({ label }) => {
    const width = SWATCH + 6 + textWidth(label, PX);
    if (x > 0 && x + width > across) [x, y] = [0, y + LINE];
    const place = { x, y };
    x += width + APART;
    return place;
  });
  return { places, height: items.length === 0 ? 0 : y + LINE };
}

/** What the marks of a drawing stand for, part of the drawing itself: saved files have it, too. */
export function drawLegend(pen: Pen, items: readonly LegendItem[], across: number, theme: Tokens): void {
  const { places } = legendLayout(items, across);
  pen.font = fontOf(PX);
  pen.textAlign = 'left';
  pen.textBaseline = 'middle';
  items.forEach(({ label, colour, mark }, i) => {
    const { x, y } = places[i];
    drawSwatch(pen, mark, colour, x, y + LINE / 2);
    pen.fillStyle = theme.inkSoft;
    pen.fillText(label, x + SWATCH + 6, y + LINE / 2);
  });
}

function drawSwatch(pen: Pen, mark: LegendItem['mark'], colour: string, x: number, y: number): void {
  pen.fillStyle = colour;
  pen.strokeStyle = colour;
  if (mark === 'band') {
    pen.globalAlpha = 0.25;
    pen.fillRect(x, y - 5, SWATCH, 10);
    pen.globalAlpha = 1;
    return;
  }
  if (mark === 'bar') {
    pen.fillRect(x, y - 4, SWATCH, 8);
    return;
  }
  pen.lineWidth = 2;
  pen.setLineDash(mark === 'dashed' ? [5, 3] : []);
  pen.beginPath();
  pen.moveTo(mark === 'tick' ? x + SWATCH / 2 : x, mark === 'tick' ? y - 6 : y);
  pen.lineTo(mark === 'tick' ? x + SWATCH / 2 : x + SWATCH, mark === 'tick' ? y + 6 : y);
  pen.stroke();
  pen.setLineDash([]);
}
