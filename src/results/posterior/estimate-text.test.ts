import { expect, it } from 'vitest';
import { normalQuantile } from '../../stats/normal.ts';
import { posteriorColumns } from './columns.ts';
import { estimateText, peaksText } from './estimate-text.ts';
import { NO_FIT, type PosteriorItem } from './item.ts';
import { summarizeItem } from './summary.ts';

/** n evenly likely values of a normal distribution. */
const grid = (n: number, mean: number, sd: number) =>
  Array.from({ length: n }, (_, i) => mean + sd * normalQuantile((i + 0.5) / n));

const item = (values: number[]): PosteriorItem => ({
  info: { index: 0, runId: 'r0', seed: 0, truth: { a: 1 } },
  chains: 1,
  draws: values.length,
  sampling: 'independent',
  parameters: [{ name: 'a', values: Float64Array.from(values) }],
  stats: [],
  fit: NO_FIT,
  gradients: 0,
});

it('says mean ± sd of one peak, and the intervals of several, on page, terminal and nowhere else', () => {
  const one = summarizeItem(item(grid(500, 1, 0.1)));
  const two = summarizeItem(item([...grid(300, -1, 0.1), ...grid(200, 1, 0.05)]));
  expect(estimateText(one.parameters[0])).toBe('1.000 ± 0.100');
  // ± 1.96 sd of each.
  expect(estimateText(two.parameters[0])).toBe('−1.20 … −0.81 or 0.90 … 1.10');
  expect(peaksText(two.parameters[0].peaks!)).toBe('−1.20 … −0.81 (60 %) or 0.90 … 1.10 (40 %)');
  const { page, console, csv } = posteriorColumns([two]);
  expect(page.find(({ key }) => key === 'a_mean')!.text(two)).toBe(estimateText(two.parameters[0]));
  expect(console.find(({ key }) => key === 'a')!.text(two)).toBe('1.00 → −1.20 … −0.81 or 0.90 … 1.10');
  // Files keep the moments: scripts read them.
  expect(csv.find(({ key }) => key === 'a_mean')!.value!(two)).toBeCloseTo(-0.2, 10);
});
