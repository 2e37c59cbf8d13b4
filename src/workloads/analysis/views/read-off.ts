/** What a reader may say of one text: which tokens and which heads counted, and how sure that is. */
import { capital, plain, withError } from '../../../ui/format.ts';
import type { Headline } from '../metrics/metric.ts';
import { type Arrays, largestAt, type Numbers } from './arrays.ts';
import { explainedWords } from './explained.ts';
import { controlWords, headlineWords, headWords, partWords, quoted } from './words.ts';

/** A finding, and what says how far to trust it. */
export interface Finding {
  readonly about: string;
  readonly says: string;
  readonly sure: string;
}

/** A finished metric as far as it is needed here. */
export interface Source {
  readonly arrays: Arrays;
  readonly headlines: readonly Headline[];
  /** Names of the parts of a logit, where it is taken apart. */
  readonly parts?: readonly string[];
}

export interface Sources {
  readonly ig?: Source;
  readonly layers?: Source;
  readonly ablation?: Source;
  readonly attention?: Source;
}

/** Named in a sentence. */
const TOP = 3;
/** Of f(e) − f(b): above it attributions do not add up. */
const COMPLETE = 0.01;

const number = (value: number) => (value > 0 ? `+${plain(value, 3)}` : plain(value, 3));
const headline = ({ headlines }: Source, key: string) => headlines.find((each) => each.key === key);

/** Places of the largest sizes, the largest first. */
function largest(values: Numbers, count: number): number[] {
  return Array.from(values, (_, i) => i)
    .filter((i) => Number.isFinite(values[i]))
    .sort((a, b) => Math.abs(values[b]) - Math.abs(values[a]))
    .slice(0, count);
}

/** @param words of the text @param text its place among the metrics' */
export function readOff(
  { ig, layers, ablation, attention }: Sources,
  words: readonly string[],
  text: number,
): Finding[] {
  const findings: Finding[] = [];
  if (ig && text < ig.arrays.size('length', 'item')) findings.push(tokensOf(ig, words, text));
  if (layers && text < layers.arrays.size('length', 'item')) findings.push(partsOf(layers, text));
  else if (
    attention &&
    ig &&
    text < attention.arrays.size('patterns', 'shown') &&
    text < ig.arrays.size('length', 'item') &&
    // The first token has none before it to look at.
    ig.arrays.number('position', text) > 0
  )
    findings.push(lookingOf(attention, ig, words, text));
  if (ablation) {
    const needed = headline(ablation, 'head');
    if (needed) findings.push(neededOf(needed));
  }
  return findings;
}

function tokensOf(ig: Source, words: readonly string[], text: number): Finding {
  const { arrays } = ig;
  const length = arrays.number('length', text);
  const values = Array.from(arrays.of('attribution', text)).slice(0, length);
  const all = values.reduce((sum, value) => sum + Math.abs(value), 0);
  const top = largest(values, TOP);
  const share = top.reduce((sum, i) => sum + Math.abs(values[i]), 0) / all;
  const change = arrays.number('f', text, 0) - arrays.number('f', text, 1);
  const delta = Math.abs(arrays.number('residual', text) / change);
  const named = top.map((i) => `${quoted(words[i])} at ${i} (${number(values[i])})`).join(', ');
  const untaught = headline(ig, 'untaughtRank');
  return {
    about: 'Tokens',
    says: `Of the ${explainedWords(words, arrays.number('position', text))}, ${named} ${top.length === 1 ? 'counts' : 'count'} most: ${Math.round(100 * share)} % of all that tokens add or take.`,
    sure:
      `What tokens add sums to ${number(change)}, the distance from the baseline, to within ${plain(100 * delta, 2)} %` +
      `${delta > COMPLETE ? ': too far off to be believed; take more steps.' : '.'}` +
      untaughtWords(untaught),
  };
}

/** From there on two rankings are told as much the same. */
const ALIKE = 0.5;

/** Whether tokens rank as they do for a model that has learnt nothing. */
function untaughtWords(rank: Headline | undefined): string {
  if (!rank || !Number.isFinite(rank.value)) return '';
  const rho = `ρ = ${headlineWords(rank)} over texts`;
  return rank.value < ALIKE
    ? ` With weights drawn anew tokens rank otherwise: ${rho}, 1 would be alike.`
    : ` With weights drawn anew tokens rank much the same (${rho}): the ranking says little of what was learnt.`;
}

function partsOf(layers: Source, text: number): Finding {
  const { arrays, parts = [] } = layers;
  const direct = arrays.of('direct', text);
  const mean = arrays.of('direct_mean_logit', text);
  const heads = parts.map((part, i) => (part.startsWith('head_') ? direct[i] : Number.NaN));
  const top = largest(heads, TOP);
  const mlps = largest(
    parts.map((part, i) => (part.startsWith('mlp_') ? direct[i] : Number.NaN)),
    1,
  );
  const exact = headline(layers, 'directError');
  return {
    about: 'Heads',
    says:
      `${capital(top.map((i) => `${partWords(parts[i])} (${number(direct[i])})`).join(', '))} write most of its logit straight` +
      `${mlps.length > 0 ? `; of the MLPs ${partWords(parts[mlps[0]])} (${number(direct[mlps[0]])})` : ''}.`,
    sure:
      `The parts sum to the logit of ${plain(arrays.number('logit', text))}${exact ? `, to within ${plain(exact.value, 2)} for every text` : ''}. ` +
      `To the mean of all tokens ${partWords(parts[top[0]])} adds ${number(mean[top[0]])}: only the difference is about this token.`,
  };
}

function lookingOf(attention: Source, ig: Source, words: readonly string[], text: number): Finding {
  const { arrays } = attention;
  const position = ig.arrays.number('position', text);
  const length = ig.arrays.number('length', text);
  const [token] = largest(Array.from(ig.arrays.of('attribution', text)).slice(0, Math.min(length, position)), 1);
  const [layers, heads] = [arrays.size('patterns', 'layer'), arrays.size('patterns', 'head')];
  const looks = Array.from({ length: layers * heads }, (_, at) =>
    arrays.number('patterns', text, Math.floor(at / heads), at % heads, position, token),
  );
  const most = largestAt(looks);
  const even = 1 / (position + 1);
  return {
    about: 'Heads',
    says: `From there ${headWords(Math.floor(most / heads), most % heads)} looks hardest at ${quoted(words[token])}: ${plain(looks[most], 2)} of its attention.`,
    sure: `Even attention would be ${plain(even, 2)}. Looking is not using: Layer attribution and Ablation say what a head does.`,
  };
}

function neededOf({ name, value, error, unit, control }: Headline): Finding {
  const of = error ? withError(value, error.value) : plain(value);
  return {
    about: 'Needed',
    says: `Over all texts: ${name}: ${of}${unit ? ` ${unit}` : ''}.`,
    sure: [error && `± is one standard error, ${error.of}.`, control && `${capital(controlWords({ control }))}.`]
      .filter(Boolean)
      .join(' '),
  };
}
