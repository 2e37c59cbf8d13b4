/** What flow does beside runs: trains networks, follows particles on their way, and draws from exact posteriors. */
import type { JobRegistry } from '../../../worker/jobs.ts';

export const flowJobs: JobRegistry[string] = {
  training: {
    asks: 'train a network',
    device: { words: 'A network is being trained', todo: 'Stop it first: what is trained so far is kept.' },
    load: async () => (await import('./training.ts')).trainingJob,
  },
  paths: {
    asks: 'look at the flow',
    device: 'yields',
    load: async () => (await import('./paths.ts')).pathsJob,
  },
  exact: {
    asks: 'draw from the exact posterior',
    device: 'none',
    load: async () => (await import('./exact.ts')).exactJob,
  },
};
