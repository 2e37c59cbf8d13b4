/** Whether an item can have a result: every pixel, and every number that came out of it, has to be finite. */
import type { PosteriorItem } from '../../results/posterior/item.ts';

/** Something about one item is no finite number; the others are not touched by it. */
export class NotFiniteError extends Error {
  override readonly name = 'NotFiniteError';
  readonly kept = 'The other items are not affected.';
}

/** @param data row-major, `nx` pixels a row */
export function dataFault(data: ArrayLike<number>, nx: number): NotFiniteError | undefined {
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    const place = `row ${Math.floor(i / nx)}, column ${i % nx} (counted from 0)`;
    return new NotFiniteError(`The image has a pixel that is no finite number: ${data[i]} in ${place}.`);
  }
  return undefined;
}

/** Looks at the fit, and at the position and log density of every draw. An infinite energy error is a divergence, no fault. */
export function resultFault({ fit, parameters, stats }: PosteriorItem): NotFiniteError | undefined {
  if (![...fit.mean, ...fit.sd, fit.chi2].every(Number.isFinite)) {
    return new NotFiniteError('The fit found no point of finite density.');
  }
  const columns = [...parameters, ...stats.filter(({ name }) => name === 'lp')];
  for (const { name, values } of columns) {
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) return new NotFiniteError(`Draw ${at} of ${name} is no finite number: ${values[at]}.`);
  }
  return undefined;
}
