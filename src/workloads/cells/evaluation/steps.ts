/** Steps against quality: rules with more and more steps, with one predictor. */

import type { Precision } from '../../workload.ts';
import type { CellsParams } from '../params.ts';
import { readCellsParams } from '../params.ts';
import type { CellsProblem } from '../problem.ts';
import { planReveals } from '../sampling/reveal-plan.ts';
import { isGuided } from '../sampling/settings.ts';
import { cellsToSample } from '../session.ts';
import { settingsOf } from '../settings-of.ts';
import { type DrawPlace, drawCells } from './draw.ts';
import { inTurns, type TableHooks } from './hooks.ts';
import { besideSteps, qualitySteps } from './quality.ts';
import { type TableQuestion, tableHead, tableInput, tableParams, tableProblem } from './question.ts';
import { LADDER, type StepsPoint, type StepsTable } from './types.ts';

export interface StepsQuestion extends TableQuestion {
  readonly precision: Precision;
  readonly steps?: readonly number[];
  readonly rules?: readonly CellsParams['rule'][];
}

export interface StepsHooks extends TableHooks {
  /** A point, with the table so far. */
  point(point: StepsPoint, table: StepsTable): void;
}

/**
 * Each rule with each number of steps; those that were there before it was stopped.
 * @throws ConfigError, the typed errors of `GpuContext`, and the reason of a signal that aborts before the first point
 */
export async function measureSteps(
  question: StepsQuestion,
  place: DrawPlace,
  { signal, progress, point: tell }: StepsHooks,
): Promise<StepsTable> {
  const { precision } = question;
  const wanted = rungs(question);
  const of = wanted.length;
  progress({ what: 'real cells', done: 0, of, share: 0 });
  const beside = await inTurns(besideSteps(tableInput(question)), signal);
  let table: StepsTable = { ...tableHead(question, place.on), ...beside, precision, points: [], stopped: false };
  const gpu = await place.gpu(precision);
  try {
    for (const [done, { rule, steps }] of wanted.entries()) {
      const params = { ...tableParams(question), rule, steps };
      const problem = tableProblem(question, params);
      const what = `${rule}, ${steps} ${steps === 1 ? 'step' : 'steps'}`;
      progress({ what, done, of, share: 0 });
      const { tokens, seconds } = await drawCells(gpu, problem, place.plan(params, precision), {
        signal,
        progress: (share) => progress({ what, done, of, share }),
      });
      const quality = await inTurns(qualitySteps(tableInput(question, tokens)), signal);
      const { schedule } = readCellsParams(params);
      const point = { rule, schedule, steps, calls: meanCalls(problem), seconds, quality };
      table = { ...table, points: [...table.points, point] };
      tell(point, table);
    }
  } catch (thrown) {
    if (!signal.aborted || thrown !== signal.reason || table.points.length === 0) throw thrown;
    return { ...table, stopped: true };
  }
  return table;
}

/** Few steps first; one gene at a time has its own number of steps. */
function rungs({ loaded, steps = LADDER.steps, rules = LADDER.rules }: StepsQuestion) {
  const genes = loaded.model.genes.length;
  const counted = rules.filter((rule) => rule !== 'first-hitting');
  return [
    ...[...steps].sort((a, b) => a - b).flatMap((count) => counted.map((rule) => ({ rule, steps: count }))),
    ...rules.filter((rule) => rule === 'first-hitting').map((rule) => ({ rule, steps: genes })),
  ];
}

/** Calls of the predictor a cell: the steps in which it reveals something. */
function meanCalls(problem: CellsProblem): number {
  const settings = settingsOf(problem.params, problem.model);
  const all = problem.items.map(({ index }) => index);
  const { cells } = planReveals(settings, cellsToSample(problem, all));
  return (cells.length / all.length) * (isGuided(settings) ? 2 : 1);
}
