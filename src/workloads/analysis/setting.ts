/** What a metric is told, from parameters, the batch table, network and items. */
import type { BatchSizes, SizeKey } from '../../batch/sizes.ts';
import type { AdapterReport } from '../../gpu/report.ts';
import type { MachineSizes } from '../../nn/graph/device/sizes.ts';
import { type TensorForm, tensorForm } from '../../nn/tensor/shape.ts';
import type { Metric, MetricSetting, StatisticalSizes } from './metrics/metric.ts';
import type { AnalysisParams } from './params.ts';

const STATISTICAL = [
  'inductionTexts',
  'pathSteps',
  'conductanceSteps',
  'deletionOrders',
  'jacobianProbes',
  'singularSteps',
  'fisherDraws',
  'eigenvalues',
  'lanczosSteps',
  'blockSteps',
  'traceProbes',
  'landscapeGrid',
  'traceDraws',
  'permutations',
  'resamples',
] as const satisfies readonly (keyof StatisticalSizes)[];

/** What of a run metrics are told. */
export interface Told extends Pick<MetricSetting, 'graph' | 'theta' | 'path' | 'items' | 'bosId'> {}

export function settingOf(
  metric: Pick<Metric, 'chunk' | 'items'>,
  params: AnalysisParams,
  { graph, theta, path, items, bosId }: Told,
  sizes: BatchSizes,
  seed: number,
): MetricSetting {
  const { rule, baseline, padId, position, explained, span, plane, rho, noise, origin } = params;
  return {
    graph,
    theta,
    path,
    ...(bosId !== undefined && { bosId }),
    items: items.slice(0, sizes[metric.items]),
    rows: sizes[metric.chunk],
    sizes: Object.fromEntries(
      STATISTICAL.map((key) => [key, sizes[`analysis.${key}` as SizeKey]]),
    ) as unknown as StatisticalSizes,
    seed,
    rule,
    baseline,
    padId,
    target: { kind: explained, ...(position >= 0 && { position }) },
    span,
    plane,
    rho,
    noise,
    origin,
  };
}

/** Of the machine's kernels on an adapter. */
export const machineSizes = (report: AdapterReport, sizes: BatchSizes) => kernelSizes(tensorForm(report), sizes);

export function kernelSizes(form: TensorForm, sizes: BatchSizes): MachineSizes {
  return {
    form,
    threads: sizes['analysis.threads'],
    pointThreads: sizes['analysis.pointThreads'],
    productRows: sizes['analysis.productRows'],
    productColumns: sizes['analysis.productColumns'],
    gradientInputs: sizes['analysis.gradientInputs'],
    gradientOutputs: sizes['analysis.gradientOutputs'],
    headFours: sizes['analysis.headFours'],
    sharedThreads: sizes['analysis.sharedThreads'],
    lensRun: sizes['analysis.lensRun'],
    dotRun: sizes['analysis.dotRun'],
    combineTerms: sizes['analysis.combineTerms'],
    stagingBytes: sizes['analysis.stagingBytes'],
    submitsInFlight: sizes['gpu.submitsInFlight'],
  };
}
