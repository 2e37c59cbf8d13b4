/** The analysis experiment as lists show it: all of it that every visit of the page loads. */
import type { ExperimentListing } from '../workload.ts';

export const analysisListing: ExperimentListing = {
  id: 'analysis',
  title: 'Analysis',
  blurb:
    'Take a language model apart: which tokens and heads made it say what it says, how its loss bends, what its layers share. Numbers with errors, and something to hold them against.',
};
