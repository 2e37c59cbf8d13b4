/** Files that a run of cells has beside its tokens: genes, bins, and the network that drew them. */
import { encodeCsv } from '../../bundle/csv.ts';
import { canonicalJson } from '../../bundle/json.ts';
import { textEntry } from '../../bundle/types.ts';
import type { FinishedRun } from '../../results/kind.ts';
import type { TokenItem } from '../../results/tokens/item.ts';
import type { OwnRunFiles } from '../workload.ts';
import { binWords } from './data/bins.ts';
import { GENERATED, generatedH5ad } from './files/generated-h5ad.ts';
import { METRICS, metricFiles, PER_PERTURBATION } from './metric-files.ts';
import { encodeCellsNetwork } from './network-file.ts';
import type { CellsProblem } from './problem.ts';

export async function runFiles(problem: CellsProblem, run: FinishedRun<TokenItem>): Promise<OwnRunFiles> {
  const { model, data } = problem;
  const network = model.kind === 'network' ? model : undefined;
  const measured = metricFiles(problem, run.items);
  return {
    entries: [
      generatedH5ad(problem, run),
      ...measured,
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
                const { spec, weights, provenance, genes, bins, perturbations, cellTypes } = network;
                const subject = { genes, bins, perturbations, cellTypes };
                return { path: WEIGHTS, bytes: encodeCellsNetwork({ spec, weights, subject, provenance }) };
              },
            },
          ]
        : []),
    ],
    about: [
      [
        GENERATED,
        'the cells as counts, for anndata and scanpy; layers/bins are the tokens, layers/hidden which of them were imputed, uns/lockstep says how they came about',
      ],
      ...measured.map(({ path }) => [path, MEASURED[path]] as const),
      ['genes.csv', 'the gene of each column of tokens.npy'],
      ['bins.json', 'which counts a token stands for'],
      ...(network ? [[WEIGHTS, 'the network that drew them'] as const] : []),
    ],
    python: `With anndata (scanpy opens it likewise):

\`\`\`python
import anndata

cells = anndata.read_h5ad("${GENERATED}")  # cells.X: counts, a row a cell
\`\`\`
`,
  };
}

const WEIGHTS = 'weights.safetensors';

const MEASURED: Readonly<Record<string, string>> = {
  [METRICS]: 'the cells against held-out ones: every metric with its definition, space, floor and baselines',
  [PER_PERTURBATION]: 'what was predicted of each perturbation, beside control and mean of all',
};
