/** Files that a run of cells has beside its tokens: genes, bins, and the network that drew them. */
import { encodeCsv } from '../../bundle/csv.ts';
import { canonicalJson } from '../../bundle/json.ts';
import { textEntry } from '../../bundle/types.ts';
import type { OwnRunFiles } from '../workload.ts';
import { binWords } from './data/bins.ts';
import { encodeCellsNetwork } from './network-file.ts';
import type { CellsProblem } from './problem.ts';

export async function runFiles({ model, data }: CellsProblem): Promise<OwnRunFiles> {
  const network = model.kind === 'network' ? model : undefined;
  return {
    entries: [
      textEntry('genes.csv', () =>
        encodeCsv(
          ['gene'],
          data.genes.map((gene) => [gene]),
        ),
      ),
      textEntry('bins.json', () =>
        canonicalJson({
          kind: data.bins.kind,
          count: data.bins.count,
          ...(data.bins.edges && { edges: [...data.bins.edges] }),
          words: Array.from({ length: data.bins.count }, (_, bin) => binWords(data.bins, bin)),
        }),
      ),
      ...(network
        ? [
            {
              path: WEIGHTS,
              make: () => {
                const { spec, weights, genes, bins, perturbations, cellTypes } = network;
                const subject = { genes, bins, perturbations, cellTypes };
                return { path: WEIGHTS, bytes: encodeCellsNetwork({ spec, weights, subject, provenance: {} }) };
              },
            },
          ]
        : []),
    ],
    about: [
      ['genes.csv', 'the gene of each column of tokens.npy'],
      ['bins.json', 'which counts a token stands for'],
      ...(network ? [[WEIGHTS, 'the network that drew them'] as const] : []),
    ],
  };
}

const WEIGHTS = 'weights.safetensors';
