/** A score network of the user's, in the place of the one that ships. */
import type { FileRole } from '../../file-role.ts';
import type { CellsNetworkInput } from '../network-file.ts';

export const networkRole: FileRole<CellsNetworkInput> = {
  role: 'network',
  label: 'Network',
  accept: ['.safetensors'],
  flagHelp: 'a trained score network, .safetensors, in the place of the one that ships',
  help: 'A trained score network as .safetensors: one that this page or the command line saved, or a checkpoint of the origin.',
  drop: 'a .safetensors network',
  example: { path: 'networks/regulatory.safetensors', title: 'a network', preset: 'generate' },
  replaces: { noun: 'network', shipped: 'the network that ships', params: [] },
  async read(name, bytes) {
    const input = (await import('../network-file.ts')).readCellsNetwork(name, bytes);
    const { variant, layers, width, genes, bins } = input.spec;
    return {
      input,
      count: 1,
      what: `a ${variant} network of ${layers} blocks of ${width} for ${genes} genes in ${bins} bins`,
    };
  },
};
