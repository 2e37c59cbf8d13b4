/** Which heads find what followed the same token before, on texts that repeat themselves. */
import {
  duplicateTokenScore,
  inductionScore,
  tensorScopeInduction,
  tensorScopeInductionSums,
} from '../../../stats/attention/induction.ts';
import { bootstrapColumns } from '../../../stats/resampling/bootstrap-columns.ts';
import { takesIds } from './common/items.ts';
import { arraysOf, bootstrapOptions, largestAt, layout, meanHeadline, meanOf } from './common/outcome.ts';
import { type Count, type Phase, State, walk, workOf } from './common/pieces.ts';
import { addressed } from './common/randoms.ts';
import type { Metric, MetricOutcome, MetricSetting, MetricTask } from './metric.ts';

/** |r| at most, as TransformerLens' texts have it. */
const LONGEST_COPY = 50;
/** Of a head, in the order of the arrays. */
const SCORES = ['induction', 'previous', 'duplicate'] as const;
/** What each text is read for: its repetition, and the same with another second half. */
const KINDS = ['repeated', 'other'] as const;

export interface CopyText {
  readonly ids: readonly number[];
  /** Where the first copy begins. */
  readonly start: number;
  readonly period: number;
}

/** |r|: as long as the context and the vocabulary allow. */
export function periodOf({ graph, bosId, padId }: MetricSetting): number {
  const vocabulary = graph.input.kind === 'tokens' ? graph.input.vocabulary : 0;
  const start = bosId === undefined ? 0 : 1;
  const tokens = vocabulary - new Set([padId, ...(bosId === undefined ? [] : [bosId])]).size;
  return Math.min(LONGEST_COPY, Math.floor((graph.positions - start) / 2), Math.floor(tokens / 2));
}

/** BOS r r and BOS r r′ of text `at`: tokens of r and r′ are drawn without replacement, neither BOS nor pad among them. */
export function copyTexts(setting: MetricSetting, at: number): Readonly<Record<(typeof KINDS)[number], CopyText>> {
  const { graph, bosId, padId, seed } = setting;
  const vocabulary = graph.input.kind === 'tokens' ? graph.input.vocabulary : 0;
  const period = periodOf(setting);
  const words = addressed(seed, 'copies', at);
  const taken = new Set<number>();
  while (taken.size < 2 * period) {
    const id = Math.floor(words.word() * 2 ** -32 * vocabulary);
    if (id !== padId && id !== bosId) taken.add(id);
  }
  const [r, other] = [[...taken].slice(0, period), [...taken].slice(period)];
  const first = bosId === undefined ? [] : [bosId];
  const text = (second: readonly number[]): CopyText => ({
    ids: [...first, ...r, ...second],
    start: first.length,
    period,
  });
  return { repeated: text(r), other: text(other) };
}

function counts({ sizes }: MetricSetting): Record<'texts', Count> {
  return { texts: { units: KINDS.length * sizes.inductionTexts, work: 1 } };
}

export const induction: Metric = {
  id: 'induction',
  family: 'attention',
  title: 'Induction heads',
  definition:
    'On texts BOS r r, r random tokens, the mean over the second copy of a[t, t − |r| + 1], the attention on what followed the same token before (Olsson et al. 2022). Beside it a[t, t − 1] (previous token, t ≥ 1) and a[t, t − |r|] over the second copy (duplicate token), and the loss of both copies. The null is BOS r r′ with other tokens r′.',
  chunk: 'analysis.attentionChunk',
  items: 'analysis.attentionItems',
  lighter: 'lower the number of made texts; the error grows as one over the square root of it',
  objection: (setting) => {
    if (!takesIds(setting.graph) || setting.graph.blocks.length === 0)
      return 'It measures attention, and this network has no attention and no tokens.';
    if (periodOf(setting) < 2) return 'The context or the vocabulary is too small for a text that repeats two tokens.';
    return undefined;
  },
  machine: (setting) => ({
    graph: setting.graph,
    rows: setting.rows,
    length: 2 * periodOf(setting) + (setting.bosId === undefined ? 0 : 1),
    vectors: [],
    backward: false,
    parameterGradients: false,
    tangents: false,
    adjoints: [],
  }),
  layout: (setting) => {
    const { graph, sizes } = setting;
    const heads = { layer: graph.layers, head: graph.heads, score: SCORES.length };
    const text = { text: sizes.inductionTexts };
    return [
      layout('induction', 'scores', { ...text, kind: KINDS.length, ...heads }),
      layout('induction', 'mean', { kind: KINDS.length, ...heads }),
      layout('induction', 'error', { kind: KINDS.length, ...heads }),
      layout('induction', 'losses', { ...text, kind: KINDS.length, copy: 2 }, 'nats'),
      layout('induction', 'theirs', { layer: graph.layers, head: graph.heads }),
    ];
  },
  work: (setting) => workOf(counts(setting)),
  run: (task) => measureTexts(task, (at) => copyTexts(task.setting, at)),
};

/** @param texts the texts of each place; as long as the setting's own */
export async function* measureTexts(
  { setting, machine, saved }: MetricTask,
  texts: (at: number) => Readonly<Record<(typeof KINDS)[number], CopyText>>,
) {
  const { graph, rows } = setting;
  const { layers, heads } = graph;
  const each = layers * heads * SCORES.length;
  const count = counts(setting);
  const state = new State();
  const scores = state.of('scores', count.texts.units * each);
  const losses = state.of('losses', count.texts.units * 2);
  const theirs = state.of('theirs', layers * heads * 2);
  const phases: readonly Phase[] = [
    {
      ...count.texts,
      async piece(from, most) {
        const own = Array.from({ length: most }, (_, r) => {
          const unit = from + r;
          return texts(Math.floor(unit / KINDS.length))[KINDS[unit % KINDS.length]];
        });
        await machine.forward({ ids: own.map(({ ids }) => ids) });
        const lost = await machine.losses();
        const patterns = [];
        for (let l = 0; l < layers; l++) patterns.push(await machine.patterns(l));
        for (const [r, text] of own.entries()) {
          losses.set(copyLosses(lost[r], text), (from + r) * 2);
          for (let head = 0; head < layers * heads; head++) {
            const n = text.ids.length;
            const at = (head % heads) * n * n;
            const pattern = patterns[Math.floor(head / heads)][r].subarray(at, at + n * n);
            scores.set(scoresOf(pattern, text), (from + r) * each + head * SCORES.length);
            if (!setting.origin || (from + r) % KINDS.length > 0) continue;
            const { copied, matched } = tensorScopeInductionSums(pattern, n, text.ids);
            theirs[2 * head] += copied;
            theirs[2 * head + 1] += matched;
          }
        }
        return most;
      },
    },
  ];
  yield* walk(phases, state, rows, saved);
  return outcomeOf(setting, scores, losses, theirs);
}

function scoresOf(pattern: ArrayLike<number>, { ids, period, start }: CopyText): number[] {
  const n = ids.length;
  let previous = 0;
  for (let t = 1; t < n; t++) previous += pattern[t * n + t - 1] / (n - 1);
  return [inductionScore(pattern, n, period, start), previous, duplicateTokenScore(pattern, n, period, start)];
}

/** Mean loss of the tokens of each copy but its first, which nothing foretells. */
function copyLosses(losses: ArrayLike<number>, { period, start }: CopyText): [number, number] {
  const mean = (from: number) => {
    let sum = 0;
    for (let t = from; t < from + period - 1; t++) sum += losses[t] / (period - 1);
    return sum;
  };
  return [mean(start), mean(start + period)];
}

function outcomeOf(
  setting: MetricSetting,
  scores: Float64Array,
  losses: Float64Array,
  theirs: Float64Array,
): MetricOutcome {
  const { graph, sizes } = setting;
  const texts = sizes.inductionTexts;
  const all = graph.layers * graph.heads;
  const columns = KINDS.length * all * SCORES.length;
  const { estimate, error } = bootstrapColumns(
    texts,
    scores,
    new Float64Array(texts).fill(1),
    bootstrapOptions(setting),
  );
  const place = (kind: number, head: number, score: number) => (kind * all + head) * SCORES.length + score;
  const strongest = (score: number, key: string) => {
    const head = largestAt(Array.from({ length: all }, (_, h) => estimate[place(0, h, score)]));
    const name = `${key} score of head ${Math.floor(head / graph.heads)}.${head % graph.heads}, the largest`;
    return meanHeadline(
      setting,
      { key, name, control: { name: 'the same head on BOS r r′', value: estimate[place(1, head, score)] } },
      Array.from({ length: texts }, (_, i) => scores[i * columns + place(0, head, score)]),
    );
  };
  const drop = (kind: number) =>
    Array.from({ length: texts }, (_, i) => {
      const at = (i * KINDS.length + kind) * 2;
      return losses[at] - losses[at + 1];
    });
  const ratios = Float64Array.from({ length: all }, (_, head) =>
    tensorScopeInduction({ copied: theirs[2 * head], matched: theirs[2 * head + 1] }),
  );
  const weakest = largestAt(Array.from({ length: all }, (_, h) => -estimate[place(0, h, 0)]));
  return {
    arrays: arraysOf(induction.layout(setting), { scores, mean: estimate, error, losses, theirs: ratios }),
    headlines: [
      ...SCORES.map((score, i) => strongest(i, score)),
      meanHeadline(
        setting,
        {
          key: 'drop',
          name: 'loss of the first copy less that of the second',
          unit: 'nats',
          control: { name: 'of BOS r r′', value: meanOf(drop(1)) },
        },
        drop(0),
      ),
    ],
    beside: setting.origin
      ? [
          {
            name: `induction score of head ${Math.floor(weakest / graph.heads)}.${weakest % graph.heads}, our weakest`,
            ours: estimate[place(0, weakest, 0)],
            theirs: ratios[weakest],
            why: 'Theirs asks for x[k − 1] = x[q − 1] and x[k] = x[q], one token off: it looks at duplicate-token heads, and as a ratio among matching keys it is about 1 for every head of a text that repeats itself.',
          },
        ]
      : [],
    notes:
      setting.bosId === undefined
        ? [
            'The tokenizer has no token for a beginning: the texts are r r, and their first token takes the place of the sink.',
          ]
        : [],
  };
}
