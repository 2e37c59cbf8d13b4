import type { ItemArray } from '../../../results/arrays.ts';
import { grouped, plain } from '../../format.ts';

/** A word as it is, a whole number in full, any other with four digits, or as many as are given. */
export function valueText(value: string | number, digits = 4): string {
  if (typeof value === 'string') return value;
  return Number.isInteger(value) ? grouped(value) : plain(value, digits);
}

/** Values written out at most. */
const SHOWN = 64;

/** "row × column", with how long each is: "row 3 × column 4"; "one number" where there is no dimension. */
export function shapeText({ dims, shape }: Pick<ItemArray, 'dims' | 'shape'>): string {
  return dims.length === 0 ? 'one number' : dims.map((dim, i) => `${dim} ${shape[i]}`).join(' × ');
}

/** The first values, the last dimension in brackets on a line of its own, and how many more there are. */
export function valuesText({ shape, values }: Pick<ItemArray, 'shape' | 'values'>): string {
  const line = shape.length > 1 ? Math.max(1, shape[shape.length - 1]) : values.length;
  const lines: string[] = [];
  const shown = Math.min(values.length, SHOWN);
  for (let at = 0; at < shown; at += line) {
    const numbers = Array.from(values.slice(at, Math.min(at + line, shown)), (value) => valueText(value));
    lines.push(shape.length > 1 ? `[${numbers.join(', ')}]` : numbers.join(', '));
  }
  const more = values.length - shown;
  return `${lines.join('\n')}${more > 0 ? ` and ${more} more` : ''}`;
}
