/** Trait vectors from a finished run, in turns with whatever else the worker does; they are kept for those that steer and trace. */

import { NotNowError } from '../../../worker/errors.ts';
import type { Job, JobSetting } from '../../../worker/jobs.ts';
import { ConfigError } from '../../workload.ts';
import { layerName, positionFolder } from '../vectors/files/names.ts';
import { controlVector, vectorNpy, vectorSafetensors } from '../vectors/files/vector-file.ts';
import { GrowingTable } from '../vectors/growing-table.ts';
import { vectorNews } from '../vectors/table.ts';
import { METHODS, type PooledActivations, VECTOR_OPTIONS, type VectorOptions } from '../vectors/types.ts';
import { fittedVectors } from './fitted-vectors.ts';
import type {
  SavedVector,
  VectorFormat,
  VectorPlace,
  VectorsEvent,
  VectorsTypes,
  VectorsWish,
} from './vector-types.ts';

/** So long before others of the worker have their turn, ms. */
const TURN_MS = 40;
/** Family of a model of which nothing was said; repeng and llama.cpp show it and go by nothing in it. */
const UNKNOWN = 'unknown';

export function vectorsJob({ post }: JobSetting): Job<VectorsTypes> {
  let family = UNKNOWN;
  return {
    async start(wish, signal) {
      const [pooled, options] = [pooledOf(wish), optionsOf(wish)];
      const table = begun(pooled, options);
      fittedVectors.forget();
      family = wish.family ?? UNKNOWN;
      let turn = performance.now();
      const others = async () => {
        if (performance.now() - turn < TURN_MS) return;
        await new Promise((resolve) => setTimeout(resolve));
        turn = performance.now();
        signal.throwIfAborted();
      };
      const tell = (event: VectorsEvent) => post(event);
      try {
        for await (const news of vectorNews(pooled, options, others)) {
          table.add(news);
          fittedVectors.add(news.vectors);
          // Those that come with choices have been told; which are chosen the reply says.
          if (news.scores.length > 0 && news.choices.length === 0) tell({ type: 'scores', scores: news.scores });
          if (news.controls.length > 0) tell({ type: 'controls', controls: news.controls });
          if (news.massive.length > 0) tell({ type: 'massive', massive: table.now.table.massive });
          tell({ type: 'progress', what: 'Fitting vectors', done: news.done, of: news.of });
          await others();
        }
      } catch (error) {
        // Stopped: the table as far as it has come is what there is.
        if (!signal.aborted) throw error;
      }
      return { reply: table.now.table };
    },
    messages: { save: (place, format, unit) => saved(place, format, unit, family) },
  };
}

function begun(pooled: PooledActivations, options: VectorOptions): GrowingTable {
  try {
    return new GrowingTable(pooled, options);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ConfigError('trait', `${error.message}.`);
  }
}

/** Numbers in place of the questions' names. */
export function pooledOf({ arrays, y, question, length }: VectorsWish): PooledActivations {
  const numbers = new Map<string, number>();
  for (const name of question) if (!numbers.has(name)) numbers.set(name, numbers.size);
  return {
    n: y.length,
    y,
    question: Uint32Array.from(question, (name) => numbers.get(name)!),
    length,
    parts: arrays.map(({ position, component, layers, d, values }) => ({
      ...{ position, component, values },
      entries: layers,
      width: d,
    })),
  };
}

function optionsOf({ methods, zeroMassive, rows, folds, seed }: VectorsWish): VectorOptions {
  return {
    methods: methods ?? METHODS.filter((method) => method !== 'rfm'),
    rows: rows ?? VECTOR_OPTIONS.rows,
    zeroMassive: zeroMassive ?? VECTOR_OPTIONS.zeroMassive,
    folds: folds ?? VECTOR_OPTIONS.folds,
    seed,
  };
}

/** @throws NotNowError where it has not been fitted, or the format has no place for it */
function saved(place: VectorPlace, format: VectorFormat, unit: boolean, family: string): SavedVector {
  const fitted = fittedVectors.find(place);
  if (!fitted) throw new NotNowError('That vector has not been fitted.', 'Fit the vectors of a finished run first.');
  const { position, component, layer, method } = place;
  const name = [positionFolder(position), component, method].join('-');
  const one = `${name}-${layerName(component, layer)}.${format}`;
  switch (format) {
    case 'safetensors':
      return { name: one, bytes: vectorSafetensors(fitted, unit) };
    case 'npy':
      return { name: one, bytes: vectorNpy(fitted, unit) };
    case 'gguf':
      try {
        return { name: `${name}.gguf`, bytes: controlVector(fittedVectors.acrossLayers(place), family, unit) };
      } catch (error) {
        if (error instanceof RangeError) throw new NotNowError(error.message, 'Save it as safetensors.');
        throw error;
      }
  }
}
