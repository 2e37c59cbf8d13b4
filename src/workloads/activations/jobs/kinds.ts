/** What the activations experiment does beside runs. */
import type { JobRegistry } from '../../../worker/jobs.ts';

export const activationsJobs: JobRegistry[string] = {
  training: {
    asks: 'train a model',
    device: { words: 'A model is being trained', todo: 'Stop it first: the model so far is kept.' },
    load: async () => (await import('./training.ts')).trainingJob,
  },
  vectors: {
    asks: 'fit vectors',
    device: 'none',
    load: async () => (await import('./vectors.ts')).vectorsJob,
  },
};
