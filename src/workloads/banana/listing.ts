/** The banana experiment as lists show it: all of it that every visit of the page loads. */
import type { ExperimentListing } from '../workload.ts';

export const bananaListing: ExperimentListing = {
  id: 'banana',
  title: 'Banana',
  blurb: 'A Gaussian that was bent, sampled by Hamiltonian Monte Carlo. Its moments are known exactly.',
  hidden: true,
};
