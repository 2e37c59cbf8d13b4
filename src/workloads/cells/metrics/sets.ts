/** The sets of cells that are compared: equally many of each, chosen by the seed. */
import {
  independentCells,
  medianTokens,
  modeTokens,
  repeatedCell,
  tokenCounts,
} from '../../../stats/expression/baselines.ts';
import { chooseCells, takeCells } from '../../../stats/expression/subsample.ts';
import type { Points } from '../../../stats/two-sample/points.ts';
import { ConfigError } from '../../workload.ts';
import { countsOfTokens } from '../data/counts-from-bins.ts';
import { binEdges } from './edges.ts';
import { COPIES, MOST_CELLS } from './limits.ts';
import type { CellMetricsInput, CellSet } from './types.ts';

/** Streams of random words, one a purpose. */
export const STREAMS = { generated: 1, real: 2, training: 3, independent: 4, perturbations: 16 } as const;

export interface Sample {
  readonly tokens: Points;
  readonly counts: Points;
  /** All cells are copies of one. */
  readonly constant?: true;
}

export interface Samples {
  readonly cells: number;
  readonly real: Sample;
  readonly generated: Sample;
  readonly floor: Sample;
  /** What needs no model, by name. */
  readonly baselines: Readonly<Record<string, Sample>>;
  readonly notes: readonly string[];
}

/** @throws ConfigError where cells, genes and labels do not fit together */
export function samplesOf(input: CellMetricsInput): Samples {
  const { generated, training, genes, bins, seed } = input;
  const dim = genes.length;
  for (const [field, set] of [
    ['generated', generated],
    ['real', input.real],
    ['training', training],
  ] as const) {
    if (set) requireCells(field, set, dim, bins.count);
  }
  const notes: string[] = [];
  const count = (set: CellSet) => set.tokens.length / dim;
  const all = chooseCells(count(input.real), count(input.real), seed, STREAMS.real);
  const most = input.cells ?? MOST_CELLS;
  const limit = Math.min(most, count(generated), training ? all.length : Math.floor(all.length / 2));
  if (limit < 2) throw new ConfigError('cells', `${limit} cells on each side: metrics compare at least two with two.`);
  const real = all.subarray(0, limit);
  const from = training ?? input.real;
  const chosen = training
    ? chooseCells(count(training), limit, seed, STREAMS.training)
    : all.subarray(limit, 2 * limit);
  if (!training) {
    notes.push('No training cells were given: half of the real cells stand for them in floor and baselines.');
  } else if (count(training) < limit) {
    notes.push(`Floor and baselines draw ${limit} cells from ${count(training)} training cells, so some come twice.`);
  }
  const pool = training ? training : pick(input.real, dim, chosen);
  const marginals = tokenCounts({ values: pool.tokens, dim }, bins.count);
  const sample = (set: CellSet, cells: Uint32Array) => withCounts(pick(set, dim, cells), input);
  const constant = (tokens: Uint16Array) => repeated(tokens, input);
  return {
    cells: limit,
    real: sample(input.real, real),
    generated: sample(generated, chooseCells(count(generated), limit, seed, STREAMS.generated)),
    floor: sample(from, chosen),
    baselines: {
      independent: withCounts(
        {
          tokens: Uint8Array.from(
            independentCells({ values: pool.tokens, dim }, limit, seed, STREAMS.independent).values,
          ),
        },
        input,
      ),
      zero: constant(new Uint16Array(dim)),
      mode: constant(modeTokens(marginals, bins.count)),
      median: constant(medianTokens(marginals, bins.count)),
    },
    notes,
  };
}

function requireCells(field: string, { tokens, counts, perturbation }: CellSet, genes: number, bins: number): void {
  const cells = tokens.length / genes;
  if (!Number.isInteger(cells) || cells < 1) {
    throw new ConfigError(field, `${tokens.length} tokens do not make cells of ${genes} genes.`);
  }
  const bad = tokens.findIndex((token) => token >= bins);
  if (bad >= 0) {
    throw new ConfigError(
      field,
      `cell ${Math.floor(bad / genes)} has the token ${tokens[bad]} at gene ${bad % genes}, which is no bin: only finished cells can be measured.`,
    );
  }
  if (counts && counts.length !== tokens.length) {
    throw new ConfigError(field, `${counts.length} counts belong to ${tokens.length} tokens.`);
  }
  if (perturbation && perturbation.length !== cells) {
    throw new ConfigError(field, `${perturbation.length} labels belong to ${cells} cells.`);
  }
}

/** Those cells of a set. */
export function pick(set: CellSet, genes: number, cells: Uint32Array): CellSet {
  return {
    tokens: takeCells(set.tokens, genes, cells).values,
    ...(set.counts && { counts: takeCells(set.counts, genes, cells).values }),
  };
}

/** Counts as they are, or drawn inside the bins, or the bins' lower edges. */
export function withCounts(
  { tokens, counts }: CellSet,
  { genes, bins, histogram, seed }: Pick<CellMetricsInput, 'genes' | 'bins' | 'histogram' | 'seed'>,
): Sample {
  const dim = genes.length;
  const edges = binEdges(bins);
  const values =
    counts ??
    (histogram
      ? countsOfTokens(histogram, bins, tokens, { genes: dim, seed })
      : Uint32Array.from(tokens, (token) => edges[token]));
  return { tokens: { values: tokens, dim }, counts: { values, dim } };
}

/** A cell that is always the same; its counts are the lower edges, for drawn ones would differ from copy to copy. */
function repeated(cell: Uint16Array, { bins }: Pick<CellMetricsInput, 'bins'>): Sample {
  const edges = binEdges(bins);
  const tokens = repeatedCell(cell, COPIES);
  return {
    tokens,
    counts: { values: Uint32Array.from(tokens.values, (token) => edges[token]), dim: cell.length },
    constant: true,
  };
}
