/** Jobs that every experiment has by what its contract says of it; one of its own by that name takes their place. */
import type { JobKind } from './jobs.ts';

export const sharedJobs: Readonly<Record<string, JobKind>> = {
  precisions: {
    asks: 'compare precisions',
    device: { words: 'Precisions are being compared', todo: 'Stop it first.' },
    load: async () => (await import('./comparison/job.ts')).comparisonJob,
  },
};
