/** The shear experiment as the form sees it: names, parameters, presets. What computes is in `workload.ts`. */
import type { Experiment } from '../workload.ts';
import { shearFiles } from './files.ts';
import { shearListing } from './listing.ts';
import { shearParams } from './params.ts';
import { shearPosterior } from './posterior.ts';
import { shearPresets } from './presets.ts';

export const shearExperiment: Experiment = {
  ...shearListing,
  itemName: { one: 'realization', many: 'realizations' },
  chunkEntry: 'shear.chunk',
  precisions: ['f32'],
  lighter: { memory: 'smaller stamps or fewer draws', time: 'shorter chains' },
  spoils: { id: 'nanPixelItem', label: 'Pixel that is no number in item' },
  stepWords: 'one transition of every chain',
  workName: 'gradients',
  workAbout: 'Evaluations of one posterior’s log density and gradient per second, all chains counted',
  params: shearParams,
  presets: shearPresets,
  files: shearFiles,
  results: shearPosterior,
};
