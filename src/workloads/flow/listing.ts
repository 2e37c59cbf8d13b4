/** The flow experiment as lists show it: all of it that every visit of the page loads. */
import type { ExperimentListing } from '../workload.ts';

export const flowListing: ExperimentListing = {
  id: 'flow',
  title: 'Flow',
  blurb:
    'A network trained on simulations carries noise to the posterior of any observation at once. Sample posteriors of many observations, and see what solver, steps and half precision cost.',
};
