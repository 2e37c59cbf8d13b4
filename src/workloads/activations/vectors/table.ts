/**
 * The table of vectors: every position, component, layer and method with scores on questions that it has not seen, and controls. It comes cell
 * by cell, since some hundred of them with some twenty fits each take a while.
 */
import { StatsInputError } from '../../../stats/errors.ts';
import { cellOf, controlQuestion, SLOW, scored } from './cell.ts';
import { firstComponentControl, lengthControl, randomControl, shuffledControl } from './controls.ts';
import { type Folds, foldsOf, questionsOf } from './folds.ts';
import { type FittedTable, GrowingTable, type VectorNews } from './growing-table.ts';
import { chooseLayer, type LayerCandidate } from './inner.ts';
import type {
  ChosenLayer,
  Control,
  FittedVector,
  Method,
  PooledActivations,
  PooledPart,
  VectorOptions,
  VectorScore,
} from './types.ts';

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
