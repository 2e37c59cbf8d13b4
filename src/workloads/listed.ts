/**
 * The experiments as the page takes them, in the order of the other registries: a first visit loads what lists show, and the description of
 * the first; the rest comes when somebody turns to it.
 */
import { activationsListing } from './activations/listing.ts';
import { analysisListing } from './analysis/listing.ts';
import { bananaListing } from './banana/listing.ts';
import { cellsListing } from './cells/listing.ts';
import { flowListing } from './flow/listing.ts';
import { know } from './known.ts';
import { shearExperiment } from './shear/experiment.ts';
import { shearListing } from './shear/listing.ts';
import { tallyListing } from './tally/listing.ts';
import type { ListedExperiment } from './workload.ts';

export const listedExperiments: readonly ListedExperiment[] = [
  {
    ...shearListing,
    describe: async () => shearExperiment,
  },
  {
    ...flowListing,
    describe: async () => (await import('./flow/experiment.ts')).flowExperiment,
  },
  {
    ...cellsListing,
    describe: async () => (await import('./cells/experiment.ts')).cellsExperiment,
  },
  {
    ...activationsListing,
    describe: async () => (await import('./activations/experiment.ts')).activationsExperiment,
  },
  {
    ...analysisListing,
    describe: async () => (await import('./analysis/experiment.ts')).analysisExperiment,
  },
  {
    ...bananaListing,
    describe: async () => (await import('./banana/experiment.ts')).bananaExperiment,
  },
  {
    ...tallyListing,
    describe: async () => (await import('./tally/experiment.ts')).tallyExperiment,
  },
];

know([shearExperiment]);
