/** What must be known of a run's texts and model before its results are believed. */
import type { WeightStorage } from '../../nn/transformer/batch.ts';
import type { EncodedText } from '../language-models/encode.ts';
import type { Label } from '../language-models/texts.ts';
import { rangeOf } from './data/positions.ts';
import { newTokensOf, type TextSettings } from './problem.ts';

/** One side has so many times the other's texts, and scores begin to say which side is larger. */
const UNBALANCED = 2;

export function concerns(settings: TextSettings, texts: readonly EncodedText[], storage: WeightStorage): string[] {
  return [
    ...settings.model.warnings,
    ...storageConcerns(settings, storage),
    ...twice(texts),
    ...unbalanced(texts),
    ...onesided(texts),
    ...emptyOnes(settings, texts),
  ];
}

function storageConcerns({ model: { source, name } }: TextSettings, storage: WeightStorage): string[] {
  if (storage === 'f16' && source.types.some((type) => type !== 'F16'))
    return [
      `${name} is stored as ${source.types.join(' and ')}, and halves hold less: what lies beyond ±65,504 is refused, and what is below 6e-8 becomes 0.`,
    ];
  if (storage === 'int8') return [`Bytes with a scale a row change what ${name} writes: compare with f32 first.`];
  return [];
}

/** Texts of equal ids are no two texts: in a vector they count twice, and held out they are known. */
function twice(texts: readonly EncodedText[]): string[] {
  const seen = new Map<string, string>();
  const same: string[] = [];
  for (const { ids, given } of texts) {
    const key = ids.join();
    const first = seen.get(key);
    if (first === undefined) seen.set(key, given.id);
    else same.push(`${first} and ${given.id}`);
  }
  if (same.length === 0) return [];
  const more = same.length > 1 ? `, and ${same.length - 1} more` : '';
  return [`Texts are the same: ${same[0]}${more}. Greedily they come to the same, and held out they are known.`];
}

function unbalanced(texts: readonly EncodedText[]): string[] {
  const count = (label: Label) => texts.filter(({ given }) => given.label === label).length;
  const [positive, negative] = [count('positive'), count('negative')];
  if (positive === 0 && negative === 0) return [];
  if (positive === 0 || negative === 0)
    return [`There are ${positive} positive and ${negative} negative texts: no vector parts one side.`];
  if (Math.max(positive, negative) < UNBALANCED * Math.min(positive, negative)) return [];
  return [`There are ${positive} positive and ${negative} negative texts: give about as many of each.`];
}

/** Questions of one side among others of both: most likely lines of lists that should belong together. */
function onesided(texts: readonly EncodedText[]): string[] {
  const sides = new Map<string, Set<Label>>();
  for (const { given } of texts)
    if (given.label !== 'none') sides.set(given.question, (sides.get(given.question) ?? new Set()).add(given.label));
  const alone = [...sides].filter(([, labels]) => labels.size === 1);
  if (alone.length === 0 || alone.length === sides.size) return [];
  return [
    `${alone.length} of ${sides.size} questions have texts of one side alone, e.g. "${alone[0][0]}". Lines of two lists that stand for one question should have one number.`,
  ];
}

/** Positions without a token, as far as that can be told beforehand; a result says of the others. */
function emptyOnes(settings: TextSettings, texts: readonly EncodedText[]): string[] {
  return settings.positions.flatMap((position) => {
    const empty = texts.filter((text) => {
      const { ids, prompt } = text;
      const most = ids.length - prompt + newTokensOf(settings, text);
      const range = rangeOf(position, prompt, most);
      return range !== undefined && range[0] === range[1];
    });
    if (empty.length === 0) return [];
    const which = empty.length === texts.length ? 'any text' : `${empty.length} texts, e.g. "${empty[0].given.id}"`;
    return [`${position.words} has no token in ${which}: there is no mean to be taken.`];
  });
}
