/** plots/*.svg: truth against estimate, and pulls. Drawn from the summaries alone; equal input gives equal bytes. */
import { type BundleFile, textFile } from '../../bundle/types.ts';

/** One item's estimate of one parameter. */
export interface PlotPoint {
  readonly truth: number;
  readonly mean: number;
  readonly sd: number;
}

export interface PlotParameter {
  readonly name: string;
  readonly unit: string;
  readonly points: readonly PlotPoint[];
}

const WIDTH = 480;
const HEIGHT = 400;
const LEFT = 70;
const RIGHT = 16;
const TOP = 34;
const BOTTOM = 48;
/** Of Okabe & Ito's palette, told apart by any eye; black on white elsewhere. */
const BLUE = '#0072b2';
const ORANGE = '#d55e00';

/** Two plots for each parameter that has at least one finite point: `recovery-<name>.svg` and `pulls-<name>.svg`. */
export function plotFiles(parameters: readonly PlotParameter[]): BundleFile[] {
  return parameters.flatMap(({ name, unit, points }) => {
    const usable = points.filter(
      ({ truth, mean, sd }) => Number.isFinite(truth) && Number.isFinite(mean) && Number.isFinite(sd) && sd > 0,
    );
    if (usable.length === 0) return [];
    return [
      textFile(`plots/pulls-${name}.svg`, pulls(name, usable)),
      textFile(`plots/recovery-${name}.svg`, recovery(name, unit, usable)),
    ];
  });
}

function recovery(name: string, unit: string, points: readonly PlotPoint[]): string {
  const x = axis(points.map(({ truth }) => truth));
  const y = axis(points.flatMap(({ mean, sd, truth }) => [mean - sd, mean + sd, truth]));
  const left = (v: number) => LEFT + ((v - x.min) / (x.max - x.min)) * (WIDTH - LEFT - RIGHT);
  const top = (v: number) => HEIGHT - BOTTOM - ((v - y.min) / (y.max - y.min)) * (HEIGHT - TOP - BOTTOM);
  const from = Math.max(x.min, y.min);
  const to = Math.min(x.max, y.max);
  const ideal =
    to > from ? line(left(from), top(from), left(to), top(to), `stroke="${ORANGE}" stroke-dasharray="5 4"`) : '';
  const marks = points.map(({ truth, mean, sd }) => {
    const at = left(truth);
    return `${line(at, top(mean - sd), at, top(mean + sd), `stroke="${BLUE}"`)}<circle cx="${px(at)}" cy="${px(top(mean))}" r="2.5" fill="${BLUE}"/>`;
  });
  const label = unit ? `${name} (${unit})` : name;
  return frame(
    `${name}: posterior mean ± sd against truth, ${points.length} ${points.length === 1 ? 'item' : 'items'}`,
    `true ${label}`,
    `posterior mean of ${label}`,
    [...ticks(x, left, true), ...ticks(y, top, false), ideal, ...marks],
  );
}

/** Histogram of (mean − truth) / sd over the standard normal. */
function pulls(name: string, points: readonly PlotPoint[]): string {
  const edge = 4;
  const bins = 32;
  const counts = new Array<number>(bins).fill(0);
  for (const { truth, mean, sd } of points) {
    const bin = Math.floor((((mean - truth) / sd + edge) / (2 * edge)) * bins);
    counts[Math.min(bins - 1, Math.max(0, bin))]++;
  }
  const expected = (z: number) =>
    ((points.length * 2 * edge) / bins) * (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI));
  const y = axis([0, expected(0), ...counts]);
  const left = (z: number) => LEFT + ((z + edge) / (2 * edge)) * (WIDTH - LEFT - RIGHT);
  const top = (n: number) => HEIGHT - BOTTOM - (n / y.max) * (HEIGHT - TOP - BOTTOM);
  const bars = counts.map((n, i) => {
    const at = -edge + (i * 2 * edge) / bins;
    return n === 0
      ? ''
      : `<rect x="${px(left(at))}" y="${px(top(n))}" width="${px(left(at + (2 * edge) / bins) - left(at))}" height="${px(top(0) - top(n))}" fill="${BLUE}" fill-opacity="0.6" stroke="white"/>`;
  });
  const curve = Array.from({ length: 81 }, (_, i) => -edge + i / 10)
    .map((z) => `${px(left(z))},${px(top(expected(z)))}`)
    .join(' ');
  return frame(
    `${name}: pulls of ${points.length} ${points.length === 1 ? 'item' : 'items'}, standard normal dashed`,
    '(mean − truth) / sd; the outer bars hold what is beyond',
    'items',
    [
      ...ticks({ min: -edge, max: edge, step: 1 }, left, true),
      ...ticks({ ...y, min: 0 }, top, false),
      ...bars,
      `<polyline points="${curve}" fill="none" stroke="${ORANGE}" stroke-width="1.5" stroke-dasharray="5 4"/>`,
    ],
  );
}

interface Axis {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** Round limits that hold all values, with steps of 1, 2 or 5 times a power of ten. */
function axis(values: readonly number[]): Axis {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!(high > low)) [low, high] = [low - (Math.abs(low) || 1) / 10, high + (Math.abs(high) || 1) / 10];
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  return { min: Math.floor(low / step) * step, max: Math.ceil(high / step) * step, step };
}

function* ticks({ min, max, step }: Axis, place: (value: number) => number, across: boolean): Generator<string> {
  for (let i = 0; i <= Math.round((max - min) / step); i++) {
    const value = min + i * step;
    const at = place(value);
    const label = String(Number(value.toPrecision(6)));
    yield across
      ? `${line(at, HEIGHT - BOTTOM, at, HEIGHT - BOTTOM + 5, 'stroke="black"')}${words(at, HEIGHT - BOTTOM + 18, label, 'middle')}`
      : `${line(LEFT - 5, at, LEFT, at, 'stroke="black"')}${words(LEFT - 8, at + 4, label, 'end')}`;
  }
}

function frame(title: string, xLabel: string, yLabel: string, inside: readonly string[]): string {
  const middle = (TOP + HEIGHT - BOTTOM) / 2;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    words(WIDTH / 2, 20, title, 'middle'),
    `<rect x="${LEFT}" y="${TOP}" width="${WIDTH - LEFT - RIGHT}" height="${HEIGHT - TOP - BOTTOM}" fill="none" stroke="black"/>`,
    ...inside.filter((part) => part !== ''),
    words((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, xLabel, 'middle'),
    `<text transform="translate(14 ${px(middle)}) rotate(-90)" text-anchor="middle">${escaped(yLabel)}</text>`,
    '</svg>',
  ].join('\n')}\n`;
}

function line(x1: number, y1: number, x2: number, y2: number, style: string): string {
  return `<line x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${px(y2)}" ${style}/>`;
}

function words(x: number, y: number, text: string, anchor: 'middle' | 'end'): string {
  return `<text x="${px(x)}" y="${px(y)}" text-anchor="${anchor}">${escaped(text)}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A coordinate to a hundredth of a unit. */
function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}
