/** What a cell costs, for rooflines and time estimates. */
import { scoreFlops } from '../../nn/score-network/spec.ts';
import type { WorkEstimate } from '../workload.ts';
import type { CellsModel } from './model.ts';
import type { CellsParams } from './params.ts';
import { isGuided, stepsOf } from './sampling/settings.ts';
import { settingsOf } from './settings-of.ts';

const F32 = 4;

/** Genes of a cell that are revealed. */
export function revealedGenes({ task, hidden }: CellsParams, genes: number): number {
  return task === 'impute' ? Math.max(1, hidden * genes) : genes;
}

/**
 * Calls of the predictor that a cell takes: steps in which at least one of its genes is revealed. Genes choose their steps alike, so a step
 * of N has none with probability (1 − 1/N)^n.
 */
export function callsOfCell(params: CellsParams, model: CellsModel): number {
  const settings = settingsOf(params, model);
  const steps = stepsOf(settings);
  const genes = revealedGenes(params, settings.genes);
  if (settings.rule === 'first-hitting') return genes;
  if (settings.rule === 'balanced') return Math.min(steps, genes);
  return steps * (1 - (1 - 1 / steps) ** genes) * (isGuided(settings) ? 2 : 1);
}

/** The unit is a revealed gene. */
export function cellsWork(params: CellsParams, model: CellsModel): WorkEstimate {
  const units = revealedGenes(params, model.genes.length);
  const calls = callsOfCell(params, model);
  return {
    flopPerUnit: (calls * flopOfCall(model)) / units,
    bytesPerUnit: (calls * bytesOfCall(model)) / units,
    unitsPerItem: units,
  };
}

function flopOfCall(model: CellsModel): number {
  if (model.kind === 'network') return scoreFlops(model.spec);
  // The posterior of the classes: a sum over all genes.
  return 2 * model.mixture.classes * model.genes.length;
}

/** Activations that are written and read once by every stage of every block. */
function bytesOfCall(model: CellsModel): number {
  const genes = model.genes.length;
  if (model.kind === 'mixture') return genes * F32 * (1 + model.mixture.classes);
  const { layers, width } = model.spec;
  return layers * genes * width * F32 * 2 * 10;
}
