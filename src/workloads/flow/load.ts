/** The network of a task: the one that ships, or the user's; with all that computes. Loaded with the first use of the experiment. */
import type { ParamValues } from '../params.ts';
import { shippedFile } from '../shipped-files.ts';
import { ConfigError, type RunInputs } from '../workload.ts';
import { farObservations } from './far.ts';
import { networkOf } from './files.ts';
import { headerWarnings } from './image-header.ts';
import { checkTruths, itemCount } from './items.ts';
import type { LoadedNetwork } from './loaded-network.ts';
import { readFlowParams } from './params.ts';
import { flowNetworkMemory, flowResultBytes, flowWork, planFlow } from './plan.ts';
import { prepareFlow } from './problem.ts';
import { chooseFlowShape } from './shape.ts';
import { taskOf } from './tasks/index.ts';
import { type NetworkInput, readNetwork } from './weights/network-file.ts';

/** What the workload is made of once its code and a network are there. */
const code = {
  itemCount,
  checkTruths,
  readFlowParams,
  prepareFlow,
  chooseFlowShape,
  planFlow,
  flowWork,
  flowNetworkMemory,
  farObservations,
  headerWarnings,
  flowResultBytes,
};

export interface LoadedFlow extends LoadedNetwork {
  readonly code: typeof code;
}

/** Path of a task's network below `public/`. */
export const networkPath = (task: string) => `networks/${task}.safetensors`;

const shipped = new Map<string, Promise<NetworkInput>>();

/** @throws ConfigError where no network is there or it is another task's; FileError for one that is damaged. */
export async function loadFlow(values: ParamValues, inputs: RunInputs): Promise<LoadedFlow> {
  const id = readFlowParams(values).task;
  const task = taskOf(id);
  if (!task) throw new ConfigError('params.task', `Task (task): there is no task "${id}".`);
  const network = networkOf(inputs) ?? (await shippedNetwork(id));
  const { model, name } = network;
  const { id: trained, thetaDimension, xDimension, summary } = model.task;
  // A network may see the data themselves where the task has a summary, too.
  const sees = summary === undefined ? xDimension === task.xDim : summary === task.summary;
  if (trained !== id || thetaDimension !== task.thetaDim || !sees)
    throw new ConfigError(
      'network',
      `${name} is a network for the task ${trained} (${thetaDimension} parameters, ${xDimension} ${summary ?? 'data'}), not for ${id} (${task.thetaDim}, ${task.xDim}). Choose that task, or another network.`,
    );
  return { ...network, task, code };
}

function shippedNetwork(task: string): Promise<NetworkInput> {
  const known = shipped.get(task) ?? fetchNetwork(task);
  shipped.set(task, known);
  // What is not there now may be there later.
  known.catch(() => shipped.delete(task));
  return known;
}

async function fetchNetwork(task: string): Promise<NetworkInput> {
  const path = networkPath(task);
  const bytes = await shippedFile(path);
  if (!bytes)
    throw new ConfigError(
      'params.task',
      `Task (task): no trained network for ${task} is there (${path}). Train one, or give one of your own.`,
    );
  return readNetwork(`${task}.safetensors`, bytes);
}
