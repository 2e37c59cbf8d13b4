/** Jobs that every experiment has by what its contract says of it; one of its own by that name takes their place. */
import { TuningCancelledError } from '../engine/tuner/errors.ts';
import type { JobKind } from './jobs.ts';

export const sharedJobs: Readonly<Record<string, JobKind>> = {
  tuning: {
    asks: 'tune',
    device: { words: 'The tuner is at work', todo: 'Cancel it first.' },
    stopped: () => new TuningCancelledError(),
    load: async () => (await import('./tuning/job.ts')).tuningJob,
  },
  precisions: {
    asks: 'compare precisions',
    device: { words: 'Precisions are being compared', todo: 'Stop it first.' },
    load: async () => (await import('./comparison/job.ts')).comparisonJob,
  },
};
