/** What a person can do in the views of the flow. */

import type { RunConfig } from '../../../engine/config/run-config.ts';
import { posterior } from '../../../results/posterior/narrow.ts';
import type { Points } from '../../../stats/two-sample/points.ts';
import { slicedWasserstein } from '../../../stats/two-sample/sliced-wasserstein.ts';
import { wordsOf } from '../../../ui/shared/wordsOf.ts';
import { theEngine, watch } from '../../../ui/state/actions.ts';
import { isActive, useStore } from '../../../ui/state/store.ts';
import { EngineError, jobOf } from '../../../worker/client.ts';
import type { ExactReply, ExactTypes, PathsTypes } from '../jobs/look-types.ts';
import { defaultSteps, evaluationsOf, isAdaptive, type Solver } from '../sampling/solvers.ts';
import { insidePrior } from '../tasks/prior.ts';
import { LADDER, stepsFor } from './evaluations.ts';
import { filmKey, problemKey } from './keys.ts';
import { score } from './score.ts';
import { type CostPoint, useFlow } from './store.ts';

/** Exact draws that are shown. */
const SHOWN = 2000;
/** Particles of a film; the CPU follows fewer. */
export const PARTICLES = 512;
/** Samples on either side of a measurement: few, so that it takes seconds. */
export const MEASURED = 1000;
const MEASURE_SEED = 1;
const PROJECTIONS = 200;
const MOST_POINTS = 500;

const paths = () => jobOf<PathsTypes>(theEngine(), 'flow', 'paths');
const exactDraws = () => jobOf<ExactTypes>(theEngine(), 'flow', 'exact');
const filesOf = () => useStore.getState().files;

/** Which observation is looked at; a run that goes on shows it, too. */
export function lookAt(item: number): void {
  useFlow.setState({ item });
  const { watched } = useStore.getState();
  watch({ ...watched, item });
}

/** Draws of the exact posterior of the observation that is looked at, where they are not there yet. */
export async function loadExact(config: RunConfig): Promise<void> {
  const { item, exact } = useFlow.getState();
  const key = problemKey(config, filesOf(), item);
  if (exact?.key === key) return;
  try {
    const reply = await exactDraws().start({ config, item, samples: SHOWN });
    if (useFlow.getState().item === item) useFlow.setState({ exact: { ...reply, key }, problem: undefined });
  } catch (error) {
    // Fewer observations than before: the first is there in any case.
    if (item > 0) lookAt(0);
    else useFlow.setState({ exact: undefined, problem: wordsOf(error) });
  }
}

/** The film that could not be had last: nobody is asked for it again and again. */
let refused: string | undefined;

/** Evaluations a sample up to which a film is shown unasked: less than a second's work of a processor. */
const LIGHT = 40;
let offered = false;

/** The first look at a flow: particles on their way, before anybody asks. Once a visit, and only where it is little work. */
export async function offerFilm(config: RunConfig): Promise<void> {
  const solver = config.params.solver as Solver;
  const steps = (config.params.steps as number) || defaultSteps(solver);
  if (offered || isAdaptive(solver) || evaluationsOf(solver, steps) > LIGHT) return;
  offered = true;
  await loadFilm(config, false, true);
}

/**
 * Follows the particles of the observation that is looked at, unless they have been.
 * @param again also where that failed before
 * @param unasked what hinders it is not told, either
 */
export async function loadFilm(config: RunConfig, again = false, unasked = false): Promise<void> {
  const { item, film, filming } = useFlow.getState();
  const key = filmKey(config, filesOf(), item);
  if (film?.key === key || filming || (key === refused && !again)) return;
  useFlow.setState({ filming: true, problem: undefined });
  try {
    const reply = await paths().start({ config, item, particles: PARTICLES });
    useFlow.setState({ film: { ...reply, key, unasked } });
    refused = undefined;
  } catch (error) {
    refused = key;
    if (error instanceof EngineError && error.report.name === 'NotNowError') notNow = wordsOf(error);
    // A run that began has the device now, and shows its own particles.
    if (!unasked && !isActive(useStore.getState())) useFlow.setState({ problem: wordsOf(error) });
  } finally {
    useFlow.setState({ filming: false });
  }
}

/** Why nothing could be looked at while something else had the device. */
let notNow: string | undefined;

/** The device is free again: what was refused for that is not any more. */
export function deviceFree(): void {
  const { problem, film } = useFlow.getState();
  if (notNow === undefined || problem !== notNow) return;
  notNow = undefined;
  refused = undefined;
  useFlow.setState({ problem: undefined });
  if (film) void loadFilm(useStore.getState().config);
}

let cancelled = false;

export function cancelMeasure(): void {
  cancelled = true;
}

/** What 4, 8, … 200 evaluations buy with the solver and the precision on screen. */
export async function measureLadder(config: RunConfig): Promise<void> {
  const solver = config.params.solver as Solver;
  const { item } = useFlow.getState();
  cancelled = false;
  useFlow.setState({ measuring: { done: 0, total: LADDER.length }, measureProblem: undefined });
  try {
    for (const [done, wanted] of LADDER.entries()) {
      useFlow.setState({ measuring: { done, total: LADDER.length } });
      const steps = stepsFor(solver, wanted);
      const tried = { ...config, params: { ...config.params, steps } };
      await measureOne(tried, item, steps);
      if (cancelled) break;
    }
  } catch (error) {
    notMeasured(error, config, item);
  } finally {
    useFlow.setState({ measuring: undefined });
  }
}

async function measureOne(config: RunConfig, item: number, steps: number): Promise<void> {
  // More than are needed: those outside the prior are left out.
  const particles = Math.ceil(1.3 * MEASURED);
  const { positions, dimension, evaluations, samplingMs } = await paths().start({
    config,
    item,
    particles,
    endsOnly: true,
  });
  const exact = await exactDraws().start({ config, item, samples: 2 * MEASURED });
  await addPoint(config, item, exact, inside(positions, dimension, exact), {
    source: 'measurement',
    steps,
    evaluations,
    samplesPerSecond: samplingMs ? (1000 * positions.length) / dimension / samplingMs : Number.NaN,
  });
}

/** A finished run as a point: its own samples of the observation that is looked at. */
export async function addRun(config: RunConfig): Promise<void> {
  const { summaries, progress } = useStore.getState();
  const { item } = useFlow.getState();
  if (!summaries.some(({ info }) => info.index === item)) return;
  try {
    const { parameters, draws, gradients } = posterior(await theEngine().item(item));
    const kept = Math.min(draws, MEASURED);
    const samples = Float32Array.from(
      { length: kept * parameters.length },
      (_, i) => parameters[i % parameters.length].values[Math.floor(i / parameters.length)],
    );
    const exact = await exactDraws().start({ config, item, samples: 2 * MEASURED });
    const solver = config.params.solver as Solver;
    const steps = (config.params.steps as number) || defaultSteps(solver);
    const adaptive = solver === 'dopri5';
    await addPoint(config, item, exact, samples, {
      source: 'run',
      steps,
      evaluations: adaptive ? gradients / draws : evaluationsOf(solver, steps),
      samplesPerSecond: (progress?.itemsPerSecond ?? Number.NaN) * (config.params.samples as number),
    });
  } catch (error) {
    notMeasured(error, config, item);
  }
}

/** Told as long as what could not be measured is on screen: files may have changed since the measurement began. */
function notMeasured(error: unknown, config: RunConfig, item: number): void {
  const problem = problemKey(config, filesOf(), item);
  useFlow.setState({ measureProblem: { problem, words: wordsOf(error) } });
}

async function addPoint(
  config: RunConfig,
  item: number,
  { runId, x, parameters, draws }: ExactReply,
  samples: Float32Array,
  point: Pick<CostPoint, 'source' | 'steps' | 'evaluations' | 'samplesPerSecond'>,
): Promise<void> {
  const dim = parameters.length;
  if (!draws) throw new Error(`${runId} has no exact posterior to compare with.`);
  const count = samples.length / dim;
  if (count < 100) throw new Error(`Only ${count} samples lie inside the prior: too few to compare.`);
  const problem = problemKey(config, filesOf(), item);
  const task = String(config.params.task);
  const { c2st, selfControl } = await score({ task, observation: problem, x, samples, seed: MEASURE_SEED });
  const part = (from: number) => ({ values: draws.subarray(from * dim, (from + count) * dim), dim });
  const distance = (other: Points) => slicedWasserstein(part(0), other, MEASURE_SEED, PROJECTIONS);
  const made: CostPoint = {
    ...point,
    id: nextId++,
    problem,
    solver: config.params.solver as Solver,
    precision: config.precision,
    samples: count,
    c2st,
    selfControl,
    distance: distance({ values: samples, dim }),
    distanceControl: distance(part(count)),
  };
  useFlow.setState(({ points }) => ({ points: [...points.slice(1 - MOST_POINTS), made] }));
}

let nextId = 1;

/** The first samples inside the prior, as many as are compared. */
function inside(positions: Float32Array, dim: number, { prior }: ExactReply): Float32Array {
  const kept: number[] = [];
  for (let at = 0; at < positions.length && kept.length < MEASURED * dim; at += dim) {
    const sample = positions.subarray(at, at + dim);
    if (sample.every(Number.isFinite) && insidePrior(prior, sample)) kept.push(...sample);
  }
  return Float32Array.from(kept);
}
