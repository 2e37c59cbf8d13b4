/** What cells do beside runs: train networks, look at real cells, film what a rule does, and measure finished ones. */
import type { JobRegistry } from '../../../worker/jobs.ts';

export const cellsJobs: JobRegistry[string] = {
  training: {
    asks: 'train a network',
    device: { words: 'A network is being trained', todo: 'Stop it first: what is trained so far is kept.' },
    load: async () => (await import('./training.ts')).trainingJob,
  },
  data: {
    asks: 'look at real cells',
    device: 'none',
    load: async () => (await import('./data.ts')).dataJob,
  },
  film: {
    asks: 'film a rule',
    device: 'none',
    load: async () => (await import('./film.ts')).filmJob,
  },
  metrics: {
    asks: 'measure cells',
    device: 'none',
    load: async () => (await import('./metrics.ts')).metricsJob,
  },
};
