import { plain, withError } from '../../../../ui/format.ts';

/** "0.513 ± 0.004 nats"; a dash where there is no value. */
export function numberWords(value: number, error?: number, unit?: string): string {
  if (Number.isNaN(value)) return 'no value';
  const number = error === undefined || Number.isNaN(error) ? plain(value, 4) : withError(value, error);
  return unit ? `${number} ${unit}` : number;
}

/** Names that a table or an axis can tell apart: tokens with their positions. */
export const positioned = (tokens: readonly string[]): string[] => tokens.map((token, i) => `${i} ${token.trim()}`);
