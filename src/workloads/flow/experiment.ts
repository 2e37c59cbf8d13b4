/** The flow experiment as the form sees it: names, parameters, presets. What computes is in `workload.ts`. */
import type { PosteriorDescription } from '../../results/posterior/options.ts';
import { SHINE_THRESHOLDS } from '../shear/shine/thresholds.ts';
import type { Experiment } from '../workload.ts';
import { flowFiles } from './files.ts';
import { flowListing } from './listing.ts';
import { flowParams, runWords } from './params.ts';
import { flowPresets } from './presets.ts';

/** Exact posteriors judge them; no prior is taken out of a bias. Tables go to the scripts that read SHINE's, so by its thresholds too. */
export const flowPosterior: PosteriorDescription = {
  kind: 'posterior',
  priorTruths: 'simulated observations (the preset Calibration)',
  statistics: (params, ownData) => ({ priors: {}, truthsFromPrior: !ownData && params.truthSource === 'prior' }),
  sampler: {
    method: 'flow',
    independent: true,
    records: [],
  },
  looser: SHINE_THRESHOLDS,
};

export const flowExperiment: Experiment = {
  ...flowListing,
  itemName: { one: 'observation', many: 'observations' },
  chunkEntry: 'flow.chunk',
  precisions: ['f32', 'f16-storage', 'f16'],
  cpuPrecision: 'f32',
  workName: 'evaluations',
  workAbout: 'Evaluations of the network for one sample per second',
  lighter: { memory: 'fewer samples', time: 'fewer steps' },
  stepWords: 'one step of every sample along the flow',
  params: flowParams,
  presets: flowPresets,
  results: flowPosterior,
  files: flowFiles,
  runWords,
};
