/** The choice between pixel axes and the axes of a header's world coordinates for the shears of a stack of images. */
import type { ImageStack } from '../../bundle/images.ts';
import { ConfigError } from '../workload.ts';
import { type Turn, turnOf } from './sky-axes.ts';

/** Name of the choice. */
export const IMAGE_AXES = 'image-axes';

/**
 * The turn from pixel axes to world axes where shears are asked for in those; undefined for pixel axes.
 * @throws ConfigError where the file does not say how its pixels lie
 */
export function worldTurn(images: ImageStack | undefined): Turn | undefined {
  if (images?.options?.[IMAGE_AXES] !== 'sky') return undefined;
  const { orientation } = images.header ?? {};
  if (orientation) return turnOf(orientation);
  throw new ConfigError(
    IMAGE_AXES,
    `${images.name} does not say how its pixels lie on the sky (no CDi_j, PCi_j or CDELTi). Give a FITS file with world coordinates, or choose pixel axes.`,
  );
}
