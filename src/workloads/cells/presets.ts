/** Ready-made cells experiments. */
import type { Preset } from '../workload.ts';

export const cellsPresets: readonly Preset[] = [
  {
    id: 'first',
    label: 'First look',
    help: '64 cells in 32 steps: done in moments, and enough to see masks dissolve.',
    params: { cells: 64, steps: 32 },
  },
  {
    id: 'generate',
    label: 'Generate',
    help: '512 cells in 64 steps, with the labels of the data: enough to compare with real ones.',
    params: { cells: 512 },
  },
  {
    id: 'perturbation',
    label: 'Perturbation',
    help: '512 cells under every perturbation in turn, held against real cells of it.',
    params: { task: 'perturbation', cells: 512 },
  },
  {
    id: 'impute',
    label: 'Impute',
    help: 'A fifth of the genes of held-out cells is hidden and filled in.',
    params: { task: 'impute' },
  },
  {
    id: 'step',
    label: 'Step by step',
    help: '24 cells, one gene at a time: pause and press Step to watch each one.',
    params: { cells: 24, rule: 'first-hitting' },
  },
  {
    id: 'origin',
    label: 'The origin’s rule',
    help: '512 cells by the rule of the code that this experiment comes from: means are right, and every gene forgets every other.',
    params: { cells: 512, rule: 'origin', steps: 100 },
  },
];
