/** Which colour a value has: a map of 256 colours and the range that it spans. */
import type { Tokens } from '../shared/useTokens.ts';
import { type ColormapName, colormap } from './colormap.ts';

export interface ColourScale {
  /** Diverging scales are centred at zero and as wide on either side. */
  readonly kind: 'sequential' | 'diverging';
  /** Ends of the range; those of the data unless given. A diverging scale takes the larger size of the two for both. */
  readonly min?: number;
  readonly max?: number;
  /** By the logarithm of the value; for sequential scales. Values ≤ 0 have no colour then. */
  readonly log?: boolean;
}

/** A scale with its ends known, ready to colour. */
export interface Colouring {
  readonly kind: ColourScale['kind'];
  readonly log: boolean;
  readonly min: number;
  readonly max: number;
  /** 256 RGBA entries, low to high. */
  readonly map: Uint8ClampedArray;
}

type Rgb = readonly [red: number, green: number, blue: number];

/** In the colours of a theme: where a scale says "nothing", it has the theme's own ground. */
const MAPS: Readonly<Record<ColourScale['kind'], readonly [light: ColormapName, dark: ColormapName]>> = {
  sequential: ['strength', 'strengthDark'],
  diverging: ['difference', 'differenceDark'],
};

/** The scale for some values. @param map another than the theme's */
export function colouringOf(
  scale: ColourScale,
  values: ArrayLike<number>,
  dark: boolean,
  map: ColormapName = MAPS[scale.kind][dark ? 1 : 0],
): Colouring {
  const log = scale.log === true && scale.kind === 'sequential';
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value) || (log && value <= 0)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const none = low > high;
  let min = scale.min ?? (none ? 0 : low);
  let max = scale.max ?? (none ? 1 : high);
  if (scale.kind === 'diverging') {
    max = Math.max(Math.abs(min), Math.abs(max)) || 1;
    min = -max;
  } else if (log && min <= 0) min = none ? max / 10 : low;
  if (!(max > min)) max = min + (Math.abs(min) || 1) * 1e-3;
  return { kind: scale.kind, log, min, max, map: colormap(map) };
}

/** Place of a value in the map, 0 … 255; −1 where it has none. */
function placeOf({ min, max, log }: Colouring, value: number): number {
  if (Number.isNaN(value) || (log && value <= 0)) return -1;
  const part = log ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);
  return Math.max(0, Math.min(255, Math.round(part * 255)));
}

/** The colour of a value; undefined where it has none. */
export function rgbOf(colouring: Colouring, value: number): Rgb | undefined {
  const at = placeOf(colouring, value);
  const { map } = colouring;
  return at < 0 ? undefined : [map[4 * at], map[4 * at + 1], map[4 * at + 2]];
}

/** "#rrggbb" */
export function colourOf(colouring: Colouring, value: number): string | undefined {
  const rgb = rgbOf(colouring, value);
  return rgb && hex(rgb);
}

export const hex = ([red, green, blue]: Rgb): string =>
  `#${((red << 16) | (green << 8) | blue).toString(16).padStart(6, '0')}`;

/** [n][4]; values without a colour are transparent. */
export function rgbaOf(colouring: Colouring, values: ArrayLike<number>): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(4 * values.length);
  for (let i = 0; i < values.length; i++) {
    const at = placeOf(colouring, values[i]);
    if (at >= 0) for (let c = 0; c < 4; c++) out[4 * i + c] = colouring.map[4 * at + c];
  }
  return out;
}

/** Relative luminance as WCAG 2 defines it. */
function luminance([red, green, blue]: Rgb): number {
  const linear = (part: number) => (part <= 10 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** Contrast of two colours, 1 … 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const INKS: readonly Rgb[] = [
  [0, 0, 0],
  [255, 255, 255],
];

/** Black or white, whichever reads better on a colour. One of them always has a contrast above 4.5. */
export const inkOn = (rgb: Rgb): string => hex(contrast(rgb, INKS[0]) >= contrast(rgb, INKS[1]) ? INKS[0] : INKS[1]);

/** "#rrggbb" or "#rgb" as numbers. */
export function rgbFromHex(text: string): Rgb {
  const full = text.length === 4 ? text.replaceAll(/[\da-f]/gi, '$&$&') : text;
  return [1, 3, 5].map((at) => Number.parseInt(full.slice(at, at + 2), 16)) as unknown as Rgb;
}

/** Whether the panels of a theme are dark. */
export const isDark = ({ panel }: Tokens): boolean => luminance(rgbFromHex(panel)) < 0.2;
