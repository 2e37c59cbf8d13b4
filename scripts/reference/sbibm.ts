/**
 * `deno run -A scripts/reference/sbibm.ts FOLDER [task …]`: draws of the exact posteriors against sbibm's reference draws. FOLDER holds
 * `<task>/observation_<i>/reference_posterior.npy`, [10000, dim]. Prints C2ST with the control of a second draw of our own, sliced W2,
 * and the largest differences of means (in standard errors) and of standard deviations (relative).
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeNpy } from '../../src/bundle/npy.ts';
import { keyOfSeed } from '../../src/stats/threefry.ts';
import { c2st } from '../../src/stats/two-sample/c2st.ts';
import type { Points } from '../../src/stats/two-sample/points.ts';
import { slicedWasserstein } from '../../src/stats/two-sample/sliced-wasserstein.ts';
import { tasks } from '../../src/workloads/flow/tasks/index.ts';

const [folder, ...wanted] = process.argv.slice(2);

function moments({ values, dim }: Points): { mean: number; sd: number }[] {
  const n = values.length / dim;
  return Array.from({ length: dim }, (_, axis) => {
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) sum += values[i * dim + axis];
    for (let i = 0; i < n; i++) squares += (values[i * dim + axis] - sum / n) ** 2;
    return { mean: sum / n, sd: Math.sqrt(squares / (n - 1)) };
  });
}

console.log('| task | observation | C2ST | control | sliced W2 | mean, standard errors | sd, relative |');
console.log('|---|---|---|---|---|---|---|');
for (const task of tasks) {
  if (wanted.length > 0 && !wanted.includes(task.id)) continue;
  for (const { id, x } of task.observations) {
    const file = join(folder, task.id, id.replace('sbibm-', 'observation_'), 'reference_posterior.npy');
    if (!existsSync(file)) continue;
    const { data, shape } = decodeNpy(file, readFileSync(file));
    const dim = task.thetaDim;
    const reference = { values: data, dim };
    const exact = { values: task.samplePosterior(x, shape[0], keyOfSeed(1)), dim };
    const second = { values: task.samplePosterior(x, shape[0], keyOfSeed(2)), dim };
    const [theirs, ours] = [moments(reference), moments(exact)];
    const meanError = ours.map(({ mean, sd }, i) => Math.abs(mean - theirs[i].mean) / (sd * Math.sqrt(2 / shape[0])));
    const sdError = ours.map(({ sd }, i) => Math.abs(theirs[i].sd / sd - 1));
    const figures = [
      c2st(reference, exact, 1).accuracy.toFixed(4),
      c2st(exact, second, 1).accuracy.toFixed(4),
      slicedWasserstein(reference, exact, 1).toPrecision(2),
      Math.max(...meanError).toFixed(1),
      Math.max(...sdError).toFixed(3),
    ];
    console.log(`| ${[task.id, id, ...figures].join(' | ')} |`);
  }
}
