/** The shear experiment as the form sees it: names, parameters, presets. What computes is in `workload.ts`. */
import type { Experiment } from '../workload.ts';
import { shearFiles } from './files.ts';
import { shearParams } from './params.ts';
import { shearPosterior } from './posterior.ts';
import { shearPresets } from './presets.ts';

export const shearExperiment: Experiment = {
  id: 'shear',
  title: 'Shear',
  blurb:
    'Matter between us and a galaxy stretches its image by a few per cent. Simulate many noisy galaxies, infer the stretch of each, and see how faithfully the true values come back.',
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
