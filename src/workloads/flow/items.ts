/** Observations of a run: the task's own, simulated ones, or those of a file. */

import type { ImageStack } from '../../bundle/images.ts';
import type { TruthTable } from '../../bundle/truth-table.ts';
import type { ItemInfo } from '../../results/item.ts';
import type { RandomKey } from '../../stats/threefry.ts';
import { truthRows } from '../truth-rows.ts';
import { ConfigError, type RunInputs } from '../workload.ts';
import { imagesOf, truthTableOf } from './files.ts';
import { checkHeader } from './image-header.ts';
import type { FlowParams } from './params.ts';
import type { FlowTask } from './tasks/task.ts';
import { checkTruth } from './truth-values.ts';

/** Second word of the key of simulated observations; training has others. */
const OBSERVATION_KEY = 0x6f6273; // "obs"

export interface FlowItems {
  readonly items: readonly ItemInfo[];
  /** Data of an item, as they were measured: not standardised. */
  observation(index: number): ArrayLike<number>;
}

/** Name of a parameter in files and tables: letters, digits and underscores. */
export function columnNames(task: FlowTask): string[] {
  return task.parameters.map((name) => name.replace(/^θ/, 'theta_'));
}

/** @throws ConfigError for observations that the task does not have, and files of another shape. */
export function flowItems(task: FlowTask, params: FlowParams, seed: number, inputs: RunInputs): FlowItems {
  const [images, truth] = [imagesOf(inputs), truthTableOf(inputs)];
  if (images) return ownItems(task, images, seed, truth);
  if (truth)
    throw new ConfigError('truth', `${truth.name} gives true values, but there are no observations to go with them.`);
  return params.truthSource === 'task' ? taskItems(task, params, seed) : simulatedItems(task, params, seed);
}

/** Number of observations, without making any. */
export function itemCount(task: FlowTask, params: FlowParams, inputs: RunInputs): number {
  const images = imagesOf(inputs);
  if (images) return rowsOf(task, images);
  return params.truthSource === 'task' ? params.observation.length : params.observations;
}

function taskItems(task: FlowTask, { observation: numbers }: FlowParams, seed: number): FlowItems {
  const known = task.observations.length;
  const wrong = numbers.find(
    (number, i) => !Number.isInteger(number) || number > known || numbers.indexOf(number) !== i,
  );
  if (wrong !== undefined)
    throw new ConfigError(
      'params.observation',
      `Which of them (observation): ${wrong} is not allowed; ${task.title} has observations 1 to ${known}, each to be named once.`,
    );
  const chosen = numbers.map((number) => task.observations[number - 1]);
  const items = chosen.map(({ id, theta }, index) => ({
    index,
    runId: `${task.id}_${id}`,
    seed: seed + index,
    truth: truthOf(task, theta),
  }));
  return { items, observation: (index) => chosen[index].x };
}

function simulatedItems(task: FlowTask, { observations: count }: FlowParams, seed: number): FlowItems {
  const key: RandomKey = [seed >>> 0, OBSERVATION_KEY];
  // Rounded, so that engines whose logarithms differ in the last bit agree.
  const simulate = (index: number) => task.simulate(key, index);
  const items = Array.from({ length: count }, (_, index) => ({
    index,
    runId: `${task.id}_${String(index).padStart(5, '0')}_s${seed + index}`,
    seed: seed + index,
    truth: truthOf(task, simulate(index).theta.map(Math.fround)),
  }));
  return { items, observation: (index) => simulate(index).x.map(Math.fround) };
}

function ownItems(task: FlowTask, images: ImageStack, seed: number, table: TruthTable | undefined): FlowItems {
  const count = rowsOf(task, images);
  checkHeader(task, images);
  const names = columnNames(task);
  const rows = table && ownTruths(task, images, table);
  const items = Array.from({ length: count }, (_, index) => {
    const row = rows?.[index] ?? {};
    const truth = Object.fromEntries(names.filter((name) => row[name] !== undefined).map((name) => [name, row[name]]));
    return { index, runId: `observation_${String(index).padStart(5, '0')}`, seed: seed + index, truth };
  });
  const size = sizeOf(task);
  const row = (index: number) => images.pixels.subarray(index * size, (index + 1) * size);
  return { items, observation: (index) => task.data?.summarise(row(index)) ?? row(index) };
}

/** For which task and observations a table was found good: a plan is asked for with every move of a slider. */
const found = new WeakMap<
  TruthTable,
  { readonly task: FlowTask; readonly images: ImageStack; readonly rows: TruthTable['rows'] }
>();

/** Rows of true values in the order of the observations. @throws ConfigError for those that cannot be theirs */
function ownTruths(task: FlowTask, images: ImageStack, table: TruthTable): TruthTable['rows'] {
  const known = found.get(table);
  if (known?.task === task && known.images === images) return known.rows;
  const names = columnNames(task);
  const of = { file: images.name, one: 'observation', many: 'observations' };
  const rows = truthRows(table, rowsOf(task, images), names, of);
  checkTruth(task, table, rows, names);
  found.set(table, { task, images, rows });
  return rows;
}

/** What a run would refuse of the user's true values, before there is one. @throws ConfigError */
export function checkTruths(task: FlowTask, inputs: RunInputs): void {
  const [images, truth] = [imagesOf(inputs), truthTableOf(inputs)];
  if (images && truth) ownTruths(task, images, truth);
}

/** Numbers that an observation of a file has. */
function sizeOf({ xDim, data }: FlowTask): number {
  return data ? data.shape.reduce((product, length) => product * length, 1) : xDim;
}

/** Rows of [n, x], as GenSBI has it [n, x, 1], or images. Files of two axes were read as one image. */
function rowsOf(task: FlowTask, { name, n, ny, nx }: ImageStack): number {
  const size = sizeOf(task);
  const [height, width] = task.data?.shape ?? [];
  if (ny === height && nx === width) return n;
  if (n === 1 && nx === size) return ny;
  if (ny === size && nx === 1) return n;
  const shape = n === 1 ? [ny, nx] : [n, ny, nx];
  const images = task.data ? `[n, ${task.data.shape.join(', ')}], ` : '';
  throw new ConfigError(
    'images',
    `${name} has shape [${shape.join(', ')}], and ${task.title} takes ${images}[n, ${size}] or [n, ${size}, 1]: ${size} numbers for each of n observations.`,
  );
}

function truthOf(task: FlowTask, theta: ArrayLike<number>): Record<string, number> {
  return Object.fromEntries(columnNames(task).map((name, i) => [name, theta[i]]));
}
