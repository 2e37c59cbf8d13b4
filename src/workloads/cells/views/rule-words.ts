/** Rules and what they come to, in words. */
import { cellsExperiment } from '../experiment.ts';
import type { Agreement } from '../jobs/look-types.ts';

/** The rule's name in the form. */
export function ruleName(rule: unknown): string {
  const spec = cellsExperiment.params.find(({ key }) => key === 'rule')!;
  return (spec.kind === 'choice' && spec.choices.find(({ value }) => value === rule)?.label) || String(rule);
}

/** With its steps: "Tweedie × 64". */
export function ruleWords(rule: unknown, steps: unknown): string {
  return rule === 'first-hitting' ? ruleName(rule) : `${ruleName(rule)} × ${steps}`;
}

/** Below it genes are as good as independent. */
const FORGOTTEN = 0.2;
/** From this share of the floor's slope on structure is kept. */
const KEPT = 0.85;

export interface Verdict {
  readonly good: boolean;
  readonly words: string;
}

/** Whether genes go together as they do in real cells. @param floor real cells against real cells */
export function structureVerdict({ slope, cells }: Agreement, floor: Agreement): Verdict {
  const share = `slope ${number(slope)}, real cells against real ones ${number(floor.slope)}`;
  if (cells < 50) return { good: true, words: `too few cells to say which genes go together (${cells})` };
  if (slope >= KEPT * floor.slope) return { good: true, words: `genes go together as in real cells: ${share}` };
  if (slope < FORGOTTEN) return { good: false, words: `every gene forgets every other: ${share}` };
  return { good: false, words: `genes go together too little: ${share}` };
}

/** Means of so many cells scatter; their correlation with real ones is below 1 by as much, in proportion to one over the cells. */
export function meansVerdict({ meanR, cells }: Agreement, floor: Agreement): Verdict {
  const scatter = (1 - floor.meanR) * Math.max(1, floor.cells / cells);
  return {
    good: 1 - meanR <= 2 * scatter + 0.01,
    words: `mean expression correlates by ${meanR.toFixed(3)} (real cells against real ones ${floor.meanR.toFixed(3)}), which says nothing of how genes go together`,
  };
}

/** What a rule does to what its predictor knows. @param exact cells drawn from the predictor itself */
export function ruleVerdict({ slope }: Agreement, exact: Agreement): Verdict {
  const share = `slope ${number(slope)} of the ${number(exact.slope)} that the mixture itself has`;
  if (slope >= KEPT * exact.slope) return { good: true, words: `genes go together as the predictor has it: ${share}` };
  if (slope < FORGOTTEN * exact.slope)
    return { good: false, words: `every gene forgets every other, as if drawn alone: ${share}` };
  return { good: false, words: `too many genes share a step and go together too little: ${share}` };
}

/** Two decimals, with a minus that is one. */
export const number = (value: number) =>
  value
    .toFixed(2)
    .replace('-', '−')
    .replace(/^−0\.00$/, '0.00');
