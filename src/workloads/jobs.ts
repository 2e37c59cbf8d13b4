/** The jobs that experiments have beside runs; what does them loads when it is first asked for. */
import type { JobRegistry } from '../worker/jobs.ts';
import { activationsJobs } from './activations/jobs/kinds.ts';
import { cellsJobs } from './cells/jobs/kinds.ts';
import { flowJobs } from './flow/jobs/kinds.ts';

export const jobs: JobRegistry = { flow: flowJobs, cells: cellsJobs, activations: activationsJobs };
