/** A flow run, validated and ready to be planned: observations, network, solver. */

import { mlpLayout } from '../../nn/mlp.ts';
import { ConfigError, type Precision, type Problem, type RunInputs } from '../workload.ts';
import { farObservations, isFar } from './far.ts';
import { imagesOf, truthTableOf } from './files.ts';
import { headerWarnings } from './image-header.ts';
import { columnNames, flowItems } from './items.ts';
import type { LoadedNetwork } from './loaded-network.ts';
import { standardisedObservation, type VelocityModel } from './model.ts';
import type { FlowParams } from './params.ts';
import { evaluationsOf, isAdaptive } from './sampling/solvers.ts';
import { insidePrior, type Prior } from './tasks/prior.ts';
import type { FlowTask } from './tasks/task.ts';
import { simulationsWords } from './training/provenance.ts';
import type { Provenance } from './weights/network-file.ts';

export interface FlowProblem extends Problem {
  readonly params: FlowParams;
  readonly task: FlowTask;
  readonly model: VelocityModel;
  /** First word of the key of every random number; the second is the number of the observation. */
  readonly seed: number;
  /** Names of the parameters in files. */
  readonly names: readonly string[];
  /** Standardised data of an item. */
  context(index: number): Float32Array;
  /** Data of an item as they were measured. */
  observation(index: number): ArrayLike<number>;
  /** Whether the observations are the user's, and the simulator may never make such. */
  readonly ownData: boolean;
  /** Whether the simulator hardly ever makes data like an item's. */
  isFar(index: number): boolean;
  /** Whether a sample, in the units of the parameters, is kept. */
  accepts(sample: ArrayLike<number>): boolean;
}

/** @throws ConfigError where parameters, network and files do not fit together. */
export function prepareFlow(
  loaded: LoadedNetwork,
  params: FlowParams,
  seed: number,
  inputs: RunInputs,
  precision: Precision = 'f32',
): FlowProblem {
  const { task, model } = loaded;
  const { items: bare, observation } = flowItems(task, params, seed, inputs);
  const context = (index: number) => standardisedObservation(model, observation(index));
  const images = imagesOf(inputs);
  const broken = images ? bare.find(({ index }) => !Array.from(observation(index)).every(Number.isFinite)) : undefined;
  if (broken)
    throw new ConfigError(
      'images',
      `${images?.name}: observation ${broken.index} has a value that is no finite number.`,
    );
  if (images) for (const { index } of bare) checkSeen(images.name, index, () => context(index));
  const names = columnNames(task);
  const items = bare.map((item) => ({ ...item, observation: Array.from(observation(item.index)) }));
  return {
    items,
    parameters: names.map((name, i) => ({
      name,
      unit: '',
      help: `${task.parameters[i]} of ${task.title}: ${priorWords(task.prior, i)}.`,
    })),
    notes: notesOf(loaded, params, inputs, precision),
    warnings: images ? [...headerWarnings(task, images), ...farObservations(task, params, inputs)] : [],
    params,
    task,
    model,
    seed,
    names,
    context,
    observation,
    ownData: images !== undefined,
    isFar: (index) => isFar(task, observation(index)),
    accepts: params.rejectOutside ? (sample) => insidePrior(task.prior, sample) : () => true,
  };
}

/** @throws ConfigError for an observation of which a network can see nothing */
function checkSeen(file: string, index: number, see: () => unknown): void {
  try {
    see();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ConfigError('images', `${file}: observation ${index} cannot be used: ${error.message}.`);
  }
}

function priorWords(prior: Prior, i: number): string {
  return prior.kind === 'box'
    ? `uniform from ${prior.low[i]} to ${prior.high[i]} before the data are seen`
    : `normal around ${prior.mean[i]} with standard deviation ${Number(prior.sd[i].toPrecision(4))} before the data are seen`;
}

/** What a precision is, in words; nothing for f32. */
const PRECISION_NOTES: Readonly<Partial<Record<Precision, string>>> = {
  'f16-storage': 'Precision f16-storage: hidden matrices and activations stored in halves, computed in f32.',
  f16: 'Precision f16: hidden matrices and activations stored and multiplied in halves, sums in f32.',
};

function notesOf(
  { name, model, provenance }: LoadedNetwork,
  params: FlowParams,
  inputs: RunInputs,
  precision: Precision,
): string[] {
  const [images, truth] = [imagesOf(inputs), truthTableOf(inputs)];
  const evaluations = evaluationsOf(params.solver, params.steps);
  const notes = [
    `Network ${name}: ${mlpLayout(model.net).parameters.toLocaleString('en-US')} parameters${provenanceWords(provenance)}.`,
    isAdaptive(params.solver)
      ? `${params.solver}: steps of adapted length, at most ${params.steps} attempts for each sample.`
      : `${params.solver}, ${params.steps} ${params.steps === 1 ? 'step' : 'steps'}: ${evaluations} evaluations of the network a sample.`,
  ];
  const wider = widerPriorWords(provenance.shoulder ?? 0, params.rejectOutside);
  if (wider) notes.push(wider);
  const half = PRECISION_NOTES[precision];
  if (half) notes.push(half);
  if (images) {
    const known = truth ? `, true values from ${truth.name}` : '; their true values are not known here';
    notes.push(`Observations from ${images.name}${known}.`);
  }
  return notes;
}

/** Why samples are rejected near an edge of the prior, and what it means to keep them. */
function widerPriorWords(shoulder: number, rejected: boolean): string | undefined {
  if (shoulder === 0) return undefined;
  const taught = `The network was taught a prior that goes on beyond its edges, falling with a standard deviation of ${shoulder}`;
  return rejected
    ? `${taught}, so that it has none to draw: near an edge samples outside the prior are rejected by design, and what is left has the prior's own edge.`
    : `${taught}: the samples outside the prior that are kept belong to that wider one.`;
}

function provenanceWords({ simulations, steps, batch, c2st, c2stObservations, evaluation }: Provenance): string {
  const trained =
    simulations === undefined || steps === undefined
      ? ''
      : `, trained on ${simulationsWords({ simulations, steps, batch })} in ${steps.toLocaleString('en-US')} steps`;
  const drawn = Object.keys(evaluation?.c2st ?? {}).some((id) => id.startsWith('predictive-'));
  const over =
    c2stObservations === undefined
      ? ''
      : ` over ${c2stObservations} observations${drawn ? ' that the prior makes' : ''}`;
  return trained + (c2st === undefined ? '' : `, C2ST ${c2st.toFixed(3)}${over}`);
}
