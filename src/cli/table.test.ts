import { expect, test } from 'vitest';
import type { ItemSummary } from '../results/posterior/item-summary.ts';
import { posteriorResults } from '../results/posterior/kind.ts';
import { summaryLines } from './table.ts';

/** Three items with truths of their own; draws of chains or independent ones. */
const summaries = (sampling?: 'independent') =>
  [0.1, 0.2, 0.3].map(
    (truth, index) =>
      ({
        info: { index, runId: `run_${index}`, seed: index, truth: { a: truth } },
        ...(sampling && { sampling }),
        parameters: [{ name: 'a', mean: truth + 0.01, sd: 0.02, rhat: 1, essBulk: 900, essTail: 800 }],
        fit: {},
        acceptance: 0.9,
        bfmi: [1],
        divergences: 0,
        converged: true,
        problems: [],
      }) as unknown as ItemSummary,
  );

test('the pooled bias is told of chains, and not of independent draws', async () => {
  expect((await summaryLines(posteriorResults(), summaries())).join('\n')).toContain('Pooled bias');
  const lines = (await summaryLines(posteriorResults(), summaries('independent'))).join('\n');
  expect(lines).not.toMatch(/bias/i);
  expect(lines).toContain('3 of 3');
});
