/** From a configuration to what a run will take: its stages and what may come after them. Cheap enough for a slider, needs no device. */
import { lackingFeature } from '../../gpu/precision.ts';
import type { AdapterReport } from '../../gpu/report.ts';
import {
  ConfigError,
  type KernelShape,
  type Precision,
  type RunInputs,
  type StatedParam,
  type Workload,
} from '../../workloads/workload.ts';
import type { RunConfig } from '../config/run-config.ts';
import { withStatedParams } from '../config/stated-params.ts';
import { planRescues, type RescuePlan } from './rescue-plan.ts';
import { type PlanOptions, planStage, type StagePlan } from './stage-plan.ts';

/** A run as it is configured, all its items, in the chunks and buffers of its first stage: the batch size is that stage's. */
export interface RunPlan extends StagePlan {
  /** What its configuration took from the user's files in the place of the preset's values, in sentences. */
  readonly stated: readonly string[];
  /** What those files state of its parameters. */
  readonly statedParams: readonly StatedParam[];
  /** In the order in which they run; the plan itself is the only one of most runs. */
  readonly stages: readonly StagePlan[];
  /** Passes in which posteriors that failed would be sampled again, stage by stage; none where `noRescue` says why. */
  readonly rescues: readonly RescuePlan[];
  /** Why nothing would be sampled again, as the end of a sentence. */
  readonly noRescue?: string;
  /** Most bytes that any stage or rescue may take: those of the first unless another needs more. */
  readonly mostBytes: number;
  /** Bytes of the binary data of all results as the run holds them, of one pass over its items. Exact. */
  readonly resultBytes: number;
  /** What takes them where the first stage does not, in words: "a rescue", "stage fisher". */
  readonly mostBytesIn?: string;
}

/**
 * Plans a run on an adapter (`report`), or on the CPU (`null`: no memory limit applies).
 * Throws `ConfigError` when there is nothing to run.
 */
export function planRun(
  workload: Workload,
  given: RunConfig,
  inputs: RunInputs,
  report: AdapterReport | null,
  options: PlanOptions = {},
): RunPlan {
  const { config, stated, facts } = withStatedParams(workload, given, inputs);
  const whole = planStages(workload, config, inputs, report, options);
  const rescues = whole.stages.flatMap((stage) => planRescues(stage, report));
  const noRescue = rescues.length === 0 ? workload.rescue?.objection?.(config.params) : undefined;
  return {
    ...whole,
    stated,
    statedParams: facts,
    rescues,
    noRescue,
    ...mostBytes(whole.stages, rescues),
    resultBytes: resultBytes(whole.stages),
  };
}

function resultBytes(stages: readonly StagePlan[]): number {
  return stages.reduce((sum, { items, configured }) => sum + items * configured.resultBytes, 0);
}

/** Of the first stage, and of all other passes that fit; the first that takes most counts. A first stage that does not fit where others do is left out of the run. */
function mostBytes([first, ...later]: readonly StagePlan[], rescues: readonly RescuePlan[]) {
  const leftOut = first.tooLarge !== undefined && later.some(({ tooLarge }) => tooLarge === undefined);
  const others = [
    ...later.map(({ stage, ...plan }) => ({ ...plan, words: `stage ${stage?.name}` })),
    ...rescues.map((plan) => ({ ...plan, words: 'a rescue' })),
  ];
  return others
    .filter(({ tooLarge }) => tooLarge === undefined)
    .reduce<Pick<RunPlan, 'mostBytes' | 'mostBytesIn'>>(
      (most, { totalBytes, words }) =>
        totalBytes > most.mostBytes ? { mostBytes: totalBytes, mostBytesIn: words } : most,
      { mostBytes: leftOut ? 0 : first.totalBytes },
    );
}

/**
 * Later stages take as many items at once as fit them, at most as many as were asked for; what the tuner found is of the first. One of
 * which not even a single item fits makes the run too large, unless it halves by itself what it works on at once (`StageSpec.chunkEntry`):
 * then its items alone fail, as they do where a device turns out to have less.
 */
function planStages(
  workload: Workload,
  config: RunConfig,
  inputs: RunInputs,
  report: AdapterReport | null,
  options: PlanOptions,
): StagePlan & Pick<RunPlan, 'stages'> {
  const specs = workload.stages?.(config.params, inputs) ?? [];
  if (specs.length === 0) {
    const only = planStage(workload, config, inputs, report, options);
    return { ...only, stages: [only] };
  }
  const { chunk } = options;
  const stages = specs.map((stage, i) =>
    planStage(workload, config, inputs, report, {
      ...(i === 0 ? options : { chunk }),
      shrinks: i > 0 || stage.chunkEntry !== undefined,
      stage,
    }),
  );
  const [first] = stages;
  const { sizes } = first;
  const configured = workload.configure(config.params, inputs, {
    sizes,
    precision: report ? config.precision : undefined,
  });
  requirePartition(
    workload,
    specs.flatMap(({ items }) => items),
    configured.count,
  );
  const tooLarge = stages.filter((plan) => plan.tooLarge !== undefined);
  const unfit = tooLarge.length === stages.length ? first : tooLarge.find(({ inner }) => !inner);
  return {
    ...first,
    config,
    configured,
    stage: undefined,
    items: configured.count,
    chunks: stages.reduce((sum, { chunks }) => sum + chunks, 0),
    tooLarge: unfit && (unfit === first ? unfit.tooLarge : `Stage ${unfit.stage?.name}: ${unfit.tooLarge}`),
    work: configured.work,
    stages,
  };
}

/** A defect of the experiment, not of what it was given. */
function requirePartition({ title }: Workload, listed: readonly number[], count: number): void {
  const all = new Set(listed);
  const each = listed.length === count && all.size === count && listed.every((index) => index >= 0 && index < count);
  if (!each) throw new Error(`${title}: its stages list ${listed.length} items, not each of ${count} once.`);
}

/** The shape of every stage's kernels as runs record it: that of the only one, else each by the stage's name. */
export function shapeRecord({ stages }: RunPlan): KernelShape['record'] {
  if (stages.length === 1) return stages[0].shape.record;
  return Object.fromEntries(
    stages.flatMap(({ stage, shape }) =>
      Object.entries(shape.record).map(([key, value]) => [`${stage?.name}.${key}`, value] as const),
    ),
  );
}

/** The precisions of an experiment that this adapter has. */
export function precisionsOn({ precisions }: Workload, report: AdapterReport): Precision[] {
  return precisions.filter((precision) => lackingFeature(precision, report) === undefined);
}

/** Throws `ConfigError` for `batch.size` when a planned chunk does not fit. */
export function requireFit(plan: StagePlan): void {
  if (plan.tooLarge) throw new ConfigError('batch.size', plan.tooLarge);
}
