/** What a metric is told, from parameters, the batch table, model and texts. */
import type { BatchSizes, SizeKey } from '../../batch/sizes.ts';
import type { AdapterReport } from '../../gpu/report.ts';
import type { MachineSizes } from '../../nn/graph/device/sizes.ts';
import { tensorForm } from '../../nn/tensor/shape.ts';
import type { AnalysedModel } from './analysed.ts';
import type { Metric, MetricSetting, StatisticalSizes } from './metrics/metric.ts';
import type { AnalysisParams } from './params.ts';

const STATISTICAL = [
  'pathSteps',
  'conductanceSteps',
  'deletionOrders',
  'jacobianProbes',
  'singularSteps',
  'fisherDraws',
  'eigenvalues',
  'lanczosSteps',
  'traceProbes',
  'landscapeGrid',
  'traceDraws',
  'permutations',
  'resamples',
] as const satisfies readonly (keyof StatisticalSizes)[];

type Told = Pick<AnalysedModel, 'graph' | 'theta' | 'path' | 'texts' | 'model'>;

export function settingOf(
  metric: Pick<Metric, 'chunk' | 'items'>,
  params: AnalysisParams,
  { graph, theta, path, texts, model }: Told,
  sizes: BatchSizes,
  seed: number,
): MetricSetting {
  const { rule, baseline, padId, position, explained, span, plane, rho, noise, origin } = params;
  const bosId = model.tokenizer?.begin;
  return {
    graph,
    theta,
    items: texts.items.slice(0, sizes[metric.items]),
    rows: sizes[metric.chunk],
    sizes: Object.fromEntries(
      STATISTICAL.map((key) => [key, sizes[`analysis.${key}` as SizeKey]]),
    ) as unknown as StatisticalSizes,
    seed,
    rule,
    baseline,
    padId,
    ...(bosId !== undefined && { bosId }),
    target: { kind: explained, ...(position >= 0 && { position }) },
    span,
    plane,
    rho,
    noise,
    path,
    origin,
  };
}

/** Of the machine's kernels on an adapter. */
export function machineSizes(report: AdapterReport, sizes: BatchSizes): MachineSizes {
  return {
    form: tensorForm(report),
    threads: sizes['analysis.threads'],
    productRows: sizes['analysis.productRows'],
    productColumns: sizes['analysis.productColumns'],
    gradientInputs: sizes['analysis.gradientInputs'],
    gradientOutputs: sizes['analysis.gradientOutputs'],
    headFours: sizes['analysis.headFours'],
    sharedThreads: sizes['analysis.sharedThreads'],
    dotRun: sizes['analysis.dotRun'],
    combineTerms: sizes['analysis.combineTerms'],
    stagingBytes: sizes['analysis.stagingBytes'],
    submitsInFlight: sizes['gpu.submitsInFlight'],
  };
}
