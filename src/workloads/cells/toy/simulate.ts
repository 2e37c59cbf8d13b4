/** Draws cells of the toy. Every random number has an address (seed, cell, what for), so n cells begin with the same ones as more. */
import { keyOfSeed, type RandomKey, threefry2x32, uniform01 } from '../../../stats/threefry.ts';
import { countAt, negativeBinomial } from './negative-binomial.ts';
import {
  CELL_TYPES,
  CONTROL_SHARE,
  DEPTHS,
  GENES,
  isOn,
  KNOCK_OUTS,
  probabilityOn,
  REGULATORS,
  TYPE_SHARES,
} from './network.ts';

export interface ToyCells {
  readonly cells: number;
  /** [cells][genes] */
  readonly counts: Uint8Array<ArrayBuffer>;
  /** Index into `PERTURBATIONS` a cell. */
  readonly perturbation: Uint8Array<ArrayBuffer>;
  /** Index into `CELL_TYPES` a cell. */
  readonly cellType: Uint8Array<ArrayBuffer>;
  /** The regulators' hidden states a cell, regulator r at bit r. */
  readonly states: Uint16Array<ArrayBuffer>;
  /** Index into `DEPTHS` a cell. */
  readonly depth: Uint8Array<ArrayBuffer>;
}

/** What a random number is for: the upper counter word; regulators and genes count on from theirs. */
const FOR = { perturbation: 0, type: 1, depth: 2, regulator: 0x100, gene: 0x200 } as const;

/** @param cells how many @param seed a whole number from 0 to 2^53 − 1 */
export function simulateToy(cells: number, seed: number): ToyCells {
  const key = keyOfSeed(seed);
  const tables = countTables();
  const drawn: ToyCells = {
    cells,
    counts: new Uint8Array(cells * GENES.length),
    perturbation: new Uint8Array(cells),
    cellType: new Uint8Array(cells),
    states: new Uint16Array(cells),
    depth: new Uint8Array(cells),
  };
  for (let cell = 0; cell < cells; cell++) {
    const u = uniforms(key, cell);
    const perturbation = perturbationAt(u(FOR.perturbation));
    const type = typeAt(u(FOR.type));
    const depth = Math.floor(u(FOR.depth) * DEPTHS.length);
    const state = drawState(u, type, KNOCK_OUTS[perturbation - 1]);
    drawn.perturbation[cell] = perturbation;
    drawn.cellType[cell] = type;
    drawn.depth[cell] = depth;
    drawn.states[cell] = state;
    GENES.forEach(({ rule }, gene) => {
      const on = isOn(rule, state, type) ? 1 : 0;
      drawn.counts[cell * GENES.length + gene] = countAt(tables[gene][depth][on], u(FOR.gene + gene));
    });
  }
  return drawn;
}

type Uniforms = (purpose: number) => number;

function uniforms(key: RandomKey, cell: number): Uniforms {
  return (purpose) => uniform01(threefry2x32(key, [cell, purpose])[0]);
}

function perturbationAt(u: number): number {
  if (u < CONTROL_SHARE) return 0;
  return 1 + Math.floor(((u - CONTROL_SHARE) / (1 - CONTROL_SHARE)) * KNOCK_OUTS.length);
}

function typeAt(u: number): number {
  return u < TYPE_SHARES[0] ? 0 : u < TYPE_SHARES[0] + TYPE_SHARES[1] ? 1 : CELL_TYPES.length - 1;
}

function drawState(u: Uniforms, type: number, knockedOut: number | undefined): number {
  let state = 0;
  for (let regulator = 0; regulator < REGULATORS.length; regulator++) {
    if (u(FOR.regulator + regulator) < probabilityOn(regulator, state, type, knockedOut)) state |= 1 << regulator;
  }
  return state;
}

/** P(count) by gene, depth, and off or on. */
export function countTables(): Float64Array<ArrayBuffer>[][][] {
  return GENES.map(({ off, on, size }) =>
    DEPTHS.map((depth) => [off, on].map((mean) => negativeBinomial(depth * mean, size))),
  );
}
