/** The activations experiment as lists show it: all of it that every visit of the page loads. */
import type { ExperimentListing } from '../workload.ts';

export const activationsListing: ExperimentListing = {
  id: 'activations',
  title: 'Activations',
  blurb:
    'A language model writes on from your texts, many side by side, while what goes on inside it is averaged on the GPU. Find the direction of a trait, and steer by it.',
};
