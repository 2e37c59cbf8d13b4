/**
 * The images that are inferred from: the user's, or a true image of the Fourier renderer plus pixel noise,
 * data_i = truth_i + σ Φ⁻¹(u_i), rounded to f32. The random numbers depend on the item's seed and the pixel alone.
 */

import type { ItemInfo } from '../../results/item.ts';
import { normalQuantile } from '../../stats/normal.ts';
import { keyOfSeed, uniform01 } from '../../stats/threefry.ts';
import type { RunInputs } from '../workload.ts';
import { imagesOf } from './files.ts';
import type { ModelSpec } from './model-spec.ts';
import type { ShearParams } from './params.ts';
import type { ShearProblem } from './problem.ts';
import { psfOf } from './spec.ts';
import { TruthRenderer } from './truth/renderer.ts';
import { PURPOSE, randomBlock } from './twin/streams.ts';

/** Noise-free stamps kept: realizations of one shear follow each other in the list. */
const cachedStamps = 128;

/** Standard normals for `count` pixels: pixel i takes word i & 1 of counter t = i >> 1. */
export function pixelNormals(seed: number, count: number): Float64Array {
  const key = keyOfSeed(seed);
  const normals = new Float64Array(count);
  for (let i = 0; i < count; i += 2) {
    const words = randomBlock(key, i >> 1, 0, 0, PURPOSE.pixelNoise);
    normals[i] = normalQuantile(uniform01(words[0]));
    if (i + 1 < count) {
      normals[i + 1] = normalQuantile(uniform01(words[1]));
    }
  }
  return normals;
}

/** Images of a run's items, made when asked for; row-major [ny, nx], flux per pixel. */
export interface Observations {
  /** The noisy image of item `index`. */
  data(index: number): Float32Array;
  /** The true, noise-free image of a simulated item; undefined for the user's images. */
  truth(index: number): Float64Array | undefined;
}

/** What images are made of. */
type Observed = Pick<ShearProblem, 'params' | 'spec' | 'items' | 'inputs'>;

/** One set for each problem: all who ask share its stamps. */
const known = new WeakMap<Observed, Observations>();

/** Observations of simulated items, or of the user's images where there are any; with a pixel spoilt where a fault is asked for. */
export function observationsOf(problem: Observed): Observations {
  let found = known.get(problem);
  if (!found) {
    found = observations(problem);
    known.set(problem, found);
  }
  return found;
}

function observations({ params, spec, items, inputs }: Observed): Observations {
  const sound = soundObservations(params, spec, items, inputs);
  const { spoiltItem } = inputs.faults ?? {};
  if (spoiltItem === undefined) return sound;
  const centre = (spec.ny >> 1) * spec.nx + (spec.nx >> 1);
  return {
    truth: sound.truth,
    data: (index) => {
      const data = sound.data(index);
      if (index === spoiltItem) data[centre] = Number.NaN;
      return data;
    },
  };
}

function soundObservations(
  params: ShearParams,
  spec: ModelSpec,
  items: readonly ItemInfo[],
  inputs: RunInputs,
): Observations {
  const size = spec.nx * spec.ny;
  const images = imagesOf(inputs);
  if (images) {
    return {
      data: (index) => images.pixels.slice(index * size, (index + 1) * size),
      truth: () => undefined,
    };
  }
  const truth = truthImages(params, spec, items);
  return {
    truth,
    data: (index) => {
      const image = truth(index);
      if (params.noiseFree) {
        return Float32Array.from(image);
      }
      const normals = pixelNormals(items[index].seed, size);
      return Float32Array.from(image, (value, i) => value + params.noiseSigma * normals[i]);
    },
  };
}

function truthImages(
  params: ShearParams,
  spec: ModelSpec,
  items: readonly ItemInfo[],
): (index: number) => Float64Array {
  const { nx, ny, pixelScaleArcsec } = spec;
  const { profile, sersicIndex } = params;
  let renderer: TruthRenderer | undefined;
  const cache = new Map<string, Float64Array>();
  return (index) => {
    const { g1, g2, x, y, flux, hlr, e1, e2 } = items[index].truth;
    const key = JSON.stringify([g1, g2, x, y, flux, hlr, e1, e2]);
    let image = cache.get(key);
    if (!image) {
      renderer ??= new TruthRenderer({ nx, ny, profile, sersicIndex, psf: psfOf(params) });
      const galaxy = { flux, g1, g2, e1, e2, hlrPx: hlr / pixelScaleArcsec, xc: x - nx / 2, yc: y - ny / 2 };
      image = renderer.render(galaxy).pixels;
      const [oldest] = cache.keys();
      if (cache.size >= cachedStamps) {
        cache.delete(oldest);
      }
      cache.set(key, image);
    }
    return image;
  };
}
