/** Ready-made shear experiments: SHINE's level 0, its brighter variant after ngmix, and a small one for slow machines. */
import type { Preset } from '../workload.ts';

/** N(0, 0.05) on both shear components, where the table's defaults are level 0's off-centre priors. */
const centredPriors = { g1PriorMean: 0, g2PriorMean: 0 };

export const shearPresets: readonly Preset[] = [
  {
    id: 'level0',
    label: 'Level 0',
    help: "SHINE's first validation level: bright, well-sampled exponential galaxies, 48 × 48 pixels of 0.1 arcsec; shear and position are inferred.",
    params: {},
  },
  {
    id: 'level0-ngmix',
    label: 'Level 0, ngmix',
    help: "The geometry of ngmix's metacalibration example: coarse pixels, a wide PSF and almost no noise, to expose biases of a few parts in a million.",
    params: {
      ...centredPriors,
      pixelScaleArcsec: 0.263,
      flux: 1,
      psfSigmaArcsec: 0.382,
      noiseSigma: 1e-6,
      modelAccuracy: 'fine',
    },
  },
  {
    id: 'level1',
    label: 'Level 1',
    help: 'Low noise, varied galaxies: flux, size and ellipticity of each are drawn from a population and known to the fit, shear and position are inferred. Asks whether shear stays unbiased whatever the galaxy looks like.',
    params: {
      ...centredPriors,
      shearGrid: [-0.05, -0.02, 0.02, 0.05],
      realizations: 16,
      morphology: 'population',
      psfSigmaArcsec: 0.2,
      noiseSigma: 0.2,
      fluxPriorLogSigma: 0.3,
      hlrPriorLogSigma: 0.25,
    },
  },
  {
    id: 'level2',
    label: 'Level 2',
    help: 'Realistic noise (signal-to-noise about 20 to 100): galaxies of a population whose shear, position, flux and size are inferred with that population as prior. The prior pulls each estimate towards zero; the corrected bias takes that out. Eight fitted parameters add shape noise.',
    params: {
      ...centredPriors,
      truthSource: 'prior',
      realizations: 64,
      freeParameters: '6',
      morphology: 'population',
      psfSigmaArcsec: 0.2,
      noiseSigma: 1.2,
      fluxPriorLogSigma: 0.4,
      hlrPriorLogSigma: 0.25,
      // Half-pixel position priors cut these wide posteriors off: long leapfrog trajectories cross them best (docs/validation.md).
      integrator: 'leapfrog',
      integratorSteps: 4,
      draws: 640,
    },
  },
  {
    id: 'quick',
    label: 'Quick',
    help: 'Small stamps of 32 × 32 pixels and two galaxies per shear: done in moments, also without a GPU.',
    params: {
      ...centredPriors,
      realizations: 2,
      stampSize: 32,
      pixelScaleArcsec: 0.2,
      flux: 100,
      psfSigmaArcsec: 0.2,
      noiseSigma: 0.01,
    },
  },
];
