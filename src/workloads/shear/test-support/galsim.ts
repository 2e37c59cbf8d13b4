/** GalSim's stamps of `fixtures/` (see the README there), decoded, with their parameters in pixels. */
import { readFileSync } from 'node:fs';
import { decodeNpy } from '../../../bundle/npy.ts';
import stamps from '../fixtures/galsim-stamps.json' with { type: 'json' };
import type { PsfShape } from '../mixtures/choose.ts';
import type { GalaxyTruth } from '../truth/renderer.ts';

export interface GalsimStamp {
  readonly name: string;
  readonly size: number;
  readonly sersicIndex: number;
  readonly galaxy: GalaxyTruth;
  readonly psf: PsfShape;
  readonly scaleArcsec: number;
  /** Row-major [size, size], flux per pixel. */
  readonly pixels: Float64Array;
  readonly peak: number;
}

export const galsimStamps: readonly GalsimStamp[] = stamps.map((stamp) => {
  const bytes = readFileSync(new URL(`../fixtures/${stamp.file}`, import.meta.url));
  const { shape, data } = decodeNpy(stamp.file, bytes);
  const size = shape[1];
  const pixels = Float64Array.from(data.subarray(stamp.index * size * size, (stamp.index + 1) * size * size));
  const { scale, flux, g1, g2, e1, e2 } = stamp;
  return {
    name: stamp.name,
    size,
    sersicIndex: stamp.sersicIndex,
    galaxy: { flux, g1, g2, e1, e2, hlrPx: stamp.halfLightRadius / scale, xc: stamp.dx, yc: stamp.dy },
    psf:
      stamp.psfSigma === undefined
        ? { kind: 'moffat', beta: stamp.moffatBeta, fwhmPx: stamp.psfFwhm / scale }
        : { kind: 'gaussian', sigmaPx: stamp.psfSigma / scale },
    scaleArcsec: scale,
    pixels,
    peak: Math.max(...pixels),
  };
});
