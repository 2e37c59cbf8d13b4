/**
 * Which mixture a configuration needs. Stored tables cover the usual profiles and PSF widths; any other Sérsic index,
 * Moffat slope or sharper PSF is derived on the spot by the same code that made the tables.
 */
import { ConfigError } from '../../workload.ts';
import type { MixtureComponent, ModelComponent } from '../model-spec.ts';
import { modelError } from './model-error.ts';
import { moffatProfile, sersicProfile } from './profiles.ts';
import { findTable, type MixtureAccuracy, type MixtureTable } from './tables.ts';

export interface GalaxyShape {
  /** Sérsic index: 0.5 Gaussian, 1 exponential, 4 de Vaucouleurs. */
  readonly sersicIndex: number;
  /** Half-light radius of the round galaxy, px. */
  readonly hlrPx: number;
  /** |e| of the intrinsic ellipticity (a distortion), below 1: along its long axis the galaxy shows more detail. Default 0. */
  readonly ellipticity?: number;
}

export type PsfShape =
  | { readonly kind: 'gaussian'; readonly sigmaPx: number }
  | { readonly kind: 'moffat'; readonly beta: number; readonly fwhmPx: number };

export interface ChosenMixture {
  /** Galaxy × PSF, ready for a `ModelSpec`. */
  readonly components: ModelComponent[];
  readonly galaxyCount: number;
  readonly psfCount: number;
  /** Largest error of the blurred image over its peak, for the round galaxy on this PSF and pixel. */
  readonly ofPeak: number;
  /** First-order multiplicative shear bias that this error causes. */
  readonly shear: number;
  /** One sentence for the results page. */
  readonly note: string;
}

/** The 2×2 pixel rule (points at ±0.2540718 px) leaves this variance to add, px²: together they match the pixel's moments. */
export const PIXEL_RULE_VARIANCE = 0.0187807;
/** Second moment of a pixel, px². */
const PIXEL_VARIANCE = 1 / 12;
/** A Moffat's sharpest component has this σ (FWHM): the narrowest Gaussian through which the galaxy is seen. */
const MOFFAT_SHARPEST = 0.28;
/** A galaxy blurs the PSF at least as much as a Gaussian of this σ (hlr), as far as PSF residuals are concerned. */
const GALAXY_BLUR = 0.4;

/**
 * The components with which this galaxy and PSF are drawn, and the error they bring.
 * Takes up to about a second for a profile that is not stored; repeated calls are remembered.
 * Throws `ConfigError` outside Sérsic 0.5–6 and Moffat β 1.5–10.
 */
export function chooseMixture(
  galaxy: GalaxyShape,
  psf: PsfShape,
  accuracy: MixtureAccuracy = 'standard',
): ChosenMixture {
  if (!(galaxy.sersicIndex >= 0.5 && galaxy.sersicIndex <= 6))
    throw new ConfigError(
      'params.sersicIndex',
      'The Sérsic index must lie between 0.5 (Gaussian) and 6. Choose one in that range.',
    );
  if (psf.kind === 'moffat' && !(psf.beta >= 1.5 && psf.beta <= 10))
    throw new ConfigError(
      'params.psfBeta',
      'The Moffat slope must lie between 1.5 and 10; use a Gaussian PSF beyond that.',
    );
  const key = JSON.stringify([galaxy, psf, accuracy]);
  let chosen = remembered.get(key);
  if (!chosen) {
    chosen = choose(galaxy, psf, accuracy);
    if (remembered.size >= MEMORY) remembered.clear();
    remembered.set(key, chosen);
  }
  return chosen;
}

const MEMORY = 64;
const remembered = new Map<string, ChosenMixture>();

function choose(galaxy: GalaxyShape, psf: PsfShape, accuracy: MixtureAccuracy): ChosenMixture {
  const sharpest = psf.kind === 'gaussian' ? psf.sigmaPx : MOFFAT_SHARPEST * psf.fwhmPx;
  const e = galaxy.ellipticity ?? 0;
  const stretch = ((1 + e) / (1 - e)) ** 0.25;
  const galaxyTable = findTable('sersic', galaxy.sersicIndex, sharpest / (galaxy.hlrPx * stretch), accuracy);
  const scale = galaxy.hlrPx ** 2;
  const galaxyMixture = toComponents(galaxyTable, 1);
  const psfTable =
    psf.kind === 'moffat'
      ? findTable('moffat', psf.beta, (GALAXY_BLUR * galaxy.hlrPx) / psf.fwhmPx, accuracy)
      : undefined;
  const psfMixture =
    psf.kind === 'gaussian' ? [{ amplitude: 1, variance: psf.sigmaPx ** 2 }] : toComponents(psfTable!, psf.fwhmPx ** 2);
  const error = modelError({
    galaxy: {
      profile: sersicProfile(galaxy.sersicIndex),
      unit: galaxy.hlrPx,
      mixture: galaxyMixture.map((c) => ({ ...c, variance: c.variance * scale })),
    },
    psf: {
      profile: psf.kind === 'moffat' ? { profile: moffatProfile(psf.beta), unit: psf.fwhmPx } : undefined,
      mixture: psfMixture,
    },
    extraVariance: PIXEL_VARIANCE,
  });
  const components = psfMixture.flatMap((p) =>
    galaxyMixture.map((g) => ({
      amplitude: g.amplitude * p.amplitude,
      galaxyVariance: g.variance,
      psfVariance: p.variance + PIXEL_RULE_VARIANCE,
    })),
  );
  const counts = psf.kind === 'moffat' ? `${galaxyMixture.length} × ${psfMixture.length}` : `${galaxyMixture.length}`;
  return {
    components,
    galaxyCount: galaxyMixture.length,
    psfCount: psfMixture.length,
    ...error,
    note: `The model is a sum of ${counts} Gaussians: its largest error is ${error.ofPeak.toExponential(1)} of the peak, worth a shear bias m of ${error.shear.toExponential(1)}.`,
  };
}

function toComponents(table: MixtureTable, scale: number): MixtureComponent[] {
  return table.amplitude.map((amplitude, k) => ({ amplitude, variance: table.variance[k] * scale }));
}
