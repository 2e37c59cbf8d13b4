/** FITS files for tests, card by card: what libraries of others write, without them. */
import { fitsBlockBytes, fitsCard } from '../fits-header.ts';

export type Cards = Readonly<Record<string, string | number | boolean>>;

export const concat = (...parts: Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};

export const axes = (...lengths: number[]): string[] => [
  fitsCard('NAXIS', lengths.length),
  ...lengths.map((length, i) => fitsCard(`NAXIS${i + 1}`, length)),
];

/** One header-data unit from cards and data, padded to blocks. */
export function unit(cards: readonly string[], data: Uint8Array = new Uint8Array()): Uint8Array {
  const text = [...cards, 'END'.padEnd(80)].join('');
  const header = text.padEnd(Math.ceil(text.length / fitsBlockBytes) * fitsBlockBytes);
  const bytes = new Uint8Array(header.length + Math.ceil(data.length / fitsBlockBytes) * fitsBlockBytes);
  bytes.set(new TextEncoder().encode(header));
  bytes.set(data, header.length);
  return bytes;
}

export const emptyPrimary = unit([fitsCard('SIMPLE', true), fitsCard('BITPIX', 8), fitsCard('NAXIS', 0)]);

const more = (cards: Cards) => Object.entries(cards).map(([key, value]) => fitsCard(key, value));

/** An image of 32-bit floats, the primary unit or an extension. @param shape as arrays have it: [n,] ny, nx */
export function imageUnit(
  pixels: ArrayLike<number>,
  shape: readonly number[],
  cards: Cards = {},
  primary = false,
): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * pixels.length));
  for (let i = 0; i < pixels.length; i++) view.setFloat32(4 * i, pixels[i]);
  const first = primary ? fitsCard('SIMPLE', true) : fitsCard('XTENSION', 'IMAGE');
  const counts = primary ? [] : [fitsCard('PCOUNT', 0), fitsCard('GCOUNT', 1)];
  const head = [first, fitsCard('BITPIX', -32), ...axes(...[...shape].reverse()), ...counts, ...more(cards)];
  return unit(head, new Uint8Array(view.buffer));
}

/** A tile-compressed image of ny × nx, as fpack writes it; its tiles are of no matter. */
export function compressedUnit([ny, nx]: readonly [number, number], cards: Cards = {}): Uint8Array {
  const head = [fitsCard('XTENSION', 'BINTABLE'), fitsCard('BITPIX', 8), ...axes(8, ny)];
  const compression: Cards = { PCOUNT: 0, GCOUNT: 1, TFIELDS: 1, ZIMAGE: true, ZCMPTYPE: 'RICE_1', ZNAXIS: 2 };
  return unit([...head, ...more({ ...compression, ZNAXIS1: nx, ZNAXIS2: ny, ...cards })], new Uint8Array(8 * ny));
}
