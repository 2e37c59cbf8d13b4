/**
 * Which genes of which cells reveal in which step, drawn before any network is called. Whole numbers throughout: the same on every machine,
 * and the same for a cell whatever chunk it is in.
 */
import { revealWord, shuffleWord } from './random.ts';
import { type StepThresholds, stepOfWord, stepThresholds } from './reveal-law.ts';
import { balancedStep } from './rules.ts';
import { type SamplerSettings, stepsOf } from './settings.ts';

/** Cells that are sampled together. */
export interface CellsToSample {
  /** A word of 32 bits a cell; all its random numbers hang on it. */
  readonly seeds: Uint32Array;
  /** [cell][2]: labels of perturbation and cell type; K, the last row of a table, is "none". Without them no cell has any. */
  readonly labels?: Uint32Array;
  /** Tokens to start from [cell][gene], `bins` where a gene is hidden; without them all are. Known genes are never rewritten. */
  readonly start?: Uint8Array;
}

/** What reveals in step k lies in [offsets[k], offsets[k + 1]) of the lists, in ascending order. */
export interface RevealPlan {
  readonly genes: number;
  /** Steps, with the denoising. */
  readonly steps: number;
  /** Rows that reveal, cell · genes + gene, step by step. */
  readonly rows: Uint32Array<ArrayBuffer>;
  readonly offsets: Uint32Array;
  /** Cells with at least one row, step by step. */
  readonly cells: Uint32Array<ArrayBuffer>;
  readonly cellOffsets: Uint32Array;
  /** For each of `rows` the place of its cell in `cells`. */
  readonly places: Uint32Array<ArrayBuffer>;
}

/** Of a gene that never reveals, since it is known. */
const KNOWN = 0xffff;

export function planReveals(settings: SamplerSettings, { seeds, start }: CellsToSample): RevealPlan {
  const { genes } = settings;
  const steps = stepsOf(settings);
  const stepOf = new Uint16Array(seeds.length * genes);
  const draw = stepDrawer(settings);
  for (let cell = 0; cell < seeds.length; cell++)
    draw(
      seeds[cell],
      stepOf.subarray(cell * genes, (cell + 1) * genes),
      start?.subarray(cell * genes, (cell + 1) * genes),
    );
  return sortBySteps(stepOf, genes, steps);
}

/** Writes the step of every gene of a cell. */
type StepDrawer = (seed: number, stepOf: Uint16Array, start: Uint8Array | undefined) => void;

function stepDrawer(settings: SamplerSettings): StepDrawer {
  const thresholds = stepThresholds(settings);
  return thresholds ? independentDrawer(settings, thresholds) : rankDrawer(settings);
}

/** One word a gene. */
function independentDrawer({ bins }: SamplerSettings, thresholds: StepThresholds): StepDrawer {
  return (seed, stepOf, start) => {
    for (let gene = 0; gene < stepOf.length; gene++)
      stepOf[gene] = start && start[gene] !== bins ? KNOWN : stepOfWord(thresholds, revealWord(seed, gene));
  };
}

/**
 * A shuffle of the cell's hidden genes (Fisher–Yates), and a step for each rank. A place is ⌊m w/2³²⌋ of m: the chances of two places differ
 * by 2⁻³² at most.
 */
function rankDrawer({ genes, bins, rule, steps }: SamplerSettings): StepDrawer {
  const order = new Uint16Array(genes);
  return (seed, stepOf, start) => {
    let hidden = 0;
    for (let gene = 0; gene < genes; gene++) {
      if (start && start[gene] !== bins) stepOf[gene] = KNOWN;
      else order[hidden++] = gene;
    }
    for (let left = hidden; left > 0; left--) {
      const at = Math.floor((left * shuffleWord(seed, left - 1)) / 2 ** 32);
      const gene = order[at];
      order[at] = order[left - 1];
      const rank = hidden - left;
      stepOf[gene] = rule === 'balanced' ? balancedStep(rank, hidden, steps) : rank;
    }
  };
}

/** A counting sort of rows by step that keeps their order. */
function sortBySteps(stepOf: Uint16Array, genes: number, steps: number): RevealPlan {
  const offsets = new Uint32Array(steps + 1);
  const cellOffsets = new Uint32Array(steps + 1);
  const none = 0xffffffff;
  const lastCell = new Uint32Array(steps).fill(none);
  const cellsAll = stepOf.length / genes;
  for (let cell = 0, row = 0; cell < cellsAll; cell++) {
    for (let gene = 0; gene < genes; gene++, row++) {
      const step = stepOf[row];
      if (step === KNOWN) continue;
      offsets[step + 1]++;
      if (lastCell[step] !== cell) {
        lastCell[step] = cell;
        cellOffsets[step + 1]++;
      }
    }
  }
  for (let step = 0; step < steps; step++) {
    offsets[step + 1] += offsets[step];
    cellOffsets[step + 1] += cellOffsets[step];
  }
  const rows = new Uint32Array(offsets[steps]);
  const places = new Uint32Array(offsets[steps]);
  const cells = new Uint32Array(cellOffsets[steps]);
  const nextRow = offsets.slice(0, steps);
  const nextCell = cellOffsets.slice(0, steps);
  lastCell.fill(none);
  for (let cell = 0, row = 0; cell < cellsAll; cell++) {
    for (let gene = 0; gene < genes; gene++, row++) {
      const step = stepOf[row];
      if (step === KNOWN) continue;
      if (lastCell[step] !== cell) {
        lastCell[step] = cell;
        cells[nextCell[step]++] = cell;
      }
      const at = nextRow[step]++;
      rows[at] = row;
      places[at] = nextCell[step] - 1;
    }
  }
  return { genes, steps, rows, offsets, cells, cellOffsets, places };
}
