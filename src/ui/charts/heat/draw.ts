import type { Tokens } from '../../shared/useTokens.ts';
import { barReach, drawColourBar } from '../colour-bar.ts';
import { inkOn, rgbaOf, rgbOf } from '../colour-scale.ts';
import { type Drawing, fitText, fontOf, type Pen, textWidth } from '../pen.ts';
import { drawRaster } from '../raster.ts';
import { type Group, type Heat, type HeatLayout, heatLayout, LABEL_PX, rowTop, type Spot } from './layout.ts';
import { pooledField } from './pooled.ts';

/** From this size on, squares stand apart, px. */
const APART = 13;
/** At the right of what is drawn, px. */
const EDGE = 6;

/** A heat map with names on both axes, groups framed, and its colour bar. */
export function heatDrawing(heat: Heat, theme: Tokens): Drawing {
  return {
    height: (across) => heatLayout(heat, across).total,
    reach(across) {
      const { left, width } = heatLayout(heat, across);
      return Math.min(across, left + Math.max(width, barReach(across - left, heat.quantity)) + EDGE);
    },
    draw(pen, across) {
      const layout = heatLayout(heat, across);
      if (heat.paint) paintSquares(pen, heat, layout);
      else drawField(pen, heat, layout, theme);
      if (heat.numbers) drawNumbers(pen, heat, layout);
      drawRowLabels(pen, heat, layout, theme);
      drawColumnLabels(pen, heat, layout, theme);
      drawGroups(pen, heat, layout, theme);
      drawColourBar(
        pen,
        { x: layout.left, y: layout.bar, width: across - layout.left },
        heat.colouring,
        theme,
        heat.quantity,
      );
    },
  };
}

function drawField(pen: Pen, heat: Heat, layout: HeatLayout, theme: Tokens): void {
  const { left, top, width, height } = layout;
  // A place of the screen shows the strongest of what falls on it.
  const shape = { ...heat, rows: heat.rows.length, columns: heat.columns.length };
  const field = pooledField(shape, (at) => heat.values[at], Math.floor(width), Math.floor(height));
  pen.fillStyle = theme.well;
  if (heat.triangle) drawTriangle(pen, layout, heat.rows.length);
  else pen.fillRect(left, top, width, height);
  const rgba = rgbaOf(heat.colouring, field.values);
  const gap = Math.min(layout.w, layout.h) >= APART ? 1 : 0;
  drawRaster(pen, { x: left, y: top, width, height, nx: field.nx, ny: field.ny, rgba, gap });
  pen.strokeStyle = theme.line;
  pen.lineWidth = 1;
  if (gap === 0) pen.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
}

function paintSquares(pen: Pen, heat: Heat, layout: HeatLayout): void {
  const { left, w, h } = layout;
  heat.rows.forEach((_, row) => {
    heat.columns.forEach((_, column) => {
      const y = rowTop(heat, layout, row);
      heat.paint!(pen, { row, column }, { x: left + column * w + 1, y: y + 1, width: w - 2, height: h - 2 });
    });
  });
}

/** The ground of a triangle's squares. */
export function drawTriangle(
  pen: Pen,
  { left, top, w, h }: Pick<HeatLayout, 'left' | 'top' | 'w' | 'h'>,
  n: number,
): void {
  pen.beginPath();
  pen.moveTo(left, top);
  for (let row = 0; row < n; row++) {
    pen.lineTo(left + (row + 1) * w, top + row * h);
    pen.lineTo(left + (row + 1) * w, top + (row + 1) * h);
  }
  pen.lineTo(left, top + n * h);
  pen.closePath();
  pen.fill();
}

function drawNumbers(pen: Pen, heat: Heat, layout: HeatLayout): void {
  const { left, w, h } = layout;
  const px = 10;
  if (h < 15) return;
  pen.font = fontOf(px);
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  for (let row = 0; row < heat.rows.length; row++)
    for (let column = 0; column < heat.columns.length; column++) {
      const value = heat.values[row * heat.columns.length + column];
      const rgb = rgbOf(heat.colouring, value);
      if (!rgb) continue;
      const text = heat.numbers!(value);
      if (textWidth(text, px) > w - 4) continue;
      pen.fillStyle = inkOn(rgb);
      pen.fillText(text, left + (column + 0.5) * w, rowTop(heat, layout, row) + h / 2);
    }
}

function drawRowLabels(pen: Pen, heat: Heat, layout: HeatLayout, theme: Tokens): void {
  const { left, top, h, height, rowLabels } = layout;
  pen.font = fontOf(LABEL_PX);
  pen.fillStyle = theme.axis;
  pen.textAlign = 'right';
  pen.textBaseline = 'middle';
  heat.rows.forEach((name, row) => {
    if (row % rowLabels.every !== 0) return;
    const text = rowLabels.what === 'names' ? fitText(name, LABEL_PX, rowLabels.room - 8, 'middle') : String(row);
    pen.fillText(text, left - 6, rowTop(heat, layout, row) + h / 2);
  });
  if (!heat.rowTitle) return;
  upright(pen, heat.rowTitle, 6, top + height / 2, theme.inkSoft, 'center');
}

function drawColumnLabels(pen: Pen, heat: Heat, layout: HeatLayout, theme: Tokens): void {
  const { left, top, w, width, height, columnLabels } = layout;
  const { what, turned, every, room } = columnLabels;
  const bottom = top + height;
  pen.font = fontOf(LABEL_PX);
  pen.fillStyle = theme.axis;
  heat.columns.forEach((name, column) => {
    if (column % every !== 0) return;
    const x = left + (column + 0.5) * w;
    if (turned) {
      upright(pen, fitText(name, LABEL_PX, room - 6, 'middle'), x, bottom + 5, theme.axis, 'right');
      return;
    }
    pen.textAlign = 'center';
    pen.textBaseline = 'top';
    pen.fillText(what === 'names' ? name : String(column), x, bottom + 4);
  });
  if (!heat.columnTitle) return;
  pen.fillStyle = theme.inkSoft;
  pen.textAlign = 'center';
  pen.textBaseline = 'top';
  pen.fillText(
    what === 'places' ? `${heat.columnTitle} (position)` : heat.columnTitle,
    left + width / 2,
    bottom + room + 2,
  );
}

/** Text that is read from below. */
function upright(pen: Pen, text: string, x: number, y: number, colour: string, align: 'center' | 'right' | 'left') {
  pen.save();
  pen.translate(x, y);
  pen.rotate(-Math.PI / 2);
  pen.fillStyle = colour;
  pen.textAlign = align;
  pen.textBaseline = 'middle';
  pen.fillText(text, 0, 0);
  pen.restore();
}

function drawGroups(pen: Pen, heat: Heat, layout: HeatLayout, theme: Tokens): void {
  const { left, top, w, h, width, height, rowLabels } = layout;
  const { rowGroups = [], columnGroups = [] } = heat;
  const span = ({ from, to }: Group, size: number) => ({ start: from * size, size: (to - from + 1) * size });
  pen.font = fontOf(LABEL_PX, 600);
  pen.strokeStyle = theme.ink;
  pen.lineWidth = 1.5;
  for (const group of rowGroups) {
    const { start, size } = span(group, h);
    pen.strokeRect(left, top + start, width, size);
    upright(
      pen,
      fitText(group.label, LABEL_PX, size),
      left - rowLabels.room - 8,
      top + start + size / 2,
      theme.ink,
      'center',
    );
  }
  for (const group of columnGroups) {
    const { start, size } = span(group, w);
    pen.strokeRect(left + start, top, size, height);
    pen.fillStyle = theme.ink;
    pen.textAlign = 'center';
    pen.textBaseline = 'bottom';
    pen.fillText(fitText(group.label, LABEL_PX, size), left + start + size / 2, top - 3);
  }
}

/** A square's frame, with lines to its row's and column's names where squares are small. */
export function drawSpot(pen: Pen, heat: Heat, layout: HeatLayout, theme: Tokens, spot: Spot): void {
  const { left, top, w, h, width, height } = layout;
  const [x, y] = [left + spot.column * w, rowTop(heat, layout, spot.row)];
  pen.globalAlpha = 0.5;
  pen.strokeStyle = theme.accent;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(left, y + h / 2);
  pen.lineTo(x, y + h / 2);
  pen.moveTo(x + w / 2, y + h);
  pen.lineTo(x + w / 2, top + height);
  pen.stroke();
  pen.globalAlpha = 1;
  pen.lineWidth = 2;
  const size = { w: Math.max(w, 5), h: Math.max(h, 5) };
  pen.strokeRect(
    Math.min(x - (size.w - w) / 2, left + width - size.w),
    Math.min(y - (size.h - h) / 2, top + height - size.h),
    size.w,
    size.h,
  );
}
