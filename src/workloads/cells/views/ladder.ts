/** Steps against quality: what rules with more and more steps do to the mixture's cells, and what finished runs came to. */
import { create } from 'zustand';
import type { RunConfig } from '../../../engine/config/run-config.ts';
import { wordsOf } from '../../../ui/shared/wordsOf.ts';
import { theEngine } from '../../../ui/state/actions.ts';
import { useStore } from '../../../ui/state/store.ts';
import { jobOf } from '../../../worker/client.ts';
import type { Quality, StepsTable } from '../evaluation/types.ts';
import type { Agreement, FilmTypes } from '../jobs/look-types.ts';
import type { StepsTypes } from '../jobs/steps-types.ts';
import type { Value } from '../metrics/types.ts';
import type { CellsParams } from '../params.ts';
import { isStop } from './actions.ts';
import { BEGINNING, type Going, withProgress } from './comparing.ts';
import { MOST_GATHERED } from './finished.ts';
import { dataKey } from './keys.ts';
import { useCells } from './store.ts';

export type Rule = CellsParams['rule'];

/** What a point is drawn by. */
export type Measure = 'slope' | 'correlationMse';

/** One rule with so many steps. */
export interface StepPoint {
  readonly id: string;
  /** What cells it is of: points of others are not compared. */
  readonly data: string;
  readonly rule: Rule;
  readonly steps: number;
  readonly source: 'mixture' | 'network' | 'run';
  readonly agreement: Agreement;
  /** Of the mixture itself; else of real cells. */
  readonly best: Agreement;
}

const LADDER = [1, 2, 4, 8, 16, 32, 64, 128] as const;
const RULES: readonly Rule[] = ['tweedie', 'balanced', 'origin'];
/** Those of a network, which takes the device for each. */
const NETWORK_LADDER: readonly number[] = [1, 4, 16, 64];
/** Cells a point. */
const CELLS = 384;

interface LadderStore {
  readonly points: readonly StepPoint[];
  readonly going: { readonly done: number; readonly total: number } | undefined;
  /** The network is tried, on the device. */
  readonly network: Going | undefined;
  readonly problem: string | undefined;
}

export const useLadder = create<LadderStore>()(() => ({
  points: [],
  going: undefined,
  network: undefined,
  problem: undefined,
}));

let cancelled = false;

export function cancelLadder(): void {
  cancelled = true;
}

/** Each rule at each number of steps, those that are there left out. */
export async function climb(config: RunConfig): Promise<void> {
  const key = dataKey(config, useStore.getState().files);
  const wanted = LADDER.flatMap((steps) => RULES.map((rule) => ({ rule, steps, id: idOf(key, rule, steps) }))).filter(
    ({ id }) => !useLadder.getState().points.some((point) => point.id === id),
  );
  cancelled = false;
  useLadder.setState({ going: { done: 0, total: wanted.length }, problem: undefined });
  try {
    for (const [done, { rule, steps, id }] of wanted.entries()) {
      if (cancelled) break;
      useLadder.setState({ going: { done, total: wanted.length } });
      const film = jobOf<FilmTypes>(theEngine(), 'cells', 'film');
      // Whole cells from nothing at the predictor's own temperature: what a rule alone costs.
      const params = { ...config.params, task: 'generate', temperature: 1, schedule: 'loglinear' };
      const reply = await film.start({ config: { ...config, params }, rule, steps, cells: CELLS, looks: 0 });
      add({ id, data: key, rule, steps, source: 'mixture', agreement: reply.agreement, best: reply.exact });
    }
  } catch (error) {
    useLadder.setState({ problem: wordsOf(error) });
  } finally {
    useLadder.setState({ going: undefined });
  }
}

const stepsJob = () => jobOf<StepsTypes>(theEngine(), 'cells', 'steps');

let listening = false;

/** The network of the form by each rule at some numbers of steps, on the device. */
export async function climbNetwork(config: RunConfig): Promise<void> {
  const key = dataKey(config, useStore.getState().files);
  if (!listening)
    stepsJob().on((event) => {
      if (event.type === 'point') addTable(climbing, event.table);
      else useLadder.setState(({ network }) => ({ network: withProgress(network, event) }));
    });
  listening = true;
  climbing = key;
  useLadder.setState({ network: BEGINNING, problem: undefined });
  try {
    addTable(key, await stepsJob().start({ config, steps: NETWORK_LADDER, rules: RULES }));
  } catch (error) {
    if (!isStop(error)) useLadder.setState({ problem: wordsOf(error) });
  } finally {
    useLadder.setState({ network: undefined });
  }
}

/** The data of the table that is being made. */
let climbing = '';

export function stopNetwork(): void {
  useLadder.setState(({ network }) => ({ network: network && { ...network, stopping: true } }));
  stepsJob().stop();
}

function addTable(key: string, { points, floor, cells }: StepsTable): void {
  for (const { rule, steps, quality } of points)
    add({
      id: `network ${idOf(key, rule, steps)}`,
      data: key,
      rule,
      steps,
      source: 'network',
      agreement: agreement(quality, cells),
      best: agreement(floor, cells),
    });
}

const orNaN = (value: Value) => value ?? Number.NaN;

function agreement(quality: Quality, cells: number): Agreement {
  return {
    cells,
    correlationMse: orNaN(quality.corr_mse),
    slope: orNaN(quality.corr_slope),
    meanR: orNaN(quality.mean_pearson),
  };
}

function add(point: StepPoint): void {
  useLadder.setState(({ points }) => ({ points: [...points.filter(({ id }) => id !== point.id), point] }));
}

const idOf = (key: string, rule: Rule, steps: number) => `${key} ${rule} ${steps}`;

/** A finished run that made whole cells is a point, too, once all of its cells that are compared have been. */
function addRun(): void {
  const { status, ranConfig, run, files, summaries } = useStore.getState();
  const { finished, real } = useCells.getState();
  if (status !== 'done' || ranConfig?.workload !== 'cells' || ranConfig.params.task === 'impute') return;
  if (!finished?.agreement || finished.run !== run || !real) return;
  if (finished.items.length < Math.min(MOST_GATHERED, summaries.length)) return;
  const { rule, steps } = ranConfig.params;
  const id = `run ${ranConfig.seed} ${JSON.stringify(ranConfig.params)}`;
  if (useLadder.getState().points.some((point) => point.id === id)) return;
  add({
    id,
    data: dataKey(ranConfig, files),
    rule: rule as Rule,
    steps: rule === 'first-hitting' ? real.genes.length : Number(steps),
    source: 'run',
    agreement: finished.agreement,
    best: real.floor,
  });
}

useStore.subscribe(({ status }, before) => {
  if (status !== before.status) addRun();
});
useCells.subscribe(({ finished }, before) => {
  if (finished !== before.finished) addRun();
});
