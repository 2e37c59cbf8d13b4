import { HEAD_STATISTICS, type HeadStatistic } from '../../../../nn/graph/machine.ts';
import notes from '../../../../ui/shared/note.module.css';
import { croppedSquares, every, largestAt, same } from '../arrays.ts';
import { chooseHead, useChosenPlace } from '../chosen.ts';
import { AttentionPattern, BarsByTensor, type ColourScale, HeadGrid, TokenStrip } from '../pictures/index.ts';
import { fileName, headWords, quoted } from '../words.ts';
import { type PicturesProps, wordsOfText } from './family.ts';

const SHARE: ColourScale = { kind: 'sequential', min: 0, max: 1 };
const PLAIN: ColourScale = { kind: 'sequential', min: 0 };

/** In the order in which they are asked for. */
const SCORES: readonly {
  readonly id: HeadStatistic;
  readonly label: string;
  readonly scale: ColourScale;
  readonly note: string;
}[] = [
  { id: 'relativeEntropy', label: 'entropy / log(t + 1)', scale: SHARE, note: '0: one key only; 1: all keys alike.' },
  {
    id: 'entropy',
    label: 'entropy (nats)',
    scale: PLAIN,
    note: 'Grows with the number of keys: compare texts by entropy / log(t + 1).',
  },
  { id: 'distance', label: 'distance (tokens)', scale: PLAIN, note: 'How far a query looks back on average.' },
  {
    id: 'first',
    label: 'first token',
    scale: SHARE,
    note: 'The share of the first key, where heads look that have nothing to do (sink).',
  },
  { id: 'previous', label: 'previous token', scale: SHARE, note: 'The share of the key just before the query.' },
  {
    id: 'duplicate',
    label: 'duplicates',
    scale: SHARE,
    note: 'The share of earlier keys that are the query’s own token.',
  },
  {
    id: 'induction',
    label: 'induction',
    scale: SHARE,
    note: 'The share of keys behind an earlier copy of the query’s token.',
  },
];

/** Every head by what it does, and the pattern of one on the chosen text. */
export function AttentionPictures({ arrays, texts, text }: PicturesProps) {
  const head = useChosenPlace((chosen) => chosen.head);
  const [layers, heads] = [arrays.size('mean', 'layer'), arrays.size('mean', 'head')];
  const each = HEAD_STATISTICS.length;
  const of = (name: string, id: HeadStatistic) => every(arrays.of(name), each, HEAD_STATISTICS.indexOf(id));
  const scores = SCORES.map(({ id, ...score }) => ({
    ...{ id, ...score, values: of('mean', id), errors: of('error', id) },
    nulls: same(arrays.number('uniform', HEAD_STATISTICS.indexOf(id)), layers * heads),
  }));
  const side = arrays.size('patterns', 'query');
  const shown = text < arrays.size('patterns', 'shown');
  const { name } = texts[text];
  const length = Math.min(side, arrays.number('length', text));
  const words = wordsOfText(texts[text], length).slice(0, length);
  const patterns = shown ? croppedSquares(arrays.of('patterns', text), side, length) : undefined;
  // Until one is chosen: the head with the sharpest look.
  const sharpest = largestAt(of('mean', 'relativeEntropy').map((entropy) => -entropy));
  const own =
    head && head.layer < layers && head.head < heads
      ? head
      : { layer: Math.floor(sharpest / heads), head: sharpest % heads };
  return (
    <>
      <HeadGrid
        title="Heads"
        definition="Means over the queries of all texts, each with its error; the control is what even attention to all keys would give."
        file="attention-heads"
        layers={layers}
        heads={heads}
        scores={scores}
        patterns={patterns && { tokens: words, values: patterns }}
        chosen={own}
        onChoose={chooseHead}
        notes={patterns ? [`Patterns are those of ${name}.`] : []}
      />
      {patterns ? (
        <AttentionPattern
          title={`Pattern of ${headWords(own.layer, own.head)} on ${name}`}
          definition="Each row is a query: how much of its attention goes to each earlier token, 1 in all. The head is chosen in the grid above."
          file={fileName('attention', headWords(own.layer, own.head), name)}
          tokens={words}
          values={patterns.subarray(
            (own.layer * heads + own.head) * length ** 2,
            (own.layer * heads + own.head + 1) * length ** 2,
          )}
        />
      ) : (
        <p className={notes.note}>
          Patterns are kept of the first {arrays.size('patterns', 'shown')} texts: they grow with the square of the
          length.
        </p>
      )}
    </>
  );
}

/** How much of each token has come to the last position, and to each. */
export function RolloutPictures({ arrays, texts, text }: PicturesProps) {
  const length = arrays.number('length', text);
  const { name } = texts[text];
  const words = wordsOfText(texts[text], length);
  const side = arrays.size('maps', 'position');
  const kept = Math.min(side, length);
  return (
    <>
      <TokenStrip
        title={`What has come to the last position of ${name}`}
        definition="The last row of R: shares of each token, 1 in all, if values and MLPs changed nothing."
        file={fileName('rollout', name)}
        tokens={words.slice(0, length)}
        target={length - 1}
        quantities={[
          {
            id: 'rollout',
            label: 'rollout',
            values: Array.from(arrays.of('last', text)).slice(0, length),
            scale: { kind: 'sequential', min: 0 },
          },
        ]}
      />
      {text < arrays.size('maps', 'shown') && (
        <AttentionPattern
          title={`Rollout of ${name}`}
          definition="R[t, s]: how much of token s has been mixed into position t through all layers."
          file={fileName('rollout-map', name)}
          tokens={words.slice(0, kept)}
          values={croppedSquares(arrays.of('maps', text), side, kept)}
        />
      )}
    </>
  );
}

const INDUCTION = ['induction', 'previous token', 'duplicate token'] as const;
const NOTES = [
  'Attention on what followed the same token before.',
  'Attention on the token just before: what an induction head further up needs.',
  'Attention on the same token in the first copy. TensorScope’s score finds these.',
] as const;

/** Heads that copy, and how much easier the second copy is. */
export function InductionPictures({ arrays }: PicturesProps) {
  const head = useChosenPlace((chosen) => chosen.head);
  const [layers, heads] = [arrays.size('mean', 'layer'), arrays.size('mean', 'head')];
  const [repeated, other] = [0, 1];
  const of = (name: string, kind: number, score: number) => every(arrays.of(name, kind), INDUCTION.length, score);
  const texts = arrays.size('losses', 'text');
  const losses = (kind: number) =>
    [0, 1].map((copy) => Array.from({ length: texts }, (_, i) => arrays.number('losses', i, kind, copy)));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const error = (values: readonly number[]) => {
    const middle = mean(values);
    return Math.sqrt(
      values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1) / values.length,
    );
  };
  const series = (label: string, kind: number) => ({
    label,
    values: losses(kind).map(mean),
    ...(texts > 1 && { errors: losses(kind).map(error) }),
  });
  return (
    <>
      <HeadGrid
        title="Heads on random tokens read twice"
        definition="Mean over the second copy; the control is the same head on a second half of other tokens, where there is nothing to copy."
        file="induction-heads"
        layers={layers}
        heads={heads}
        chosen={head && head.layer < layers && head.head < heads ? head : undefined}
        onChoose={chooseHead}
        scores={INDUCTION.map((label, score) => ({
          ...{ id: label, label, scale: SHARE, note: NOTES[score] },
          values: of('mean', repeated, score),
          errors: of('error', repeated, score),
          nulls: of('mean', other, score),
        }))}
      />
      <BarsByTensor
        title="Loss of both copies"
        definition={`Mean loss of a token, over ${texts} texts, without the first token of each copy. A model that copies has less in the second copy of ${quoted('r r')} alone.`}
        file="induction-losses"
        names={['first copy', 'second copy']}
        axis="loss (nats)"
        series={[series('BOS r r', repeated), series('BOS r r′ (control)', other)]}
      />
    </>
  );
}
