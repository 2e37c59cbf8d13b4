/** What cells do beside runs: train networks, look at real cells, film what a rule does, measure finished ones, try steps and precisions. */
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
  steps: {
    asks: 'try numbers of steps',
    device: { words: 'Numbers of steps are being tried', todo: 'Stop it first: the points so far are kept.' },
    load: async () => (await import('./steps.ts')).stepsJob,
  },
  precision: {
    asks: 'compare precisions',
    device: { words: 'Precisions are being compared', todo: 'Stop it first: those so far are kept.' },
    load: async () => (await import('./precision.ts')).precisionJob,
  },
  console: {
    asks: 'draw cells from the console',
    device: { words: 'Cells are being drawn from the console', todo: 'Wait until they are there.' },
    load: async () => (await import('./console.ts')).consoleJob,
  },
};
