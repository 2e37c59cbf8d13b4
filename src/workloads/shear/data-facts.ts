/** What a run takes for granted of the user's stamps, and where they themselves speak against it. */
import type { DataFact, RunInputs } from '../workload.ts';
import { imagesOf, truthTableOf } from './files.ts';
import { worldTurn } from './image-axes.ts';
import type { ShearParams } from './params.ts';
import { type Measured, measureStamps, type StampMeasures } from './stamp-measures.ts';

/** A difference is told when it is no accident (in standard errors) and large enough to move a result (of the value). */
const ERRORS = 5;
const NOTABLE = { noise: 0.1, light: 0.25, level: 0.1 };
/** Pixels by which the brightest part may lie off the centre without the galaxy's doing so. */
const PEAK_SLACK_PX = 1;

const PROFILES: Readonly<Record<ShearParams['profile'], string>> = {
  exponential: 'an exponential disk',
  gaussian: 'a Gaussian',
  devaucouleurs: 'a de Vaucouleurs profile',
  sersic: 'a Sérsic profile',
};

/** @param params those that the run uses, the header's among them */
export function dataFacts(params: ShearParams, inputs: RunInputs): DataFact[] {
  const images = imagesOf(inputs);
  if (!images) return [];
  const truth = truthTableOf(inputs);
  const measures = measureStamps(images);
  const { n, ny, nx, header } = images;
  const from = (source: string | undefined) =>
    source ? `by the header (${source})` : 'by the form, the file states none';
  const turned = worldTurn(images);
  return [
    {
      text: `${n} ${n === 1 ? 'stamp' : 'stamps'} of ${ny} × ${nx} pixels${truth ? `, true values from ${truth.name}` : ''}.`,
    },
    { text: `Pixel scale ${figure(params.pixelScaleArcsec)} arcsec, ${from(header?.scale?.source)}.` },
    noiseFact(params, measures, from(header?.noise?.source)),
    ...levelFact(params, measures),
    { text: `PSF: ${psfWords(params)}, by the form.` },
    galaxyFact(params, measures),
    { text: shapeWords(params) },
    { text: `Priors: ${priorWords(params)}.` },
    ...centreFact(params, measures),
    ...(turned ? [{ text: 'Shears along the sky, by the header.' }] : []),
  ];
}

function noiseFact({ noiseSigma }: ShearParams, { noise, stamps }: StampMeasures, from: string): DataFact {
  const measured = `the borders of ${stamps === 1 ? 'the stamp' : `${stamps} stamps`} have ${withError(noise)}`;
  const taken = `Pixel noise σ ${figure(noiseSigma)}, ${from}`;
  if (!differs(noise, noiseSigma, NOTABLE.noise * noiseSigma)) return { text: `${taken}; ${measured}.` };
  const ratio = noise.value / noiseSigma;
  const effect =
    ratio > 1
      ? `Intervals would be ${figure(ratio, 2)} times too narrow, unless the galaxy reaches the border`
      : `Intervals would be ${figure(1 / ratio, 2)} times too wide`;
  return { text: `${taken}, but ${measured}. ${effect}: give the noise of your stamps.`, doubt: true };
}

/** The model has no sky. */
function levelFact({ noiseSigma }: ShearParams, { level }: StampMeasures): DataFact[] {
  if (!differs(level, 0, NOTABLE.level * noiseSigma)) return [];
  return [{ text: `The borders lie at ${withError(level)}, and the model has no sky: subtract it.`, doubt: true }];
}

function galaxyFact(params: ShearParams, { light, level, noise }: StampMeasures): DataFact {
  const { flux, halfLightRadiusArcsec, freeParameters, profile, morphology, sersicIndex } = params;
  const what = profile === 'sersic' ? `${PROFILES.sersic} of index ${sersicIndex}` : PROFILES[profile];
  const free = Number(freeParameters);
  const each = morphology === 'population' ? ' where the truth does not give each its own' : '';
  const held = free >= 6 ? 'fitted, with medians' : `held${each} at`;
  const text = `Galaxy: ${what}; flux and half-light radius ${held} ${figure(flux)} and ${figure(halfLightRadiusArcsec)} arcsec`;
  // What lies on a sky is no light of a galaxy.
  const sky = differs(level, 0, NOTABLE.level * noise.value);
  if (sky || free >= 6 || each || !differs(light, flux, NOTABLE.light * flux)) return { text: `${text}.` };
  return {
    text: `${text}, but the stamps hold ${withError(light)} on average: give the flux of your galaxies, or fit it (6 parameters).`,
    doubt: true,
  };
}

/** A shape that is held and wrong is taken for shear, and nothing in the fit tells. */
function shapeWords({ e1, e2, freeParameters, morphology }: ShearParams): string {
  if (Number(freeParameters) === 8) return 'Ellipticity: fitted.';
  const each = morphology === 'population' ? ' where the truth does not give each its own' : '';
  return `Ellipticity: held${each} at e1 ${figure(e1)}, e2 ${figure(e2)}; what galaxies have beyond that reads as shear. Fit it (8 parameters) where they are not round.`;
}

/** The prior on positions is a box about the centre. */
function centreFact({ positionPriorHalfWidthPx: half }: ShearParams, { farthestPx }: StampMeasures): DataFact[] {
  if (farthestPx <= half + PEAK_SLACK_PX) return [];
  return [
    {
      text: `The brightest part of a stamp lies ${figure(farthestPx, 2)} px off its centre, and positions are sought within ${half}: cut stamps about their galaxies, or widen the position prior.`,
      doubt: true,
    },
  ];
}

function psfWords({ psf, psfSigmaArcsec, psfFwhmArcsec, moffatBeta, pixelScaleArcsec: scale }: ShearParams): string {
  return psf === 'gaussian'
    ? `a Gaussian of σ ${figure(psfSigmaArcsec)} arcsec (${figure(psfSigmaArcsec / scale, 3)} px)`
    : `a Moffat profile of FWHM ${figure(psfFwhmArcsec)} arcsec (${figure(psfFwhmArcsec / scale, 3)} px), β ${figure(moffatBeta)}`;
}

function priorWords(params: ShearParams): string {
  const normal = (name: string, mean: number, sigma: number) => `${name} ~ N(${figure(mean)}, ${figure(sigma)})`;
  const free = Number(params.freeParameters);
  return [
    normal('g1', params.g1PriorMean, params.g1PriorSigma),
    normal('g2', params.g2PriorMean, params.g2PriorSigma),
    `x and y within ${figure(params.positionPriorHalfWidthPx)} px of the centre`,
    ...(free >= 6
      ? [`ln flux and ln radius of widths ${figure(params.fluxPriorLogSigma)} and ${figure(params.hlrPriorLogSigma)}`]
      : []),
    ...(free === 8 ? [normal('e1, e2', 0, params.ePriorSigma)] : []),
  ].join(', ');
}

/** @param notable what is large enough to be told */
function differs({ value, error }: Measured, from: number, notable: number): boolean {
  return Math.abs(value - from) > Math.max(ERRORS * error, notable);
}

function withError({ value, error }: Measured): string {
  if (!(error > 0)) return figure(value);
  const digits = Math.min(20, Math.max(0, 1 - Math.floor(Math.log10(error))));
  return `${value.toFixed(digits)} ± ${error.toFixed(digits)}`;
}

function figure(value: number, digits = 4): string {
  return String(Number(value.toPrecision(digits)));
}
