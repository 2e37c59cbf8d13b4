/** Schedules and rules against the oracle's numbers. */
import { stepProbabilities } from '../../../src/workloads/cells/sampling/reveal-law.ts';
import { revealProbabilities } from '../../../src/workloads/cells/sampling/rules.ts';
import { scheduleOf } from '../../../src/workloads/cells/sampling/schedule.ts';
import { exponential } from '../table.ts';
import { readSchedules } from './files.ts';

export function scheduleEvidence(folder: string): string {
  const { values, steps } = readSchedules(folder);
  let [relative, reveal, shared] = [0, 0, 0];
  for (const { schedule, t, sigma, rate, alpha } of values) {
    const own = scheduleOf(schedule);
    for (const [mine, theirs] of [
      [own.sigma(t), sigma],
      [own.rate(t), rate],
      [own.alpha(t), alpha],
    ])
      relative = Math.max(relative, Math.abs(mine / theirs - 1));
  }
  for (const { schedule, rule, steps: count, unmask_probability, left_for_denoise, pair_shares_a_step } of steps) {
    const mine = revealProbabilities(rule, schedule, count);
    const gap = unmask_probability.indexOf('...');
    unmask_probability.forEach((q, i) => {
      const k = gap >= 0 && i > gap ? i + count - unmask_probability.length : i;
      if (q !== '...') reveal = Math.max(reveal, Math.abs(mine[k] - q));
    });
    const law = stepProbabilities({ genes: 1, rule, schedule, steps: count });
    const pairs = law.reduce((sum, p) => sum + p * p, 0);
    shared = Math.max(shared, Math.abs(pairs - pair_shares_a_step), Math.abs(law[count] - left_for_denoise));
  }
  return [
    `σ, rate, α of ${values.length} times: largest relative difference ${exponential(relative)}.`,
    `Probability of a reveal, ${steps.length} grids of 4 to 1,000 steps: largest difference ${exponential(reveal)}.`,
    `Left for the denoising, and pairs that share a step: largest difference ${exponential(shared)}.`,
  ].join('\n');
}
