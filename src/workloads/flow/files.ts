/** The user's files that a flow run takes: observations, their true values, and a network. */
import { dataRole, truthRole } from '../data-roles.ts';
import { type FileRole, fileOf } from '../file-role.ts';
import type { RunInputs } from '../workload.ts';
import type { NetworkInput } from './weights/network-file.ts';

const observations = dataRole('rows', {
  label: 'Observations',
  // The data of a task may be images.
  accept: ['.npy', '.csv', '.fits', '.fit'],
  flagHelp: 'your own observations: .npy or CSV, [n, numbers]',
  help: 'Observations as NumPy .npy (float32 or float64, shape n × numbers, or n × numbers × 1) or as CSV, one row an observation.',
  drop: 'a .npy or .csv of observations',
  note: 'Posteriors of these observations are sampled instead of the task’s. Order and units of their numbers must be those that the network was trained on.',
});

/** Name of a parameter's column. */
const PARAMETER = /(?:^|,)\s*"?theta_\d/;

const truth = truthRole(
  { header: 'theta_1,theta_2', item: 'observation' },
  {
    help: 'If you have it, a CSV with the true values, its columns named theta_1, theta_2 and so on.',
    recognises: (head) => PARAMETER.test(head.replace(/^\uFEFF/, '').split('\n', 1)[0]),
  },
);

const network: FileRole<NetworkInput> = {
  role: 'network',
  label: 'Network',
  accept: ['.safetensors'],
  flagHelp: 'a trained network, .safetensors, in the place of the one that ships ("shipped")',
  help: 'A trained network as .safetensors.',
  drop: 'a .safetensors network',
  replaces: { noun: 'network', shipped: 'the network that ships', params: ['task'] },
  async read(name, bytes) {
    const input = (await import('./weights/network-file.ts')).readNetwork(name, bytes);
    const { task, net } = input.model;
    return { input, count: 1, what: `a network for ${task.id}, ${net.depth} layers of ${net.width}` };
  },
};

export const flowFiles = [observations, truth, network];

export const imagesOf = (inputs: RunInputs) => fileOf(inputs, observations);
export const truthTableOf = (inputs: RunInputs) => fileOf(inputs, truth);
export const networkOf = (inputs: RunInputs) => fileOf(inputs, network);
