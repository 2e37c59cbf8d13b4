/**
 * Colour scales for images, safe for colour-blind eyes: cividis (Nuñez, Anderton and Renslow 2018) for amounts; ColorBrewer's RdBu, blue
 * below and red above zero, for residuals, and on dark panels blue and orange that come out of the dark; one blue for strengths, which
 * leaves the panel's own ground where there is nothing. Anchors are joined by straight lines in sRGB.
 */

export type ColormapName = 'amount' | 'difference' | 'differenceDark' | 'strength' | 'strengthDark';

const ANCHORS: Readonly<Record<ColormapName, readonly string[]>> = {
  amount: [
    '#00224e',
    '#123570',
    '#3b496c',
    '#575d6d',
    '#707173',
    '#8a8678',
    '#a59c74',
    '#c3b369',
    '#e1cc55',
    '#fee838',
  ],
  difference: [
    '#053061',
    '#2166ac',
    '#4393c3',
    '#92c5de',
    '#d1e5f0',
    '#f7f7f7',
    '#fddbc7',
    '#f4a582',
    '#d6604d',
    '#b2182b',
    '#67001f',
  ],
  differenceDark: [
    '#b5deff',
    '#74bdf5',
    '#4590d0',
    '#2f6499',
    '#243f60',
    '#1d2430',
    '#57372c',
    '#8f4a30',
    '#cb6c42',
    '#f49d6e',
    '#ffd6bd',
  ],
  strength: ['#e8eef6', '#c9dbee', '#9ec6e2', '#66a5d2', '#3a80bd', '#1a5a9e', '#08306b'],
  strengthDark: ['#1e2838', '#244468', '#2b679f', '#3f90cb', '#7cc0ea', '#bfe3fb', '#f2faff'],
};

const SIZE = 256;
const cache = new Map<ColormapName, Uint8ClampedArray>();

/** 256 RGBA entries, low to high. */
export function colormap(name: ColormapName): Uint8ClampedArray {
  const known = cache.get(name);
  if (known) return known;
  const anchors = ANCHORS[name].map((hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)));
  const table = new Uint8ClampedArray(SIZE * 4);
  for (let i = 0; i < SIZE; i++) {
    const place = (i / (SIZE - 1)) * (anchors.length - 1);
    const low = Math.min(Math.floor(place), anchors.length - 2);
    const part = place - low;
    for (let c = 0; c < 3; c++) table[4 * i + c] = anchors[low][c] + part * (anchors[low + 1][c] - anchors[low][c]);
    table[4 * i + 3] = 255;
  }
  cache.set(name, table);
  return table;
}

/** Colours row-major values into RGBA, `min` … `max` over the map; not-a-number stays transparent. */
export function paint(
  values: ArrayLike<number>,
  min: number,
  max: number,
  name: ColormapName,
): Uint8ClampedArray<ArrayBuffer> {
  const map = colormap(name);
  const out = new Uint8ClampedArray(values.length * 4);
  const factor = max > min ? (SIZE - 1) / (max - min) : 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    const at = 4 * Math.max(0, Math.min(SIZE - 1, Math.round((values[i] - min) * factor)));
    for (let c = 0; c < 4; c++) out[4 * i + c] = map[at + c];
  }
  return out;
}
