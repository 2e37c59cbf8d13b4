/**
 * Addresses of the sampler's random words: Threefry with the key (cell's seed, purpose) and the counter (gene, step). The place of a cell in
 * a chunk is no part of it. Twin of `shaders/cells/draw.wgsl`.
 */
import { threefryWord } from '../../../stats/threefry.ts';

/** What a word is for. */
export const PURPOSE = { revealStep: 1, shuffle: 2, category: 3 } as const;

/** The word that says in which step a gene reveals (its counter's step is 0: it is drawn once for all steps). */
export function revealWord(seed: number, gene: number): number {
  return threefryWord(seed, PURPOSE.revealStep, gene, 0);
}

/** The word of place `at` of a cell's shuffle. */
export function shuffleWord(seed: number, at: number): number {
  return threefryWord(seed, PURPOSE.shuffle, at, 0);
}

/** The word that a gene's token is drawn by in that step. */
export function categoryWord(seed: number, gene: number, step: number): number {
  return threefryWord(seed, PURPOSE.category, gene, step);
}
