/** How finely and how far a scene must be sampled in Fourier space so that rendering adds no error that matters. */

/** The scene in one dimension: Fourier amplitudes bound from above along any direction, and brightness per px². */
export interface SceneExtent {
  /** Amplitude at wave number k (1/px), for flux 1, along the direction in which it falls slowest. */
  amplitude(k: number): number;
  /** Same, for the unsheared scene. */
  roundAmplitude(k: number): number;
  /** Surface brightness of galaxy and of PSF at distance r (px) along the direction in which they fall slowest. */
  readonly brightness: readonly ((r: number) => number)[];
  /** Half of the stamp plus the source's offset, px. */
  readonly halfExtentPx: number;
}

export interface Sampling {
  /** Wave number beyond which the scene is cut off, 1/px. */
  readonly kMax: number;
  /** Side of the periodic grid, px: a power of two. */
  readonly size: number;
  /** Brightness that the nearest periodic image adds at the stamp's edge, relative to the peak. */
  readonly periodicImage: number;
}

/** Amplitudes are dropped where k² F falls below this fraction of its largest value. */
const amplitudeTolerance = 1e-13;
/** The neighbouring periodic images must be fainter than this fraction of the peak. */
const imageTolerance = 1e-10;
const minSize = 64;
/** Steep profiles (Sérsic n > 4, Moffat β < 2) would ask for more; `periodicImage` then tells what is left. */
const maxSize = 2048;
/** Ratio of the wave numbers at which the scene is probed. */
const probeRatio = 1.02;

/** Chooses the cut-off and the periodic grid for a scene. */
export function chooseSampling(scene: SceneExtent): Sampling {
  const kMax = cutoff(scene);
  const peak = peakBrightness(scene, kMax);
  const reach = Math.hypot(...scene.brightness.map((brightness) => radiusBelow(brightness, imageTolerance * peak)));
  let size = minSize;
  while (size < maxSize && size < scene.halfExtentPx + reach) {
    size *= 2;
  }
  const gap = size - scene.halfExtentPx;
  const periodicImage = Math.max(...scene.brightness.map((brightness) => brightness(gap))) / peak;
  return { kMax, size, periodicImage };
}

function cutoff(scene: SceneExtent): number {
  let largest = 0;
  let k = 1e-3;
  for (; k < 1e4; k *= probeRatio) {
    const weight = k * k * scene.amplitude(k);
    largest = Math.max(largest, weight);
    if (weight < amplitudeTolerance * largest) {
      return k;
    }
  }
  return k;
}

/** Central brightness of the round scene per px², (1/2π) ∫ k F dk, good to a few per cent. */
function peakBrightness(scene: SceneExtent, kMax: number): number {
  let sum = 0;
  for (let k = 1e-3; k < kMax; k *= probeRatio) {
    sum += k * k * scene.roundAmplitude(k) * Math.log(probeRatio);
  }
  return sum / (2 * Math.PI);
}

/** Smallest radius (px, to 2 %) at which a falling brightness is below `limit`. */
function radiusBelow(brightness: (r: number) => number, limit: number): number {
  let r = 0.1;
  while (brightness(r) > limit && r < 1e6) {
    r *= probeRatio;
  }
  return r;
}
