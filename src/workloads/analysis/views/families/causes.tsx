import { useMemo } from 'react';
import { LENS_STATISTICS } from '../../../../nn/graph/machine.ts';
import { grouped, plain } from '../../../../ui/format.ts';
import notes from '../../../../ui/shared/note.module.css';
import { type Arrays, cropped, every } from '../arrays.ts';
import { chooseHead, useChosenPlace } from '../chosen.ts';
import {
  BarsByTensor,
  HeadGrid,
  type HeadScore,
  LayerTokenMap,
  LineWithBand,
  type MapQuantity,
} from '../pictures/index.ts';
import { fileName, quoted } from '../words.ts';
import { blockNames, type PicturesProps, STREAMS, streamNames, wordsOfText } from './family.ts';

const SITES = [
  { label: 'stream before the block', note: 'Everything that the stream carries into the block at this position.' },
  { label: 'attention', note: 'What attention of this block writes at this position.' },
  { label: 'MLP', note: 'What the MLP of this block writes at this position.' },
  { label: 'stream behind the block', note: 'Everything that the stream carries on.' },
] as const;

export function TracePictures({ arrays, texts, text }: PicturesProps) {
  const position = arrays.number('position', text);
  const length = position + 1;
  const { name } = texts[text];
  const words = wordsOfText(texts[text], length);
  const [width, layers] = [arrays.size('effect', 'token'), arrays.size('effect', 'layer')];
  const corrupted = Array.from(arrays.of('corrupted', text));
  const mean = corrupted.reduce((sum, p) => sum + p, 0) / corrupted.length;
  const clean = arrays.number('clean', text);
  const scale = 1 / Math.abs(clean - mean) / Math.sqrt(corrupted.length);
  const noisy = words
    .slice(0, length)
    .flatMap((word, t) => (arrays.number('is_corrupted', text, t) === 1 ? [quoted(word)] : []));
  const spread = Math.sqrt(
    corrupted.reduce((sum, p) => sum + (p - mean) ** 2, 0) / Math.max(1, corrupted.length - 1) / corrupted.length,
  );
  const unharmed = !(clean - mean > 2 * spread);
  const quantities = SITES.map(
    ({ label, note }, site): MapQuantity => ({
      ...{ id: label, label, note, layers: blockNames(layers), scale: { kind: 'diverging' } },
      values: cropped(arrays.of('effect', text, site), width, length),
      errors: cropped(arrays.of('restored_sd', text, site), width, length).map((sd) => sd * scale),
    }),
  );
  return (
    <LayerTokenMap
      title={`What brings back ${quoted(words[position + 1])} in ${name}`}
      definition={`Noise on ${noisy.join(', ')} takes p from ${plain(clean)} to ${plain(mean)}. Each cell: the share of that which putting one clean activation back restores, ± sd/√${corrupted.length} over draws of noise.`}
      file={fileName('causal-trace', name)}
      tokens={words.slice(0, length)}
      quantities={quantities}
      notes={unharmed ? ['Of this text noise takes away less than twice its error: these shares mean nothing.'] : []}
    />
  );
}

export function PatchingPictures({ arrays, texts, text }: PicturesProps) {
  const head = useChosenPlace((chosen) => chosen.head);
  const items = Array.from(arrays.of('item'));
  const found = items.indexOf(text);
  const pair = Math.max(0, found);
  const item = items[pair];
  const position = arrays.number('position', pair);
  const { name } = texts[item];
  const words = wordsOfText(texts[item], position + 2);
  const [width, layers] = [arrays.size('residual', 'token'), arrays.size('residual', 'layer')];
  const map = (id: string, label: string, note: string): MapQuantity => ({
    ...{ id, label, layers: streamNames(layers), scale: { kind: 'diverging' } },
    values: cropped(arrays.of(id, pair), width, position + 1),
    note: `${note} ${STREAMS}`,
  });
  const score = (id: string, label: string, note: string): HeadScore => ({
    ...{ id, label, note, scale: { kind: 'diverging' } },
    values: arrays.of(id, pair),
  });
  const [blocks, heads] = [arrays.size('heads', 'block'), arrays.size('heads', 'head')];
  return (
    <>
      {found < 0 && (
        <p className={notes.note}>
          {texts[text].name} has no counterfactual of equal length and another ending; shown is {name}.
        </p>
      )}
      <LayerTokenMap
        title={`What carries the ending of ${name}`}
        definition={`Its counterfactual runs, and one stream at one position is put to what ${name} has there: 0 changes nothing, 1 makes all of the difference between ${quoted(words[position + 1])} and the other ending.`}
        file={fileName('patching', name)}
        tokens={words.slice(0, position + 1)}
        quantities={[
          map('residual', 'exact', 'Each cell is a run of its own.'),
          map(
            'residual_estimate',
            'first-order estimate',
            'Attribution patching: all cells from one pass back; compare it with the exact one.',
          ),
        ]}
      />
      <HeadGrid
        title={`Heads that carry the ending of ${name}`}
        definition="The same with the output of one head, at all positions."
        file={fileName('patching-heads', name)}
        layers={blocks}
        heads={heads}
        chosen={head && head.layer < blocks && head.head < heads ? head : undefined}
        onChoose={chooseHead}
        scores={[
          score('heads', 'exact', 'Each head is a run of its own.'),
          score('heads_estimate', 'first-order estimate', 'Attribution patching.'),
        ]}
      />
    </>
  );
}

const ABLATIONS = ['zero', 'mean'] as const;

export function AblationPictures({ arrays }: PicturesProps) {
  const head = useChosenPlace((chosen) => chosen.head);
  const layers = arrays.size('loss_change', 'layer');
  const parts = arrays.size('loss_change', 'part');
  const heads = parts - 1;
  const ofHeads = (array: string, kind: number) => cropped(arrays.of(array, kind), parts, heads);
  const score = (id: string, array: string, kind: number, label: string, note: string): HeadScore => ({
    ...{ id, label, note, scale: array === 'divergence' ? { kind: 'sequential', min: 0 } : { kind: 'diverging' } },
    values: ofHeads(array, kind),
    errors: ofHeads(`${array}_error`, kind),
  });
  const mlps = (array: string) => every(arrays.of(array, 0), parts, heads);
  return (
    <>
      <HeadGrid
        title="What is lost without a head"
        definition="ΔL of all texts when a head’s output is set to 0, or to its mean over all tokens; bootstrap of texts. Above 0 the head is needed."
        file="ablation-heads"
        layers={layers}
        heads={heads}
        chosen={head && head.layer < layers && head.head < heads ? head : undefined}
        onChoose={chooseHead}
        scores={[
          score(
            'zero',
            'loss_change',
            0,
            'ΔL, set to 0 (nats)',
            'Set to 0, which the layers above may never have seen.',
          ),
          score(
            'mean',
            'loss_change',
            1,
            'ΔL, set to the mean (nats)',
            'Set to its mean: what is lost is what it says of this text.',
          ),
          score(
            'kl',
            'divergence',
            0,
            'KL, set to 0 (nats)',
            'How far the model’s say moves, whether for better or worse.',
          ),
        ]}
      />
      <BarsByTensor
        title="What is lost without an MLP"
        definition="The same of whole MLPs."
        file="ablation-mlps"
        names={blockNames(layers)}
        axis="ΔL (nats)"
        series={ABLATIONS.map((kind, k) => ({
          label: `set to ${kind === 'zero' ? '0' : 'its mean'}`,
          values: k === 0 ? mlps('loss_change') : every(arrays.of('loss_change', k), parts, heads),
          errors: every(arrays.of('loss_change_error', k), parts, heads),
        }))}
      />
    </>
  );
}

const LENS = [
  {
    ...{ id: 'log_probability', label: 'log p of the next token', unit: 'nats', scale: { kind: 'sequential' } },
    note: 'How likely the model would call the token that follows.',
  },
  {
    ...{ id: 'rank', label: 'rank of the next token', scale: { kind: 'sequential', min: 1, log: true } },
    note: '1: it would say what follows.',
    words: (rank: number) => grouped(rank),
  },
  {
    id: 'entropy',
    label: 'entropy',
    unit: 'nats',
    scale: { kind: 'sequential', min: 0 },
    note: 'How undecided it would be.',
  },
  {
    ...{ id: 'divergence', label: 'KL to the model', unit: 'nats', scale: { kind: 'sequential', min: 0 } },
    note: 'How far it is from what the model says in the end: 0 in the last stream.',
  },
] as const satisfies readonly Omit<MapQuantity, 'layers' | 'values'>[];

export function LensPictures({ arrays, texts, text }: PicturesProps) {
  const length = arrays.number('length', text) - 1;
  const { name } = texts[text];
  const words = wordsOfText(texts[text], length);
  const [width, layers] = [arrays.size('rank', 'token'), arrays.size('rank', 'layer')];
  const quantities = useMemo(
    () =>
      LENS.map(
        (quantity): MapQuantity => ({
          ...quantity,
          layers: streamNames(layers),
          values: cropped(arrays.of(quantity.id, text), width, length),
          note: `${quantity.note} ${STREAMS}`,
        }),
      ),
    [arrays, text, layers, width, length],
  );
  return (
    <>
      <LayerTokenMap
        title={`What each stream of ${name} would say`}
        definition="Each stream read through the last norm and the unembedding, as if the model ended there. A cell is about the token behind its own."
        file={fileName('logit-lens', name)}
        tokens={words.slice(0, length)}
        quantities={quantities}
      />
      <LensMeans arrays={arrays} layers={layers} />
    </>
  );
}

function LensMeans({ arrays, layers }: { readonly arrays: Arrays; readonly layers: number }) {
  const each = LENS_STATISTICS.length;
  const of = (array: string, id: (typeof LENS_STATISTICS)[number]) =>
    every(arrays.of(array), each, LENS_STATISTICS.indexOf(id));
  return (
    <LineWithBand
      title="Through the layers"
      definition="Means over all texts: when the model makes up its mind."
      file="logit-lens-means"
      x={Array.from({ length: layers }, (_, l) => l)}
      xLabel="stream"
      yLabel="nats"
      band="± 1 standard error, bootstrap of texts"
      lines={[
        {
          label: '−log p of the next token',
          values: of('mean', 'logProbability').map((p) => -p),
          errors: of('error', 'logProbability'),
        },
        { label: 'entropy', values: of('mean', 'entropy'), errors: of('error', 'entropy') },
        { label: 'KL to the model', values: of('mean', 'divergence'), errors: of('error', 'divergence') },
      ]}
    />
  );
}
