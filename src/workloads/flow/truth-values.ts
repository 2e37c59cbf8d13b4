/** Whether true values that the user brings can be those of a task: its own columns, inside its prior. */
import type { TruthTable } from '../../bundle/truth-table.ts';
import { untrue } from '../untrue.ts';
import { ConfigError } from '../workload.ts';
import type { Prior } from './tasks/prior.ts';
import type { FlowTask } from './tasks/task.ts';

/** Standard deviations from the mean of a normal prior beyond which no true value lies: one in 10¹⁵ does. */
const FARTHEST = 8;
/** Columns of true values that some task has. */
const OF_A_TASK = /^(theta_\d+|g[12])$/;

/** @param names of the task's columns. @throws ConfigError for columns of another task, and the first value that the prior cannot give, e.g. −99 */
export function checkTruth(
  task: FlowTask,
  table: TruthTable,
  rows: TruthTable['rows'],
  names: readonly string[],
): void {
  const other = rows.flatMap((row) => Object.keys(row)).find((key) => OF_A_TASK.test(key) && !names.includes(key));
  if (other !== undefined)
    throw new ConfigError(
      'truth',
      `${table.name} has a column ${other}, and ${task.title} has the parameters ${names.join(', ')} alone. Give the truths of this task.`,
    );
  rows.forEach((row, index) => {
    names.forEach((column, i) => {
      const value = row[column];
      const [low, high] = rangeOf(task.prior, i);
      if (value === undefined || (value >= low && value <= high)) return;
      throw untrue(
        table.name,
        { one: 'observation', index, column },
        {
          found: `${value} is not allowed`,
          allowed: `the prior of ${column} reaches from ${short(low)} to ${short(high)}`,
        },
      );
    });
  });
}

function rangeOf(prior: Prior, i: number): readonly [number, number] {
  if (prior.kind === 'box') return [prior.low[i], prior.high[i]];
  return [prior.mean[i] - FARTHEST * prior.sd[i], prior.mean[i] + FARTHEST * prior.sd[i]];
}

const short = (value: number) => String(Number(value.toPrecision(3)));
