/** The flow experiment as the form sees it: names, parameters, presets. What computes is in `workload.ts`. */
import type { StatisticsContext } from '../../results/posterior/statistics.ts';
import type { Experiment } from '../workload.ts';
import { flowFiles } from './files.ts';
import { flowParams, runWords } from './params.ts';
import { flowPresets } from './presets.ts';

/** Exact posteriors judge them; no prior is taken out of a bias. */
export function flowStatistics(params: Readonly<Record<string, unknown>>, ownData: boolean): StatisticsContext {
  return { priors: {}, truthsFromPrior: !ownData && params.truthSource === 'prior' };
}

export const flowExperiment: Experiment = {
  id: 'flow',
  title: 'Flow',
  blurb:
    'A network trained on simulations carries noise to the posterior of any observation at once. Sample posteriors of many observations, and see what solver, steps and half precision cost.',
  itemName: { one: 'observation', many: 'observations' },
  results: { kind: 'posterior' },
  chunkEntry: 'flow.chunk',
  precisions: ['f32', 'f16-storage', 'f16'],
  cpuPrecision: 'f32',
  workName: 'evaluations',
  workAbout: 'Evaluations of the network for one sample per second',
  priorTruths: 'simulated observations (the preset Calibration)',
  stepWords: 'one step of every sample along the flow',
  params: flowParams,
  presets: flowPresets,
  statistics: flowStatistics,
  files: flowFiles,
  runWords,
};
