/** Whether a recipe can be trained, before anything is simulated or compiled. */
import { batchEntry, type SizeOverrides, sizeObjection } from '../../../batch/sizes.ts';
import { lackingFeature } from '../../../gpu/precision.ts';
import type { AdapterReport } from '../../../gpu/report.ts';
import { ACTIVATIONS } from '../../../nn/mlp.ts';
import { NET_PRECISIONS, type NetPrecision } from '../../../nn/mlp-kernel.ts';
import { ConfigError } from '../../workload.ts';
import { taskOf, tasks } from '../tasks/index.ts';
import type { FlowTask } from '../tasks/task.ts';
import type { Recipe } from './recipe.ts';

/** Fewer simulations give no mean and spread worth the name. */
const LEAST_SIMULATIONS = 100;
const MOST = 2 ** 32 - 1;
/** Far beyond the widest prior. */
const MOST_SHOULDER = 100;

/** The recipe's task. @throws ConfigError for the first field that is wrong, by the name of its flag */
export function checkRecipe(recipe: Recipe): FlowTask {
  const { width, depth, batch, seed, simulations, optimiser, timePower, shoulder } = recipe;
  const task = taskOf(recipe.task);
  if (!task)
    throw new ConfigError('task', `expected one of ${tasks.map(({ id }) => id).join(', ')}, got "${recipe.task}".`);
  whole('width', width, 8, 1024);
  if (width % 8 !== 0) throw new ConfigError('width', `expected a multiple of 8, got ${width}.`);
  whole('depth', depth, 2, 32);
  whole('seed', seed, 0, MOST);
  whole('simulations', simulations, LEAST_SIMULATIONS, MOST);
  whole('steps', optimiser.steps, 1, 10_000_000);
  whole('time-power', timePower, 1, 8);
  const objection = sizeObjection(batchEntry('flow.trainingBatch')!, batch);
  if (objection !== undefined) throw new ConfigError('batch', objection);
  if (!(optimiser.rate > 0 && optimiser.rate <= 1))
    throw new ConfigError('learning-rate', `expected a number above 0 and up to 1, got ${optimiser.rate}.`);
  if (!(shoulder >= 0 && shoulder <= MOST_SHOULDER))
    throw new ConfigError('shoulder', `expected a number from 0 to ${MOST_SHOULDER}, got ${shoulder}.`);
  if (shoulder > 0 && task.prior.kind !== 'box')
    throw new ConfigError('shoulder', `the prior of ${task.id} has no edges: expected 0, got ${shoulder}.`);
  oneOf('activation', recipe.activation, ACTIVATIONS);
  oneOf('precision', recipe.precision, NET_PRECISIONS);
  return task;
}

/** Sizes of the batch table that differ from the adapter's. @throws ConfigError for an unknown key or a value that cannot be used */
export function checkSizes(sizes: Readonly<Record<string, unknown>>): SizeOverrides {
  for (const [key, value] of Object.entries(sizes)) {
    const entry = batchEntry(key);
    if (!entry) throw new ConfigError('size', `there is no "${key}" in the batch table; see \`lockstep sizes\`.`);
    if (key === 'flow.trainingBatch')
      throw new ConfigError('size', `${key} changes the network: give it as the batch.`);
    const objection = sizeObjection(entry, value);
    if (objection !== undefined) throw new ConfigError('size', `${key}: ${objection}`);
  }
  return sizes as SizeOverrides;
}

/** @throws ConfigError where the adapter has no arithmetic in halves */
export function checkPrecision(precision: NetPrecision, report: AdapterReport): void {
  if (lackingFeature(precision, report) === undefined) return;
  throw new ConfigError(
    'precision',
    `${report.name} does not compute in ${precision}. Choose f16-storage, which stores halves and computes in f32, or f32.`,
  );
}

function whole(field: string, value: number, from: number, to: number): void {
  if (Number.isInteger(value) && value >= from && value <= to) return;
  throw new ConfigError(field, `expected a whole number from ${from} to ${to.toLocaleString('en-US')}, got ${value}.`);
}

function oneOf(field: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) throw new ConfigError(field, `expected one of ${allowed.join(', ')}, got "${value}".`);
}
