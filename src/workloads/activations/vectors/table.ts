/**
 * The table of vectors: every position, component, layer and method with scores on questions that it has not seen, and controls. It comes cell
 * by cell, since some hundred of them with some twenty fits each take a while.
 */
import { cosine, meanDifference, unit } from '../../../stats/classification/directions.ts';
import { norm, projections } from '../../../stats/classification/products.ts';
import { accuracyAt, midpoint } from '../../../stats/classification/separation.ts';
import { StatsInputError } from '../../../stats/errors.ts';
import {
  type ControlQuestion,
  firstComponentControl,
  lengthControl,
  randomControl,
  shuffledControl,
} from './controls.ts';
import { type Direction, fitDirection, LayerRows } from './fit.ts';
import { type Folds, foldsOf, questionsOf } from './folds.ts';
import { type FittedTable, GrowingTable, type VectorNews } from './growing-table.ts';
import { chooseLayer, innerAucs, type LayerCandidate } from './inner.ts';
import { foldScores, judged, textsOf } from './judge.ts';
import { layerRows, massiveDimensions } from './massive.ts';
import type {
  ChosenLayer,
  Control,
  FittedVector,
  MassiveDimension,
  Method,
  PooledActivations,
  PooledPart,
  VectorOptions,
  VectorScore,
} from './types.ts';

const SLOW: readonly Method[] = ['ica', 'rfm'];
const QUIET = { scores: [], vectors: [], controls: [], choices: [], massive: [], notes: [] };

/**
 * Tells of every cell as it is done. Ends early where the one who asks stops asking.
 * @throws RangeError where texts and activations do not fit, or there is nothing to part (see `foldsOf`)
 */
export async function* vectorNews(
  pooled: PooledActivations,
  options: VectorOptions,
  pause: () => Promise<void>,
): AsyncGenerator<VectorNews, void> {
  const folds = foldsOf(pooled.y, pooled.question, options.folds);
  const of = pooled.parts.reduce((sum, part) => sum + layersOf(part, options).length, 0);
  let done = 0;
  const told = (news: Partial<VectorNews>): VectorNews => ({ ...QUIET, ...news, done, of });
  yield told({ notes: openingNotes(pooled, folds, options) });
  for (const part of pooled.parts) {
    requireSize(pooled, part);
    const { position, component } = part;
    const at = { position, component };
    const { y, question, length } = pooled;
    const { seed } = options;
    const scores: VectorScore[] = [];
    const candidates = new Map<Method, LayerCandidate[]>();
    const words = pooled.parts.find((each) => each.component === 'residual' && each.position === position);
    const ofLength = { ...at, name: 'text length' as const, ...lengthControl({ y, question, folds, seed, length }) };
    const ofWords = words && {
      ...at,
      name: 'words alone' as const,
      layer: 0,
      ...wordsControl(words, pooled, folds, options),
    };
    yield told({ controls: [ofLength, ...(ofWords ? [ofWords] : [])] });
    for (const layer of layersOf(part, options)) {
      const cell = cellOf(part, layer, pooled, folds, options);
      const vectors: FittedVector[] = [];
      const own: VectorScore[] = [];
      for (const method of options.methods.filter((each) => !SLOW.includes(each))) {
        await pause();
        const { score, vector, candidate } = scored(cell, method);
        own.push(score);
        vectors.push(vector);
        // What lies before the first block are the words themselves: a control, and nothing to steer behind.
        if (candidate && !(component === 'residual' && layer === 0))
          candidates.set(method, [...(candidates.get(method) ?? []), candidate]);
      }
      await pause();
      const question = controlQuestion(cell);
      const controls: Control[] = [
        { ...at, name: 'labels shuffled', layer, ...shuffledControl(question) },
        { ...at, name: 'random direction', layer, ...randomControl(question) },
      ];
      done++;
      scores.push(...own);
      yield told({ scores: own, vectors, controls, massive: cell.massive });
    }
    const choices = [...candidates].map(([method, own]) => ({ ...at, method, ...chooseLayer(folds, y, own) }));
    const marked = scores.map((score) => ({
      ...score,
      chosen: choices.some(({ method, layer }) => method === score.method && layer === score.layer),
    }));
    yield told({ choices, scores: marked });
    yield* slowNews({ part, pooled, folds, options, choices, told, pause });
  }
}

/** ICA and RFM: at the layers that were asked for, else at the one that the best of the other methods chose. */
async function* slowNews(asked: {
  readonly part: PooledPart;
  readonly pooled: PooledActivations;
  readonly folds: Folds;
  readonly options: VectorOptions;
  readonly choices: readonly ChosenLayer[];
  readonly told: (news: Partial<VectorNews>) => VectorNews;
  readonly pause: () => Promise<void>;
}): AsyncGenerator<VectorNews, void> {
  const { part, pooled, folds, options, choices, told, pause } = asked;
  const methods = options.methods.filter((method) => SLOW.includes(method));
  if (methods.length === 0) return;
  const best = choices.reduce<ChosenLayer | undefined>(
    (most, each) => (!most || each.innerAuc > most.innerAuc ? each : most),
    undefined,
  );
  const layers = options.layers ? layersOf(part, options) : [best?.layer ?? part.entries - 1];
  for (const layer of layers) {
    const cell = cellOf(part, layer, pooled, folds, options);
    for (const method of methods) {
      await pause();
      try {
        const { score, vector } = scored(cell, method);
        const { position, component } = part;
        const controls: Control[] =
          method === 'ica'
            ? [{ name: 'ICA component 0', position, component, layer, ...firstComponentControl(controlQuestion(cell)) }]
            : [];
        yield told({ scores: [{ ...score, chosen: layer === best?.layer }], vectors: [vector], controls });
      } catch (error) {
        if (!(error instanceof StatsInputError)) throw error;
        yield told({ notes: [`${method} at layer ${layer} of ${part.component}: ${error.message}`] });
      }
    }
  }
}

/** Entries that are asked for. */
function layersOf({ component, entries }: PooledPart, { layers }: VectorOptions): readonly number[] {
  const all = Array.from({ length: entries }, (_, entry) => entry);
  return layers ? all.filter((entry) => layers.includes(component === 'residual' ? entry - 1 : entry)) : all;
}

interface Cell {
  readonly part: PooledPart;
  readonly layer: number;
  readonly rows: LayerRows;
  readonly massive: readonly MassiveDimension[];
  readonly pooled: PooledActivations;
  readonly folds: Folds;
  readonly options: VectorOptions;
  /** Of the activations as they are, what is massive included. */
  readonly activationNorm: number;
}

function cellOf(
  part: PooledPart,
  layer: number,
  pooled: PooledActivations,
  folds: Folds,
  options: VectorOptions,
): Cell {
  const { n } = pooled;
  const x = layerRows(part, layer);
  const d = part.width;
  const massive = massiveDimensions(x, n, { component: part.component, layer });
  let activationNorm = 0;
  for (let i = 0; i < n; i++) activationNorm += norm(x.subarray(i * d, (i + 1) * d)) / n;
  if (options.zeroMassive) for (const { dimension } of massive) for (let i = 0; i < n; i++) x[i * d + dimension] = 0;
  return { part, layer, rows: new LayerRows(x, n, options.rows), massive, pooled, folds, options, activationNorm };
}

function scored(cell: Cell, method: Method): { score: VectorScore; vector: FittedVector; candidate?: LayerCandidate } {
  const { part, layer, rows, pooled, folds, options, activationNorm } = cell;
  const { y } = pooled;
  const fitted = (texts: readonly number[], fold?: number): Direction => {
    const validation = method === 'rfm' ? aside(folds, texts, fold) : [];
    return fitDirection(method, { rows, y, texts, validation, seed: options.seed });
  };
  const fits = foldScores(folds, y, rows.x, fitted);
  const all = textsOf(folds, () => true);
  const { vector, norm: length } = fitted(all);
  const sample = { scores: projections(rows.x, vector), labels: y };
  const baseline = midpoint(sample);
  const { position, component } = part;
  const at = { position, component, layer, method };
  return {
    score: {
      ...at,
      norm: length,
      cosine: cosine(vector, unit(meanDifference(rows.x, y))),
      ...judged(folds, y, fits),
      chosen: false,
    },
    vector: {
      ...at,
      ...{ norm: length, baseline, activationNorm },
      vector: Float32Array.from(vector),
      trainAccuracy: accuracyAt(sample, baseline),
    },
    ...(!SLOW.includes(method) &&
      method !== 'random' && { candidate: { layer, fits, inner: innerAucs(folds, y, rows.x, fits, fitted) } }),
  };
}

/** Of the training part, the fold behind the one that is held out: by it RFM chooses among its settings. */
function aside(folds: Folds, texts: readonly number[], fold = -1): number[] {
  const next = (fold + 1) % folds.count;
  return texts.filter((text) => folds.of[text] === next);
}

function controlQuestion({ rows, pooled: { y, question }, folds, options: { seed } }: Cell): ControlQuestion {
  return { rows, y, question, folds, seed };
}

/** The probe before the first block: what words alone give, at any layer of any component. */
function wordsControl(words: PooledPart, pooled: PooledActivations, folds: Folds, options: VectorOptions) {
  const { score } = scored(cellOf(words, 0, pooled, folds, options), 'probe');
  return { heldOut: score.heldOut, train: score.train };
}

function openingNotes({ y, question }: PooledActivations, { count }: Folds, options: VectorOptions): string[] {
  const questions = questionsOf(y, question);
  const notes = [`Intervals are DeLong's at 95 % and take texts as independent of each other.`];
  if (options.methods.includes('gradient'))
    notes.push(
      'The loss of gradient has one optimum, the unit mean difference: its cosine with that says how near a hundred steps come.',
    );
  if (count < options.folds)
    notes.push(`There are questions for ${count} parts of both classes alone, not for ${options.folds}.`);
  if (count === 2)
    notes.push('With two parts a layer is chosen by what it was fitted to, which favours layers that learn by heart.');
  if (questions.every(({ kind }) => kind !== 'both'))
    notes.push('No question has texts of both classes: labels are shuffled among questions as wholes.');
  return notes;
}

function requireSize({ n, y, question, length }: PooledActivations, part: PooledPart): void {
  const wanted = n * part.entries * part.width;
  if (part.values.length !== wanted || y.length !== n || question.length !== n || length.length !== n)
    throw new RangeError(
      `${part.component} at ${part.position} has ${part.values.length} numbers; ${n} texts × ${part.entries} layers × ${part.width} are ${wanted}`,
    );
}

/** The whole table at once. */
export async function vectorTable(
  pooled: PooledActivations,
  options: VectorOptions,
  pause: () => Promise<void> = async () => undefined,
): Promise<FittedTable> {
  const table = new GrowingTable(pooled, options);
  for await (const news of vectorNews(pooled, options, pause)) table.add(news);
  return table.now;
}
