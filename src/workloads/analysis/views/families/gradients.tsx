import { useState } from 'react';
import { IndexSelect } from '../../../../ui/shared/IndexSelect.tsx';
import classes from '../Analysis.module.css';
import { type LabelGroup, LineWithBand, Matrix } from '../pictures/index.ts';
import { controlWords, linesOf } from '../words.ts';
import { BarsChoice, type BarsOption } from './BarsChoice.tsx';
import type { PicturesProps } from './family.ts';

/** Learning rate and thresholds that the metric judges by. */
const LOST = 2 ** -24;

export function GradientPictures({ arrays, attributes }: PicturesProps) {
  const [tensors, layers] = [linesOf(attributes.tensors), linesOf(attributes.layers)];
  const byTensor = (label: string, array: string, definition: string, more: Partial<BarsOption> = {}): BarsOption => ({
    ...{ label, definition, names: tensors, axis: label, file: `gradients-${array}`, title: 'Gradient by tensor' },
    series: [
      {
        label,
        values: arrays.of(array),
        ...(arrays.has(`${array}_error`) && { errors: arrays.of(`${array}_error`) }),
      },
    ],
    ...more,
  });
  const options: BarsOption[] = [
    byTensor('‖∇L‖', 'norm', 'Length of the gradient of L in each tensor, jackknife over texts.', { log: true }),
    byTensor('rms', 'rms', 'Root of the mean square of a tensor’s entries: its length without its size.', {
      log: true,
    }),
    byTensor('largest entry', 'largest', 'Largest size of an entry.', { log: true }),
    byTensor('share of zeros', 'zeros', 'Share of entries that are exactly 0: of embeddings, tokens that no text has.'),
    byTensor(
      'step / ‖W‖',
      'relative_step',
      'A step of lr ‖∇L‖ at lr = 0.001 against the length of the tensor itself.',
      {
        log: true,
        marks: [
          { label: 'lost in f32', value: LOST },
          { label: 'as long as W', value: 1 },
        ],
      },
    ),
    {
      ...byTensor('‖∇L‖ by layer', 'layer_norm', 'Length of the gradient of L in each layer, jackknife over texts.', {
        log: true,
      }),
      ...{ names: layers, title: 'Gradient by layer' },
    },
    {
      ...byTensor(
        'noise scale by layer',
        'layer_noise_scale',
        'B = tr Σ/|G|² of each layer: how many texts a batch needs before signal beats noise. None where |G|² is not resolved.',
        { log: true },
      ),
      ...{ names: layers, title: 'Noise scale by layer', axis: 'B (texts)' },
    },
  ];
  return <BarsChoice options={options} />;
}

export function PathologyPictures({ arrays, attributes }: PicturesProps) {
  const [tensors, layers] = [linesOf(attributes.tensors), linesOf(attributes.layers)];
  return (
    <BarsChoice
      options={[
        {
          label: 'share of ‖g‖ by tensor',
          title: 'Who has the gradient',
          definition: 'Each tensor’s share of the sum of norms; the control is its share if all entries were alike.',
          file: 'pathology-share',
          names: tensors,
          axis: 'share',
          series: [
            { label: 'share', values: arrays.of('share'), errors: arrays.of('share_error') },
            { label: 'of equal rms (control)', values: arrays.of('share_of_equal_rms') },
          ],
        },
        {
          label: '‖g‖ by layer',
          title: 'From the first layer to the last',
          definition: 'Length of the gradient of each layer: vanishing falls towards the first, exploding rises.',
          file: 'pathology-layers',
          names: layers,
          axis: '‖g‖',
          log: true,
          series: [{ label: '‖g‖', values: arrays.of('layer_norm'), errors: arrays.of('layer_norm_error') }],
        },
      ]}
    />
  );
}

export function TrajectoryPictures({ arrays, attributes }: PicturesProps) {
  const names = linesOf(attributes.checkpoints);
  const [corrected, setCorrected] = useState(0);
  const x = names.map((_, i) => i);
  return (
    <>
      <Matrix
        title="Gradients of checkpoints"
        definition={
          corrected
            ? 'Cosine of the gradients of two checkpoints, divided by how far two halves of the texts agree at each: without what noise takes from it.'
            : 'Cosine of the gradients of L at two checkpoints, on the same texts.'
        }
        file="trajectory"
        rows={names}
        values={arrays.of(corrected ? 'cosine_corrected' : 'cosine')}
        scale={{ kind: 'diverging', max: 1 }}
        quantity="cosine"
        null={{ words: 'two halves of the texts at one checkpoint: how much of 1 noise leaves (below).' }}
        aside={
          <IndexSelect
            label="Cosine"
            names={['as it is', 'corrected for noise']}
            value={corrected}
            onChange={setCorrected}
          />
        }
      />
      <div className={classes.pair}>
        <LineWithBand
          title="Along the training"
          definition="The cosine of two halves of the texts at each checkpoint: below it no cosine of checkpoints can be told from noise."
          file="trajectory-halves"
          x={x}
          xLabel="checkpoint"
          yLabel="cosine"
          lines={[{ label: 'two halves of the texts', values: arrays.of('halves') }]}
        />
        <LineWithBand
          title="Loss along the training"
          definition="L of the same texts at each checkpoint."
          file="trajectory-loss"
          x={x}
          xLabel="checkpoint"
          yLabel="L (nats)"
          lines={[{ label: 'L', values: arrays.of('loss') }]}
        />
      </div>
    </>
  );
}

/** Names written on a matrix before places stand for them. */
const WRITTEN = 40;

export function ConflictPictures({ arrays, attributes, told, texts }: PicturesProps) {
  const [at, setAt] = useState(0);
  const layers = linesOf(attributes.layers);
  const groups = linesOf(attributes.groups);
  const { order, framed } = grouped(texts, groups);
  const n = texts.length;
  const raw = at === 0 ? arrays.of('cosine') : arrays.of('layer_cosine', at - 1);
  const values = Float64Array.from(
    { length: n * n },
    (_, place) => raw[order[Math.floor(place / n)] * n + order[place % n]],
  );
  const names = order.map((i) => (n > WRITTEN ? String(i + 1) : texts[i].name));
  const shuffled = told.headlines.find(({ key }) => key === 'groupCosine');
  return (
    <>
      <Matrix
        title="Do texts pull together?"
        definition="Cosine of the gradients of two texts: below 0 a step that helps one harms the other."
        file="conflict"
        rows={names}
        values={values}
        scale={{ kind: 'diverging', max: 1 }}
        quantity="cosine"
        rowGroups={framed}
        n={{ count: n, word: 'texts' }}
        null={shuffled?.control && { words: `${controlWords(shuffled)}, for the cosine of both groups.` }}
        aside={<IndexSelect label="Layer" names={['all layers', ...layers]} value={at} onChange={setAt} />}
      />
      {arrays.has('layer_group_cosine') && (
        <BarsChoice
          options={[
            {
              label: 'by layer',
              title: `${groups.join(' against ')} by layer`,
              definition:
                'Cosine of the mean gradients of both groups, without what noise takes from it, and with texts shuffled between the groups.',
              file: 'conflict-layers',
              names: layers,
              axis: 'cosine',
              series: [
                {
                  label: 'cosine',
                  values: arrays.of('layer_group_cosine'),
                  errors: arrays.of('layer_group_cosine_error'),
                },
                { label: 'corrected for noise', values: arrays.of('layer_group_corrected') },
                {
                  label: 'shuffled (control)',
                  values: arrays.of('layer_group_null'),
                  errors: arrays.of('layer_group_null_sd'),
                },
              ],
            },
          ]}
        />
      )}
    </>
  );
}

/** Texts in the order of their groups, and where each group lies. */
function grouped(texts: PicturesProps['texts'], groups: readonly string[]) {
  const placed = groups.map((group) => texts.flatMap((text, i) => (text.group === group ? [i] : [])));
  const rest = texts.flatMap((text, i) => (text.group !== undefined && groups.includes(text.group) ? [] : [i]));
  let from = 0;
  const framed = placed.map((own, g): LabelGroup => {
    const group = { label: groups[g], from, to: from + own.length - 1 };
    from += own.length;
    return group;
  });
  return { order: [...placed.flat(), ...rest], framed: framed.length > 0 ? framed : undefined };
}
