/** The user's files that a flow run takes: observations, their true values, and a network. */
import { TABLES } from '../../bundle/table-names.ts';
import { dataRole, truthRole } from '../data-roles.ts';
import { type FileRole, fileOf } from '../file-role.ts';
import type { RunInputs } from '../workload.ts';
import type { NetworkInput } from './weights/network-file.ts';

const observations = dataRole('rows', {
  label: 'Observations',
  // The data of a task may be images.
  accept: ['.npy', '.npz', ...TABLES, '.fits', '.fit'],
  flagHelp: 'your own observations: .npy or CSV, [n, numbers]',
  help: 'Observations as NumPy .npy or .npz with one array (floats or integers, shape n × numbers, or n × numbers × 1) or as a table, one row an observation.',
  drop: 'a .npy or .csv of observations',
  example: { path: 'examples/two-moons.csv', title: 'observations', preset: 'moons' },
  preview: async (stack) => (await import('./observation-preview.ts')).observationPreview(stack),
});

/** A parameter among the names of columns, whatever separates them. */
const PARAMETER = /(?:^|[,;#\s])"?theta_\d/i;

/** Comments at the head of a table and the line after them, in any encoding: the zeros of UTF-16 and marks of byte order are left out. */
function firstLines(head: string): string {
  const lines = head.replace(/[\0\uFEFF\uFFFD]/g, '').split(/[\r\n]+/);
  const first = lines.findIndex((line) => !line.startsWith('#'));
  return lines.slice(0, first + 1).join('\n');
}

const truth = truthRole(
  { header: 'theta_1,theta_2', item: 'observation' },
  {
    help: 'If you have it, a CSV with the true values, its columns named theta_1, theta_2 and so on.',
    example: { path: 'examples/two-moons-truth.csv', title: 'their truths', preset: 'moons' },
    // Of any task: those of another are refused when the run is planned.
    understood: (column) => /^(theta_\d+|g[12])$/.test(column),
    recognises: (head) => PARAMETER.test(firstLines(head)),
  },
);

const network: FileRole<NetworkInput> = {
  role: 'network',
  label: 'Network',
  accept: ['.safetensors'],
  flagHelp: 'a trained network, .safetensors, in the place of the one that ships ("shipped")',
  help: 'A trained network as .safetensors.',
  drop: 'a .safetensors network',
  example: { path: 'networks/two_moons.safetensors', title: 'a network', preset: 'moons' },
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
