import { type AxesOptions, axesFrame, drawAxes, type Frame } from '../../../../ui/charts/axes.ts';
import { drawLegend, type LegendItem, legendLayout } from '../../../../ui/charts/legend.ts';
import { type Drawing, fontOf, type Pen, textWidth } from '../../../../ui/charts/pen.ts';
import { fillBand, strokeLine } from '../../../../ui/charts/polyline.ts';
import type { Tokens } from '../../../../ui/shared/useTokens.ts';
import type { Eigenvalue, SpectrumProps } from './props.ts';

type Density = Pick<SpectrumProps, 'grid' | 'density' | 'sd' | 'exact' | 'ritz' | 'probes' | 'of'>;

/** Densities this far below the peak are on the axis. */
const DECADES = 6;
/** Height of the plot with its axis, px, and of the strip of ticks at its lower edge. */
const PLOT = 300;
const TICKS = 14;

/** Where the density of eigenvalues lies in a drawing; `top` is below the legend. */
export function spectrumFrame(data: Density, width: number): Frame {
  return axesFrame(width, heightOf(data, width), axesOf(data, width));
}

const heightOf = (data: Density, width: number) => PLOT + legendLayout(legendOf(data, undefined), width).height;

/** Least density that is drawn: so many decades below the peak, or the least there is. */
export function floorOf({ density }: Pick<Density, 'density'>): { readonly floor: number; readonly peak: number } {
  let [peak, least] = [0, Number.POSITIVE_INFINITY];
  for (let i = 0; i < density.length; i++) {
    if (density[i] > peak) peak = density[i];
    if (density[i] > 0 && density[i] < least) least = density[i];
  }
  if (peak === 0) return { floor: 0.1, peak: 1 };
  return { floor: Math.max(Math.min(least, peak / 10), peak / 10 ** DECADES), peak };
}

function axesOf(data: Density, width: number): AxesOptions {
  const { grid, sd, density, of } = data;
  const { floor, peak } = floorOf(data);
  let high = peak;
  if (sd) for (let i = 0; i < density.length; i++) high = Math.max(high, density[i] + sd[i]);
  return {
    xRange: { min: grid[0], max: grid[grid.length - 1] },
    yRange: { min: floor, max: high * 1.5 },
    yLog: true,
    xLabel: `eigenvalue of the ${of}`,
    yLabel: 'density',
    margins: { left: 62, right: 8, top: legendLayout(legendOf(data, undefined), width).height + 4 },
  };
}

function legendOf({ sd, exact, ritz, probes }: Density, theme: Tokens | undefined): LegendItem[] {
  const series = theme?.series ?? [];
  return [
    { label: `mean of ${probes} probes`, colour: series[0], mark: 'line' },
    ...(sd ? [{ label: '± 1 sd between probes', colour: series[0], mark: 'band' } as const] : []),
    ...(exact ? [{ label: 'exact', colour: theme?.ink ?? '', mark: 'dashed' } as const] : []),
    ...(ritz ? [{ label: 'Ritz values ± residual bound', colour: series[1], mark: 'tick' } as const] : []),
  ];
}

/** Log density with its band, what is negative shaded, Ritz values as ticks with their bounds. */
export function spectrumDrawing(data: Density, theme: Tokens): Drawing {
  return {
    height: (width) => heightOf(data, width),
    draw(pen, width, height) {
      const { grid, density, sd, exact, ritz = [] } = data;
      drawLegend(pen, legendOf(data, theme), width, theme);
      const frame = drawAxes(pen, width, height, theme, axesOf(data, width));
      const { floor } = floorOf(data);
      const x = (i: number) => frame.x(grid[i]);
      const y = (value: number) => frame.y(Math.max(floor, value));
      shadeNegative(pen, frame, theme);
      pen.save();
      pen.beginPath();
      pen.rect(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top);
      pen.clip();
      if (sd) {
        pen.globalAlpha = 0.25;
        pen.fillStyle = theme.series[0];
        fillBand(
          pen,
          x,
          (i) => y(density[i] - sd[i]),
          (i) => y(density[i] + sd[i]),
          grid.length,
        );
        pen.globalAlpha = 1;
      }
      pen.lineWidth = 1.75;
      pen.strokeStyle = theme.series[0];
      strokeLine(pen, x, (i) => y(density[i]), grid.length);
      if (exact) {
        pen.setLineDash([5, 3]);
        pen.lineWidth = 1.25;
        pen.strokeStyle = theme.ink;
        strokeLine(pen, x, (i) => y(exact[i]), grid.length);
        pen.setLineDash([]);
      }
      for (const value of ritz) drawRitz(pen, frame, value, theme);
      pen.restore();
    },
  };
}

function shadeNegative(pen: Pen, frame: Frame, theme: Tokens): void {
  const zero = Math.min(frame.right, Math.max(frame.left, frame.x(0)));
  if (zero <= frame.left) return;
  pen.globalAlpha = 0.1;
  pen.fillStyle = theme.bad;
  pen.fillRect(frame.left, frame.top, zero - frame.left, frame.bottom - frame.top);
  pen.globalAlpha = 1;
  pen.strokeStyle = theme.bad;
  pen.lineWidth = 1;
  pen.setLineDash([2, 2]);
  pen.beginPath();
  pen.moveTo(zero, frame.top);
  pen.lineTo(zero, frame.bottom);
  pen.stroke();
  pen.setLineDash([]);
  const words = zero - frame.left > textWidth('negative curvature', 11) + 12 ? 'negative curvature' : '< 0';
  pen.font = fontOf(11);
  pen.fillStyle = theme.bad;
  pen.textAlign = 'left';
  pen.textBaseline = 'top';
  pen.fillText(words, frame.left + 6, frame.top + 5);
}

/** A tick at the lower edge, and as far to both sides as the bound reaches. */
function drawRitz(pen: Pen, frame: Frame, { value, bound }: Eigenvalue, theme: Tokens): void {
  const x = frame.x(value);
  const middle = frame.bottom - TICKS / 2;
  pen.fillStyle = theme.series[1];
  const [from, to] = [frame.x(value - bound), frame.x(value + bound)];
  if (to - from > 2) {
    pen.globalAlpha = 0.35;
    pen.fillRect(from, middle - 2, to - from, 4);
    pen.globalAlpha = 1;
  }
  pen.fillRect(x - 0.75, frame.bottom - TICKS, 1.5, TICKS);
}

/** Marks what is read off. */
export function markSpectrum(pen: Pen, data: Density, width: number, place: number, theme: Tokens): void {
  const frame = spectrumFrame(data, width);
  const x = frame.x(data.grid[place]);
  const y = frame.y(Math.max(floorOf(data).floor, data.density[place]));
  pen.strokeStyle = theme.accent;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(x, frame.top);
  pen.lineTo(x, frame.bottom);
  pen.stroke();
  pen.fillStyle = theme.accent;
  pen.beginPath();
  pen.arc(x, y, 4, 0, 2 * Math.PI);
  pen.fill();
}
