import { plain, withError } from '../../format.ts';
import type { FigureWords, Reading } from './words.ts';

/** "272.4 ± 3.4 nats" */
export function valueWords({ value, error, unit }: Reading): string {
  const number = error === undefined ? plain(value) : withError(value, error);
  return unit ? `${number} ${unit}` : number;
}

/** "trace: 272.4 ± 3.4 nats (jackknife over 6 items)" */
export function readingWords(reading: Reading): string {
  return `${reading.name}: ${valueWords(reading)}${reading.errorName ? ` (${reading.errorName})` : ''}`;
}

/** Everything that a figure says, a line each, for files. */
export function figureLines({ definition, readings = [], controls = [], notes = [] }: FigureWords): string[] {
  const nulls = controls.map((reading) => `Control, ${readingWords(reading)}`);
  return [definition, ...readings.map(readingWords), ...nulls, ...notes];
}
