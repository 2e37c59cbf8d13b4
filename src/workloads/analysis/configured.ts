/** What a configuration comes to: a stage a metric, each with buffers of its own. */
import { type BatchSizes, defaultSizes } from '../../batch/sizes.ts';
import { type BufferPlan, planBytes } from '../../gpu/plan.ts';
import { planMachine } from '../../nn/graph/device/plan.ts';
import { layoutBytes } from '../../results/arrays.ts';
import type { ParamValues } from '../params.ts';
import type { Configured, ConfigureOptions, KernelShape, RunInputs, StageSpec } from '../workload.ts';
import type { Analysed } from './analysed.ts';
import { metricOf } from './metrics/index.ts';
import type { Metric, MetricSetting } from './metrics/metric.ts';
import { type AnalysisParams, readAnalysisParams } from './params.ts';
import { type AnalysisProblem, analysisProblem } from './problem.ts';
import { machineSizes, settingOf } from './setting.ts';

/** With the sizes of kernels, which move no bit but by form and run. */
export interface MachineShape extends KernelShape {
  readonly machine: ReturnType<typeof machineSizes>;
}

/** A metric with what it is told. */
export interface Planned {
  readonly metric: Metric;
  readonly setting: MetricSetting;
  /** Why it is not computed of this network or these items. */
  readonly objection?: string;
}

export function planned(id: string, params: AnalysisParams, file: Analysed, sizes: BatchSizes, seed = 0): Planned {
  const metric = metricOf(id);
  const setting = settingOf(metric, params, file, sizes, seed);
  const objection = metric.objection(setting);
  return { metric, setting, ...(objection !== undefined && { objection }) };
}

/** The metrics that a stage, or the whole run, is about. */
const metricsOf = (values: ParamValues, params: AnalysisParams): readonly string[] =>
  typeof values.metric === 'string' ? [values.metric] : params.metrics;

/** @throws ConfigError */
export function configured(
  values: ParamValues,
  _inputs: RunInputs,
  file: Analysed,
  { sizes = defaultSizes }: ConfigureOptions = {},
): Configured<AnalysisProblem> {
  const params = readAnalysisParams(values);
  const own = metricsOf(values, params).map((id) => planned(id, params, file, sizes));
  const plans = (shape: KernelShape) => own.map((each) => planOf(each, (shape as MachineShape).machine));
  const work = own.reduce((sum, each) => sum + workOf(each), 0) / own.length;
  const positions = file.items.reduce((sum, { ids }) => sum + (ids?.length ?? 1), 0) / file.items.length;
  return {
    count: own.length,
    // A pass multiplies and adds once a parameter and position, and reads each parameter.
    work: {
      flopPerUnit: 2 * positions * file.graph.size,
      bytesPerUnit: 4 * file.graph.size,
      unitsPerItem: Math.max(1, Math.round(work)),
    },
    shape: (report): MachineShape => {
      const machine = machineSizes(report, sizes);
      return { workgroupsPerItem: 1, record: { form: machine.form, dotRun: machine.dotRun }, machine };
    },
    plan: (chunk, shape) => {
      // Metrics run one after the other: the largest counts.
      const all = 'machine' in shape ? plans(shape) : [];
      const most = all.reduce<BufferPlan>((a, b) => (planBytes(b) > planBytes(a) ? b : a), { chunk, buffers: [] });
      return { ...most, chunk };
    },
    resultBytes: Math.max(
      ...own.map(({ metric, setting, objection }) => (objection ? 0 : layoutBytes(metric.layout(setting)))),
    ),
    concerns: () => file.warnings,
    prepare: (seed) => analysisProblem(params, file, sizes, seed, own.length === 1 ? own[0].metric.id : undefined),
  };
}

function planOf({ metric, setting, objection }: Planned, machine: MachineShape['machine']): BufferPlan {
  return objection ? { chunk: 1, buffers: [] } : planMachine(metric.machine(setting), machine);
}

const workOf = ({ metric, setting, objection }: Planned): number => (objection ? 0 : metric.work(setting));

/** A stage a metric. */
export function stagesOf(values: ParamValues): readonly StageSpec[] {
  const params = readAnalysisParams(values);
  return params.metrics.map((id, index) => {
    const metric = metricOf(id);
    return {
      name: metric.title,
      params: { ...values, metric: id },
      items: [index],
      chunkEntry: metric.chunk,
      lighter: metric.lighter,
    };
  });
}
