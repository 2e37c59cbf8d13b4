/** Axes for the page's own canvases: ranges that hold the data, and round ticks. */

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** Range of finite values, widened by `margin` of its width; a single value gets a range around it. */
export function rangeOf(values: Iterable<number>, margin = 0.06): Range {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (min > max) return { min: 0, max: 1 };
  const pad = max > min ? (max - min) * margin : Math.abs(min) * 0.1 || 1;
  return { min: min - pad, max: max + pad };
}

/** About `count` round numbers inside the range: 1, 2 or 5 times a power of ten apart. */
export function ticks(range: Range, count: number): number[] {
  const width = range.max - range.min;
  if (!(width > 0)) return [];
  const raw = width / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= raw)! * power;
  const out: number[] = [];
  for (let k = Math.ceil(range.min / step); k * step <= range.max + step * 1e-9; k++) out.push(k * step);
  return out;
}

/** Text of a tick with just the decimals its step needs. */
export function tickText(value: number, step: number): string {
  const decimals = decimalsOf(step);
  if (Math.abs(value) < step * 1e-6) return '0';
  return value.toFixed(decimals).replace('-', '−');
}

/** Decimals that write a step exactly, e.g. 1 for 2.5; at most 8. */
function decimalsOf(step: number): number {
  for (let decimals = 0; decimals < 8; decimals++) {
    const scaled = step * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * scaled) return decimals;
  }
  return 8;
}

/** Maps a value of `range` onto places `from` … `to`. */
export function project(range: Range, from: number, to: number): (value: number) => number {
  const factor = (to - from) / (range.max - range.min);
  return (value) => from + (value - range.min) * factor;
}

/** The same by logarithms. */
export function projectLog({ min, max }: Range, from: number, to: number): (value: number) => number {
  const along = project({ min: Math.log(min), max: Math.log(max) }, from, to);
  return (value) => along(Math.log(value));
}

/** At most about `count` round numbers of a logarithmic axis: powers of ten, or 1, 2 and 5 times them where few powers lie inside. */
export function logTicks({ min, max }: Range, count: number): number[] {
  const [first, last] = [Math.ceil(Math.log10(min) - 1e-9), Math.floor(Math.log10(max) + 1e-9)];
  const powers = last - first + 1;
  if (powers >= 3 || (powers === 2 && count < 4)) {
    const apart = Math.ceil(powers / Math.max(2, count));
    const start = Math.ceil(first / apart) * apart;
    return Array.from({ length: Math.floor((last - start) / apart) + 1 }, (_, i) => 10 ** (start + i * apart));
  }
  const between: number[] = [];
  for (let power = first - 1; power <= last; power++)
    for (const factor of [1, 2, 5]) {
      const tick = factor * 10 ** power;
      if (tick >= min * (1 - 1e-9) && tick <= max * (1 + 1e-9)) between.push(tick);
    }
  return between.length >= 2 ? between : ticks({ min, max }, count);
}

/** "0.01", "1000", "1e−6". */
export function logTickText(value: number): string {
  if (value >= 1e-3 && value < 1e5) return String(Number(value.toPrecision(3)));
  return value.toExponential(0).replace('e+', 'e').replaceAll('-', '−');
}

/** Longest over shortest range of axes that may share a scale: beyond, one of them would be a line. */
const COMPARABLE = 4;

/** Whether two ranges in one unit are of a size that one scale shows. */
export function comparable(x: readonly [number, number], y: readonly [number, number]): boolean {
  const ratio = (x[1] - x[0]) / (y[1] - y[0]);
  return ratio <= COMPARABLE && ratio >= 1 / COMPARABLE;
}

export interface Ranges {
  readonly xRange: Range;
  readonly yRange: Range;
}

/** Both ranges about their middles, one widened so that a unit is as long on both axes of `across` × `down` px. */
export function equalScale({ xRange, yRange }: Ranges, across: number, down: number): Ranges {
  const perPx = Math.max((xRange.max - xRange.min) / across, (yRange.max - yRange.min) / down);
  const about = ({ min, max }: Range, px: number): Range => {
    const [middle, half] = [(min + max) / 2, (perPx * px) / 2];
    return { min: middle - half, max: middle + half };
  };
  return { xRange: about(xRange, across), yRange: about(yRange, down) };
}
