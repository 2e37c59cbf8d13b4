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
  steer: {
    asks: 'steer texts',
    device: 'yields',
    load: async () => (await import('./steer.ts')).steerJob,
  },
  trace: {
    asks: 'follow a text',
    device: 'yields',
    load: async () => (await import('./trace.ts')).traceJob,
  },
  batches: {
    asks: 'measure batches',
    device: { words: 'Batches are being measured', todo: 'Stop it first: the rows so far are kept.' },
    load: async () => (await import('./tables.ts')).batchesJob,
  },
  padding: {
    asks: 'measure padding',
    device: { words: 'Padding is being measured', todo: 'Wait until it is there, or stop it.' },
    load: async () => (await import('./tables.ts')).paddingJob,
  },
  precision: {
    asks: 'compare storages',
    device: { words: 'Storages of weights are being compared', todo: 'Stop it first: the rows so far are kept.' },
    load: async () => (await import('./tables.ts')).precisionJob,
  },
};
