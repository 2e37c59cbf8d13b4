/** The real cells of a configuration, for the page to draw and to hold drawn ones against. */
import { parseRunConfig } from '../../../engine/config/run-config.ts';
import type { GeneMoments } from '../../../stats/expression/moments.ts';
import type { Job, JobSetting } from '../../../worker/jobs.ts';
import { shuffled } from '../data/split.ts';
import type { Labels, TokenData } from '../data/types.ts';
import { loadCells } from '../load.ts';
import { clusteredOrder } from './gene-order.ts';
import { type DataTypes, type LabelCount, leastMolecules, type RealCells, zeroShare } from './look-types.ts';
import { agreementOf, correlationOf, PairSums } from './pair-sums.ts';

/** Genes that a picture tells apart. */
const MOST_DRAWN = 256;
/** Cells of the data that are drawn. */
const SAMPLED = 128;
/** Cells that correlations are counted over: more change nothing that can be seen. */
const MOST_COUNTED = 8192;
/** What these random numbers are for: the upper counter word. */
const PURPOSE = 0x100c_0000;

export function dataJob(setting: JobSetting): Job<DataTypes> {
  return {
    async start({ config }) {
      const { data } = await loadCells(parseRunConfig(config, setting.registry).params, setting.inputs);
      return { reply: describe(data).reply };
    },
  };
}

/** What is told of data, and the moments of the genes that are drawn, in their order. */
export interface Described {
  readonly reply: RealCells;
  readonly moments: GeneMoments;
}

const known = new WeakMap<TokenData, Described>();

/** Of the same data it is the same. */
export function describe(data: TokenData): Described {
  const described = known.get(data) ?? describeAnew(data);
  known.set(data, described);
  return described;
}

function describeAnew(data: TokenData): Described {
  const { genes, bins, cells, tokens, source, warnings, control } = data;
  const counted = shuffled(cells, 0, PURPOSE).subarray(0, MOST_COUNTED);
  const drawn = mostVaried(data, counted);
  const found = sumsOf(data, counted, drawn).moments();
  const order = clusteredOrder(correlationOf(found), drawn.length).map((place) => drawn[place]);
  const moments = sumsOf(data, counted, order).moments();
  const half = counted.length >> 1;
  const means = new Float64Array(genes.length);
  for (const cell of counted)
    for (let gene = 0; gene < genes.length; gene++) means[gene] += tokens[cell * genes.length + gene] / counted.length;
  const reply: RealCells = {
    genes,
    bins,
    cells,
    order,
    ...sampleOf(data, counted),
    means,
    zeroShares: Float32Array.from(counted, (cell) => zeroShare(tokens, cell * genes.length, genes.length)),
    molecules: Float32Array.from(counted, (cell) => leastMolecules(bins, tokens, cell * genes.length, genes.length)),
    correlation: correlationOf(moments),
    floor: agreementOf(
      sumsOf(data, counted.subarray(half), order).moments(),
      sumsOf(data, counted.subarray(0, half), order).moments(),
    ),
    perturbations: countLabels(data.perturbation),
    cellTypes: countLabels(data.cellType),
    ...(control !== undefined && { control }),
    source,
    warnings,
  };
  return { reply, moments };
}

function sumsOf({ genes, tokens }: TokenData, cells: ArrayLike<number>, columns: ArrayLike<number>): PairSums {
  const sums = new PairSums(columns);
  for (let i = 0; i < cells.length; i++) sums.add(tokens, cells[i] * genes.length);
  return sums;
}

/** Genes whose bins vary most, as many as are drawn, in the order of the data. */
function mostVaried({ genes, tokens }: TokenData, cells: ArrayLike<number>): Uint32Array<ArrayBuffer> {
  const n = genes.length;
  const all = Uint32Array.from({ length: n }, (_, gene) => gene);
  if (n <= MOST_DRAWN) return all;
  const variance = Float64Array.from(all, (gene) => {
    let [sum, squares] = [0, 0];
    for (let i = 0; i < cells.length; i++) {
      const bin = tokens[cells[i] * n + gene];
      sum += bin;
      squares += bin * bin;
    }
    return squares / cells.length - (sum / cells.length) ** 2;
  });
  return all
    .sort((a, b) => variance[b] - variance[a] || a - b)
    .slice(0, MOST_DRAWN)
    .sort();
}

/** Some cells, those of a label beside each other. */
function sampleOf(data: TokenData, cells: Uint32Array): Pick<RealCells, 'sample' | 'sampleLabels'> {
  const { genes, tokens, perturbation, cellType } = data;
  const labels = cellType ?? perturbation;
  const chosen = Array.from(cells.subarray(0, SAMPLED)).sort((a, b) =>
    labels ? labels.codes[a] - labels.codes[b] : 0,
  );
  const sample = new Uint8Array(chosen.length * genes.length);
  chosen.forEach((cell, i) => {
    sample.set(tokens.subarray(cell * genes.length, (cell + 1) * genes.length), i * genes.length);
  });
  const words = (of: Labels | undefined, cell: number) => of?.names[of.codes[cell]];
  const sampleLabels = chosen.map((cell) =>
    [words(cellType, cell), words(perturbation, cell)].filter((each) => each !== undefined).join(', '),
  );
  return { sample, sampleLabels };
}

function countLabels(labels: Labels | undefined): readonly LabelCount[] {
  if (!labels) return [];
  const counts = new Uint32Array(labels.names.length + 1);
  for (const code of labels.codes) counts[code]++;
  return labels.names.map((name, code) => ({ name, cells: counts[code] }));
}
