/** What the activations experiment does beside runs. */
import type { JobRegistry } from '../../../worker/jobs.ts';

export const activationsJobs: JobRegistry[string] = {};
