/** The list of inference problems of a shear run: SHINE's order, seeds and folder names. */

import type { TruthTable } from '../../bundle/truth-table.ts';
import type { ItemInfo } from '../../results/item.ts';
import { normalQuantile } from '../../stats/normal.ts';
import { keyOfSeed, uniform01 } from '../../stats/threefry.ts';
import { truthRows } from '../truth-rows.ts';
import { ConfigError, type RunInputs } from '../workload.ts';
import { imagesOf, truthTableOf } from './files.ts';
import type { ModelSpec, NormalPrior, UniformPrior } from './model-spec.ts';
import type { ShearParams } from './params.ts';
import { checkTruth, truthKeys } from './truth-values.ts';
import { PURPOSE, randomBlock } from './twin/streams.ts';

/** More would only make lists that nothing finishes. */
const maxItems = 1_000_000;
/** The priors' support (`ALGORITHM.md`). */
const MAX_SHEAR_SQUARED = 0.99;
const MAX_ELLIPTICITY_SQUARED = 0.98;

/** Number of items of a run. */
export function itemCount(params: ShearParams, inputs: RunInputs): number {
  const images = imagesOf(inputs);
  if (images) return images.n;
  const { truthSource, realizations, shearGrid } = params;
  return realizations * (truthSource === 'prior' ? 1 : shearGrid.length) * (inTwos(params) ? 2 : 1);
}

/** True where every galaxy comes twice: at ±g, or turned by 90°. */
function inTwos({ truthSource }: ShearParams): boolean {
  return truthSource === 'pairs' || truthSource === 'ring';
}

/** SHINE's folder name, `g1_{g1:+.4f}_g2_{g2:+.4f}_s{seed}`. */
export function shearRunId(g1: number, g2: number, seed: number): string {
  const signed = (g: number) => `${g < 0 ? '-' : '+'}${Math.abs(g).toFixed(4)}`;
  return `g1_${signed(g1)}_g2_${signed(g2)}_s${seed}`;
}

/**
 * The run's items. Simulated ones take the seeds base, base + 1, …; the user's images take the truth table's seeds where it
 * has them. True x and y are pixels from the stamp's corner (its centre is nx/2), hlr is in arcsec.
 * @throws ConfigError for lists that are too long, and for truth tables that do not match the images.
 */
export function shearItems(params: ShearParams, spec: ModelSpec, baseSeed: number, inputs: RunInputs): ItemInfo[] {
  const count = itemCount(params, inputs);
  if (count > maxItems) {
    throw new ConfigError(
      'params.realizations',
      `Realizations (realizations): ${count} items in all are too many; ask for at most ${maxItems} in one run.`,
    );
  }
  const truth = truthTableOf(inputs);
  if (imagesOf(inputs)) {
    return imageItems(count, baseSeed, truth, spec);
  }
  if (truth) {
    throw new ConfigError('truth', `${truth.name} gives true values, but there are no images to go with them.`);
  }
  if (inTwos(params)) {
    checkTwos(params, spec);
  }
  return Array.from({ length: count }, (_, index) => {
    const { seed, truth } = simulatedTruth(params, spec, baseSeed, index);
    return { index, runId: shearRunId(truth.g1, truth.g2, seed), seed, truth };
  });
}

function simulatedTruth(
  params: ShearParams,
  spec: ModelSpec,
  baseSeed: number,
  index: number,
): Pick<ItemInfo, 'seed' | 'truth'> {
  const { truthSource, shearGrid, realizations } = params;
  const seed = baseSeed + index;
  if (truthSource === 'prior') return { seed, truth: priorTruth(params, spec, seed) };
  const galaxy = inTwos(params) ? index >> 1 : index;
  const g1 = shearGrid[Math.floor(galaxy / realizations)];
  if (truthSource === 'grid') return { seed, truth: gridTruth(params, spec, g1, seed) };
  const second = (index & 1) === 1;
  if (truthSource === 'pairs') {
    // One seed for both: the same galaxy, noise and random walk; the sign of the shear tells their folders apart.
    const truth = gridTruth(params, spec, g1, baseSeed + galaxy);
    return {
      seed: baseSeed + galaxy,
      truth: second ? { ...truth, g1: opposite(truth.g1), g2: opposite(truth.g2) } : truth,
    };
  }
  // Twins share the galaxy of the first one's seed and have noise of their own.
  const truth = gridTruth(params, spec, g1, second ? seed - 1 : seed);
  return { seed, truth: second ? { ...truth, e1: opposite(truth.e1), e2: opposite(truth.e2) } : truth };
}

/** The other sign, and zero for zero. */
function opposite(value: number): number {
  return value === 0 ? 0 : -value;
}

function checkTwos({ truthSource, shearGrid, g2, morphology }: ShearParams, { free }: ModelSpec): void {
  if (truthSource === 'pairs' && g2 === 0 && shearGrid.includes(0)) {
    throw new ConfigError(
      'params.shearGrid',
      'True shears g1 (shearGrid): a pair at ±0 is the same image twice. Leave 0 out of the list.',
    );
  }
  if (truthSource === 'ring' && morphology === 'same' && free !== 8) {
    throw new ConfigError(
      'params.truthSource',
      'True shears (truthSource): a galaxy turned by 90° has another ellipticity, which the fit must know or find. Choose a population of galaxies, or fit 8 parameters.',
    );
  }
}

type GalaxyTruth = Readonly<Record<'g1' | 'g2' | 'x' | 'y' | 'flux' | 'hlr' | 'e1' | 'e2', number>>;

function gridTruth(params: ShearParams, spec: ModelSpec, g1: number, seed: number): GalaxyTruth {
  const varied = params.morphology === 'population';
  return { g1, g2: params.g2, x: spec.nx / 2, y: spec.ny / 2, ...morphologyOf(params, spec, seed, varied, varied) };
}

/** Every free parameter from its prior; pairs outside the prior's support (|g|² ≥ 0.99, |e|² ≥ 0.98) are drawn again. */
function priorTruth(params: ShearParams, spec: ModelSpec, seed: number): ItemInfo['truth'] {
  const { prior, nx, ny, free } = spec;
  const draw = truthDraws(seed);
  const [g1, g2] = draw.pair(0, prior.g1, prior.g2, MAX_SHEAR_SQUARED);
  const varied = params.morphology === 'population';
  const morphology = morphologyOf(params, spec, seed, varied || free >= 6, varied || free === 8);
  return { g1, g2, x: nx / 2 + draw.flat(2, prior.x), y: ny / 2 + draw.flat(3, prior.y), ...morphology };
}

/** Flux, size (arcsec) and ellipticity of a galaxy: the configured ones, or drawn from their priors, which are the population. */
function morphologyOf(params: ShearParams, spec: ModelSpec, seed: number, sizeVaries: boolean, shapeVaries: boolean) {
  const { logFlux, logHlrPx, e } = spec.prior;
  const draw = truthDraws(seed);
  const shape = { mean: 0, sigma: e.sigma };
  const [e1, e2] = shapeVaries ? draw.pair(6, shape, shape, MAX_ELLIPTICITY_SQUARED) : [params.e1, params.e2];
  return {
    flux: sizeVaries ? Math.exp(draw.normal(4, logFlux)) : params.flux,
    hlr: sizeVaries ? params.pixelScaleArcsec * Math.exp(draw.normal(5, logHlrPx)) : params.halfLightRadiusArcsec,
    e1,
    e2,
  };
}

/** Random numbers of a truth by parameter: 0 g1, 1 g2, 2 x, 3 y, 4 flux, 5 hlr, 6 e1, 7 e2 (`ALGORITHM.md`, purpose 17). */
function truthDraws(seed: number) {
  const key = keyOfSeed(seed);
  const uniform = (i: number, attempt = 0) => uniform01(randomBlock(key, attempt, 0, i >> 1, PURPOSE.truth)[i & 1]);
  const normal = (i: number, { mean, sigma }: NormalPrior, attempt = 0) =>
    mean + sigma * normalQuantile(uniform(i, attempt));
  const flat = (i: number, { low, high }: UniformPrior) => low + (high - low) * uniform(i);
  /** Drawn again until the squares sum to less than `limit`. */
  const pair = (i: number, first: NormalPrior, second: NormalPrior, limit: number): [number, number] => {
    for (let attempt = 0; ; attempt++) {
      const values: [number, number] = [normal(i, first, attempt), normal(i + 1, second, attempt)];
      if (values[0] ** 2 + values[1] ** 2 < limit) return values;
    }
  };
  return { normal, flat, pair };
}

function imageItems(count: number, baseSeed: number, table: TruthTable | undefined, spec: ModelSpec): ItemInfo[] {
  const of = { file: 'the image file', one: 'image', many: 'images' };
  const rows = table && truthRows(table, count, truthKeys, of);
  const items = Array.from({ length: count }, (_, index) => {
    const row = rows?.[index] ?? {};
    if (table) checkTruth(table, row, index, spec);
    const seed = row.seed ?? baseSeed + index;
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new ConfigError('truth', `${table?.name}: the seed ${seed} of image ${index} is no whole number from 0.`);
    }
    const truth = Object.fromEntries(truthKeys.filter((key) => row[key] !== undefined).map((key) => [key, row[key]]));
    const runId =
      row.g1 !== undefined && row.g2 !== undefined
        ? shearRunId(row.g1, row.g2, seed)
        : `image_${String(index).padStart(4, '0')}_s${seed}`;
    return { index, runId, seed, truth };
  });
  const seen = new Map<string, number>();
  for (const { runId, index } of items) {
    const earlier = seen.get(runId);
    if (earlier !== undefined) {
      throw new ConfigError(
        'truth',
        `${table?.name}: images ${earlier} and ${index} have the same shear and seed, so their results would share the folder ${runId}. Give each row a seed of its own.`,
      );
    }
    seen.set(runId, index);
  }
  return items;
}
