/** What must be known of paths. */
import type { MetricSetting } from '../metric.ts';

/** Residuals above this share of f(e) − f(b) are told. */
export const WORST_RESIDUAL = 0.01;

/** Whether the zero vector is no baseline: a norm without mean or positions undoes every scaling of it. */
export function zeroFails({ graph, baseline }: MetricSetting): boolean {
  const positions = graph.operations.some(({ kind }) => kind === 'positions');
  const rms = graph.operations.some((op) => op.kind === 'norm' && op.norm === 'rms');
  return baseline === 'zero' && rms && !positions;
}

export const ZERO_FAILS =
  'The zero baseline does not suit this model: RMSNorm without learned positions undoes the scaling, so all change of f lies at the very start of the path and no rule converges there. Choose the pad or mean baseline; what is shown has the residual that stands beside it.';

/** @param shares |δ| / |f(e) − f(b)| by item */
export function pathNotes(setting: MetricSetting, shares: ArrayLike<number>, steps: number, of: string): string[] {
  const notes: string[] = [];
  if (zeroFails(setting)) notes.push(ZERO_FAILS);
  if (setting.baseline === 'pad' && setting.graph.input.kind === 'numbers')
    notes.push('A network of numbers has no pad token: the baseline is 0.');
  const off = Array.from(shares, (share, i) => ({ share, name: setting.items[i].name })).filter(
    ({ share }) => !(share <= WORST_RESIDUAL),
  );
  if (off.length > 0) {
    const worst = off.reduce((a, b) => (a.share > b.share ? a : b));
    notes.push(
      `The residual of ${of} is above 1 % of f(e) − f(b) for ${off.length} of ${shares.length} items (worst “${worst.name}”, ${(100 * worst.share).toPrecision(3)} %): double the ${steps} steps, and try another baseline where that does not shrink it.`,
    );
  }
  return notes;
}
