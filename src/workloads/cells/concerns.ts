/** What must be known of data and settings before cells are drawn, and what is taken for granted. */
import { scoreFlops } from '../../nn/score-network/spec.ts';
import type { DataFact, RunInputs } from '../workload.ts';
import type { TokenData } from './data/types.ts';
import { dataOf } from './files/roles.ts';
import type { CellsModel } from './model.ts';
import { subjectConcerns } from './network-concerns.ts';
import type { CellsParams } from './params.ts';
import { callsOfCell } from './work.ts';

/** Beyond it a cell takes longer than people wait: operations that a good browser GPU does in a second. */
const SLOW_FLOPS = 1e12;

/** Sentences for whoever knows the data to confirm. */
export function dataFacts(inputs: RunInputs, { genes, bins, cells }: TokenData): readonly DataFact[] {
  const own = dataOf(inputs);
  if (!own) return [];
  return [
    ...own.granted.map((text) => ({ text })),
    { text: `${genes.length} of ${own.table.genes.length} genes of ${cells} cells, in ${bins.count} bins.` },
  ];
}

export function concerns(params: CellsParams, model: CellsModel, data: TokenData): readonly string[] {
  return [
    ...data.warnings,
    ...subjectConcerns(params, model, data),
    ...ruleConcerns(params),
    ...costConcerns(params, model),
  ];
}

function ruleConcerns({ rule, steps, temperature }: CellsParams): string[] {
  return [
    ...(rule === 'origin'
      ? [
          `The origin’s rule reveals at the forward rate: in ${steps} steps a share of ${firstShare(steps)} of all genes is drawn in the first one, each as if there were no other. Means come out right, and how genes go together does not.`,
        ]
      : []),
    ...(temperature < 1
      ? [`At temperature ${temperature} rare states are drawn too seldom: variances are too small.`]
      : []),
  ];
}

/** 1 − e^(−σ'(1)/N), σ'(1) = 999 of the log-linear schedule with ε = 1e-3. */
function firstShare(steps: number): string {
  return (1 - Math.exp(-999 / steps)).toFixed(5);
}

function costConcerns(params: CellsParams, model: CellsModel): string[] {
  if (model.kind !== 'network') return [];
  const flop = callsOfCell(params, model) * scoreFlops(model.spec);
  if (flop < SLOW_FLOPS) return [];
  return [
    `A cell of ${model.genes.length} genes takes ${(flop / 1e12).toFixed(1)} TFLOP: seconds on a strong GPU, hours without one. Fewer genes or steps make it lighter.`,
  ];
}
