import type { HeadName, HeadScore } from './props.ts';

export interface RankedHead extends HeadName {
  /** Place in [layers][heads]. */
  readonly at: number;
}

/** Heads in order of a score, NaN last; equal ones in order of layer and head. */
export function rankHeads(
  { values }: HeadScore,
  layers: number,
  heads: number,
  order: 'ascending' | 'descending',
): RankedHead[] {
  const all = Array.from(
    { length: layers * heads },
    (_, at): RankedHead => ({ at, layer: Math.floor(at / heads), head: at % heads }),
  );
  const sign = order === 'descending' ? -1 : 1;
  return all.sort((a, b) => {
    const [x, y] = [values[a.at], values[b.at]];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a.at - b.at;
    return sign * (x - y) || a.at - b.at;
  });
}
