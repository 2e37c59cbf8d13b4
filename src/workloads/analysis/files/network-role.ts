/** A perceptron of the user's, in the place of the language model that ships, and the rows of numbers that it is analysed on. */
import { TABLES } from '../../../bundle/table-names.ts';
import type { FileRole } from '../../file-role.ts';
import type { NetworkInput, RowsInput } from './network-input.ts';

export const networkRole: FileRole<NetworkInput> = {
  role: 'network',
  label: 'Network',
  accept: ['.safetensors'],
  flagHelp: 'a velocity network of flow (.safetensors) in the place of a language model; it takes --rows',
  help: 'A residual perceptron as .safetensors, as a training of flow saves its velocity network. It takes rows in the place of texts.',
  drop: 'a .safetensors of a velocity network',
  replaces: { noun: 'network', shipped: 'the model that ships', params: [] },
  example: { path: 'networks/two_moons.safetensors', title: 'a velocity network', preset: 'network' },
  read: async (name, bytes) => (await import('./read-network.ts')).readNetwork(name, bytes),
};

/** A line of numbers alone, however they are separated. */
const NUMBERS = /^[\s\d.,;+\-eE]+$/;

export const rowsRole: FileRole<RowsInput> = {
  role: 'rows',
  label: 'Rows',
  accept: ['.npy', ...TABLES],
  // Texts come as tables, too.
  recognises(head, name) {
    if (name.toLowerCase().endsWith('.npy')) return true;
    const [first = '', second = first] = head.split(/[\r\n]+/).filter((line) => line !== '' && !line.startsWith('#'));
    return /\d/.test(second) && NUMBERS.test(second);
  },
  flagHelp: 'rows for --network, .npy or CSV: its inputs, then its targets (lockstep rows makes them)',
  help: 'Rows for a network as NumPy .npy (shape n × numbers) or as a table: the inputs as the network takes them, then the targets. `lockstep rows --network` writes them for a velocity network.',
  drop: 'a .npy or .csv of rows',
  of: 'network',
  example: { path: 'examples/two-moons-rows.npy', title: 'rows for it', preset: 'network' },
  read: async (name, bytes) => (await import('./read-rows.ts')).readRows(name, bytes),
};
