/** The cells experiment as lists show it: all of it that every visit of the page loads. */
import type { ExperimentListing } from '../workload.ts';

export const cellsListing: ExperimentListing = {
  id: 'cells',
  title: 'Cells',
  blurb:
    'A network that has seen masked gene counts fills masks in, step by step, until thousands of cells stand there that never were. See what steps, rules and half precision do to them.',
};
