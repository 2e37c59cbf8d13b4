import { type Colouring, type ColourScale, rgbaOf } from '../../../../ui/charts/colour-scale.ts';
import { drawTriangle } from '../../../../ui/charts/heat/draw.ts';
import type { Heat } from '../../../../ui/charts/heat/layout.ts';
import { pooledField } from '../../../../ui/charts/heat/pooled.ts';
import { drawRaster } from '../../../../ui/charts/raster.ts';
import type { Tokens } from '../../../../ui/shared/useTokens.ts';

/** Attention is a share: one scale for all heads. */
export const ATTENTION: ColourScale = { kind: 'sequential', min: 0, max: 1 };
/** The same by logarithm, for long texts: less than a thousandth is as good as nothing. */
export const ATTENTION_LOG: ColourScale = { kind: 'sequential', log: true, min: 1e-3, max: 1 };

/**
 * Draws each head's pattern into its square of a grid.
 * @param values [layers][heads][tokens][tokens]
 */
export function patternPaint(
  tokens: number,
  heads: number,
  values: ArrayLike<number>,
  colouring: Colouring,
  theme: Tokens,
): NonNullable<Heat['paint']> {
  return (pen, { row, column }, { x, y, width, height }) => {
    const start = (row * heads + column) * tokens * tokens;
    const shape = { rows: tokens, columns: tokens, triangle: true };
    const field = pooledField(shape, (at) => values[start + at], Math.floor(width), Math.floor(height));
    pen.fillStyle = theme.well;
    drawTriangle(pen, { left: x, top: y, w: width / tokens, h: height / tokens }, tokens);
    const rgba = rgbaOf(colouring, field.values);
    drawRaster(pen, { x, y, width, height, nx: field.nx, ny: field.ny, rgba, gap: 0 });
    pen.strokeStyle = theme.grid;
    pen.lineWidth = 1;
    pen.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  };
}
