/** The shear experiment as lists show it: all of it that every visit of the page loads. */
import type { ExperimentListing } from '../workload.ts';

export const shearListing: ExperimentListing = {
  id: 'shear',
  title: 'Shear',
  blurb:
    'Matter between us and a galaxy stretches its image by a few per cent. Simulate many noisy galaxies, infer the stretch of each, and see how faithfully the true values come back.',
};
