/** The parameters of the shear experiment: one table from which form, link, command line and validation follow. */

import type { ParamSpec, ParamValues } from '../params.ts';
import { parseParams } from '../validate.ts';
import type { Integrator } from './model-spec.ts';
import { samplerParams } from './params-sampler.ts';

const problem: readonly ParamSpec[] = [
  {
    key: 'truthSource',
    simulates: true,
    label: 'True shears',
    help: 'Where the true values of the simulated galaxies come from: the list below, or drawn from the prior (for calibration checks, where the rank of the truth among the draws must be uniform).',
    group: 'Problem',
    kind: 'choice',
    default: 'grid',
    choices: [
      { value: 'grid', label: 'From the list', help: 'Every shear of the list, centred on the stamp.' },
      {
        value: 'pairs',
        label: 'From the list, in pairs ±g',
        help: 'Every galaxy twice with the same noise, once with the opposite shear: in half the difference of the two estimates the noise cancels.',
      },
      {
        value: 'ring',
        label: 'From the list, in turned twins',
        help: 'Every galaxy twice under the same shear, once turned by 90°: in the mean of the two estimates the intrinsic shape cancels.',
      },
      { value: 'prior', label: 'Drawn from the prior', help: 'Every free parameter drawn from its prior.' },
    ],
  },
  {
    key: 'shearGrid',
    simulates: true,
    label: 'True shears g1',
    help: 'Each galaxy image is stretched by a known amount g1 (0.02 is 2 %). Several values let the run measure how faithfully shears are recovered: the slope and offset of estimate against truth.',
    group: 'Problem',
    flag: 'shear-grid',
    flagAliases: ['g1-true'],
    kind: 'numberList',
    default: [0.01, 0.02, 0.05],
    min: -0.9,
    max: 0.9,
    maxLength: 64,
    when: (params) => params.truthSource !== 'prior',
  },
  {
    key: 'g2',
    simulates: true,
    label: 'True shear g2',
    help: 'The other component of the true shear, a stretch along the diagonal; the same for every galaxy.',
    group: 'Problem',
    flag: 'g2-true',
    kind: 'number',
    default: 0,
    min: -0.9,
    max: 0.9,
    step: 0.01,
    when: (params) => params.truthSource !== 'prior',
  },
  {
    key: 'realizations',
    simulates: true,
    label: 'Realizations',
    help: 'How many noisy images to simulate for each true shear (pairs of images, where they come in pairs; in total, when truths are drawn from the prior). Each is an inference problem of its own; more of them make the measured bias more certain.',
    group: 'Problem',
    flag: 'n-realizations',
    flagAliases: ['realizations'],
    kind: 'integer',
    multiplies: 'items',
    default: 4,
    min: 1,
    max: 100_000,
  },
  {
    key: 'noiseFree',
    simulates: true,
    label: 'Leave the noise out',
    help: 'Simulate images without noise. The posterior still assumes the noise below, so its centre shows the bias of the model alone.',
    group: 'Problem',
    advanced: true,
    kind: 'boolean',
    default: false,
  },
];

const galaxy: readonly ParamSpec[] = [
  {
    key: 'profile',
    label: 'Profile',
    help: 'How the light of the galaxy falls off with radius. Exponential: a disk. De Vaucouleurs: an elliptical galaxy, sharper in the centre, with wider wings.',
    group: 'Galaxy',
    kind: 'choice',
    default: 'exponential',
    choices: [
      { value: 'exponential', label: 'Exponential disk', help: 'Sérsic index 1.' },
      { value: 'gaussian', label: 'Gaussian', help: 'Sérsic index ½.' },
      { value: 'devaucouleurs', label: 'de Vaucouleurs', help: 'Sérsic index 4.' },
      { value: 'sersic', label: 'Sérsic', help: 'Any index.' },
    ],
  },
  {
    key: 'sersicIndex',
    label: 'Sérsic index',
    help: 'Steepness of the profile: ½ is a Gaussian, 1 an exponential disk, 4 a de Vaucouleurs profile.',
    group: 'Galaxy',
    kind: 'number',
    default: 2.5,
    min: 0.5,
    max: 6,
    step: 0.1,
    when: (params) => params.profile === 'sersic',
  },
  {
    key: 'morphology',
    label: 'Galaxies',
    help: 'All alike, or each with a flux, size and ellipticity of its own: ln flux and ln half-light radius normal around the values below, both ellipticity components normal around zero, with the widths given under Priors. What is not fitted is then known for each galaxy.',
    group: 'Galaxy',
    kind: 'choice',
    default: 'same',
    choices: [
      { value: 'same', label: 'All alike', help: 'The values below, where they are not drawn from the prior.' },
      { value: 'population', label: 'A population', help: 'Drawn for each galaxy from its own seed.' },
    ],
  },
  {
    key: 'flux',
    label: 'Flux',
    help: 'Total light of the galaxy, in the units of the image. Where the flux is fitted, this is the median of its prior.',
    group: 'Galaxy',
    kind: 'number',
    default: 1000,
    min: 0,
    exclusiveMin: true,
  },
  {
    key: 'halfLightRadiusArcsec',
    label: 'Half-light radius',
    help: 'Radius of the circle that holds half of the light before the galaxy is sheared. Where the size is fitted, this is the median of its prior.',
    group: 'Galaxy',
    unit: 'arcsec',
    kind: 'number',
    default: 0.5,
    min: 0,
    exclusiveMin: true,
    step: 0.05,
  },
  {
    key: 'e1',
    label: 'Ellipticity e1',
    help: "The galaxy's own shape before shear, as a distortion (a² − b²)/(a² + b²) along the x axis.",
    group: 'Galaxy',
    advanced: true,
    kind: 'number',
    default: 0,
    min: -0.9,
    max: 0.9,
    step: 0.05,
  },
  {
    key: 'e2',
    label: 'Ellipticity e2',
    help: "The galaxy's own shape before shear, along the diagonal.",
    group: 'Galaxy',
    advanced: true,
    kind: 'number',
    default: 0,
    min: -0.9,
    max: 0.9,
    step: 0.05,
  },
];

const image: readonly ParamSpec[] = [
  {
    key: 'stampSize',
    simulates: true,
    label: 'Stamp size',
    help: 'Width and height of an image in pixels. Files of your own bring their own size.',
    group: 'Image',
    unit: 'px',
    kind: 'integer',
    default: 48,
    min: 8,
    max: 128,
  },
  {
    key: 'pixelScaleArcsec',
    label: 'Pixel scale',
    help: 'Angle on the sky that one pixel spans.',
    group: 'Image',
    unit: 'arcsec/px',
    kind: 'number',
    default: 0.1,
    min: 0,
    exclusiveMin: true,
    step: 0.01,
  },
  {
    key: 'noiseSigma',
    label: 'Pixel noise σ',
    help: 'Standard deviation of the noise in every pixel, in units of flux per pixel. Smaller noise makes narrower posteriors.',
    group: 'Image',
    kind: 'number',
    default: 0.1,
    min: 0,
    exclusiveMin: true,
  },
  {
    key: 'psf',
    label: 'PSF',
    help: 'The point spread function: how atmosphere and telescope blur a point of light. A Moffat profile has wider wings than a Gaussian.',
    group: 'Image',
    kind: 'choice',
    default: 'gaussian',
    choices: [
      { value: 'gaussian', label: 'Gaussian' },
      { value: 'moffat', label: 'Moffat' },
    ],
  },
  {
    key: 'psfSigmaArcsec',
    label: 'PSF σ',
    help: 'Standard deviation of the Gaussian blur.',
    group: 'Image',
    unit: 'arcsec',
    kind: 'number',
    default: 0.1,
    min: 0,
    exclusiveMin: true,
    step: 0.01,
    when: (params) => params.psf === 'gaussian',
  },
  {
    key: 'psfFwhmArcsec',
    label: 'PSF FWHM',
    help: 'Full width of the Moffat blur at half of its peak.',
    group: 'Image',
    unit: 'arcsec',
    kind: 'number',
    default: 0.7,
    min: 0,
    exclusiveMin: true,
    step: 0.05,
    when: (params) => params.psf === 'moffat',
  },
  {
    key: 'moffatBeta',
    label: 'Moffat β',
    help: 'How steeply the wings of the Moffat blur fall: 2.5 to 4.8 are usual, larger is closer to a Gaussian.',
    group: 'Image',
    kind: 'number',
    default: 2.5,
    min: 1.5,
    max: 10,
    step: 0.1,
    when: (params) => params.psf === 'moffat',
  },
];

/** The whole table, in the form's order. */
export const shearParams: readonly ParamSpec[] = [...problem, ...galaxy, ...image, ...samplerParams];

/** The table's values by name and type. */
export interface ShearParams {
  readonly truthSource: 'grid' | 'pairs' | 'ring' | 'prior';
  readonly shearGrid: readonly number[];
  readonly g2: number;
  readonly realizations: number;
  readonly noiseFree: boolean;
  readonly profile: 'exponential' | 'gaussian' | 'devaucouleurs' | 'sersic';
  readonly sersicIndex: number;
  readonly morphology: 'same' | 'population';
  readonly flux: number;
  readonly halfLightRadiusArcsec: number;
  readonly e1: number;
  readonly e2: number;
  readonly stampSize: number;
  readonly pixelScaleArcsec: number;
  readonly noiseSigma: number;
  readonly psf: 'gaussian' | 'moffat';
  readonly psfSigmaArcsec: number;
  readonly psfFwhmArcsec: number;
  readonly moffatBeta: number;
  readonly freeParameters: '4' | '6' | '8';
  readonly modelAccuracy: 'draft' | 'standard' | 'fine';
  readonly g1PriorMean: number;
  readonly g1PriorSigma: number;
  readonly g2PriorMean: number;
  readonly g2PriorSigma: number;
  readonly positionPriorHalfWidthPx: number;
  readonly fluxPriorLogSigma: number;
  readonly hlrPriorLogSigma: number;
  readonly ePriorSigma: number;
  readonly chains: number;
  readonly warmup: number;
  readonly draws: number;
  readonly integrator: Integrator;
  readonly integratorSteps: number;
  readonly stepSize: number;
  readonly rescue: boolean;
}

/**
 * Types a set of parameters, filling gaps with the table's defaults.
 * @throws ConfigError where the table does not allow a value or does not know a key.
 */
export function readShearParams(values: ParamValues): ShearParams {
  // The table has just checked every key and value that the interface lists.
  return parseParams(shearParams, undefined, values) as unknown as ShearParams;
}
