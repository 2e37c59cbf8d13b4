/** The tally experiment as lists show it: all of it that every visit of the page loads. */
import type { ExperimentListing } from '../workload.ts';

export const tallyListing: ExperimentListing = {
  id: 'tally',
  title: 'Tally',
  blurb: 'Two dice are thrown many times and counted. Every count is a whole number, equal on every adapter.',
  hidden: true,
};
