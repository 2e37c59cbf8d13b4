/** What all parts of a tuning share: the problem, the plans of its chunks, the device, the clock. */

import type { BufferPlan } from '../../gpu/plan.ts';
import type { AdapterReport } from '../../gpu/report.ts';
import type { Precision, Problem, RunInputs, Workload } from '../../workloads/workload.ts';
import type { RunConfig } from '../config/run-config.ts';
import { planRun, type RunPlan } from '../plan/plan-run.ts';
import type { StagePlan } from '../plan/stage-plan.ts';
import type { TunerDevice } from './device.ts';
import type { TuneEvent } from './types.ts';

/** Batches beyond the run's own items are measured as well, for their speed alone. */
export interface Beyond {
  /** Items at once, at most; as many as fit the memory unless given. */
  readonly upTo?: number;
}

export interface TuneTask {
  readonly workload: Workload;
  readonly config: RunConfig;
  readonly inputs: RunInputs;
  readonly device: TunerDevice;
  /** Its reason ends the tuning. */
  readonly signal: AbortSignal;
  readonly tell: (event: TuneEvent) => void;
  /** Milliseconds; monotone. */
  readonly now: () => number;
  /** Not done unless given. */
  readonly beyond?: Beyond;
}

/** An event before the precision is written on it. */
export type Told = TuneEvent extends infer E ? (E extends TuneEvent ? Omit<E, 'precision'> : never) : never;

export interface Setting extends TuneTask {
  readonly precision: Precision;
  readonly report: AdapterReport;
  /** Of the run's first stage, whose chunk the batch size is, and its items. */
  readonly problem: Problem;
  readonly items: readonly number[];
  /** The run as planned with chunks of that size. `workload`: the task's own unless given. */
  readonly runWith: (chunk: number, workload?: Workload) => RunPlan;
  readonly planFor: (chunk: number) => BufferPlan;
  /** What a session of chunks of that size is opened with. */
  readonly openingFor: (chunk: number) => Pick<StagePlan, 'buffers' | 'shape' | 'sizes'>;
  readonly say: (event: Told) => void;
}

/** Throws `ConfigError` for a configuration that cannot run. */
export function settingOf(task: TuneTask, precision: Precision): Setting {
  const { workload, inputs, device, tell } = task;
  const config = { ...task.config, precision };
  const { report } = device.gpu;
  const { configured, shape, stage } = planRun(workload, config, inputs, report, { chunk: 1 }).stages[0];
  const problem = configured.prepare(config.seed);
  const runWith: Setting['runWith'] = (chunk, own = workload) => planRun(own, config, inputs, report, { chunk });
  return {
    ...task,
    config,
    precision,
    report,
    problem,
    items: stage?.items ?? problem.items.map(({ index }) => index),
    runWith,
    openingFor: runWith,
    planFor: (chunk) => configured.plan(chunk, shape),
    say: (event) => tell({ ...event, precision } as TuneEvent),
  };
}
