/** Ready-made flow experiments. */
import type { Preset } from '../workload.ts';

export const flowPresets: readonly Preset[] = [
  {
    id: 'first',
    label: 'First look',
    help: 'One observation of the two moons, 1,000 samples: done in moments, also without a GPU.',
    params: {},
  },
  {
    id: 'quick',
    label: 'Quick',
    help: 'One observation of the Gaussian task, 1,000 samples.',
    params: { task: 'gaussian' },
  },
  {
    id: 'moons',
    label: 'Two moons',
    help: 'Five observations of the two moons, 10,000 samples each: what the sbibm benchmark judges.',
    params: { observation: [1, 2, 3, 4, 5], samples: 10_000 },
  },
  {
    id: 'stamps',
    label: 'Galaxy stamps',
    help: 'The shear of eight noisy stamps that GalSim drew, as the Shear experiment infers it by HMC.',
    params: { task: 'shear', observation: [1, 2, 3, 4, 5, 6, 7, 8] },
  },
  {
    id: 'calibration',
    label: 'Calibration',
    help: 'Many simulated observations with parameters from the prior: ranks must be uniform.',
    params: { truthSource: 'prior', observations: 256, samples: 1023 },
  },
];
