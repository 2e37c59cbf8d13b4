import { useState } from 'react';
import { IndexSelect } from '../../../../ui/shared/IndexSelect.tsx';
import classes from '../Analysis.module.css';
import { cropped, croppedSquares, extended } from '../arrays.ts';
import { explainedWords } from '../explained.ts';
import { BarsByTensor, JacobianMap, LayerTokenMap, LineWithBand, TokenStrip } from '../pictures/index.ts';
import { fileName, partWords, quoted } from '../words.ts';
import { type PicturesProps, STREAMS, streamNames, wordsOfText } from './family.ts';

/** What each token adds, and whether removing what counts most hurts most. */
export function IgPictures({ arrays, texts, text }: PicturesProps) {
  const [length, position] = [arrays.number('length', text), arrays.number('position', text)];
  const { name } = texts[text];
  // The explained token stands behind those that explain it, without a value.
  const words = wordsOfText(texts[text], length).slice(0, Math.max(length, position + 2));
  const [end, start] = [arrays.number('f', text, 0), arrays.number('f', text, 1)];
  const delta = arrays.number('residual', text);
  const values = (array: string) => extended(Array.from(arrays.of(array, text)).slice(0, length), words.length);
  return (
    <>
      <TokenStrip
        title={`What each token of ${name} adds`}
        definition={`f is the ${explainedWords(words, position)}: f(e) of the text, f(b) of its baseline; the numbers add up to the difference, but for δ.`}
        file={fileName('integrated-gradients', name)}
        tokens={words}
        target={position}
        readings={[
          { name: 'f(e)', value: end },
          { name: 'f(b)', value: start },
        ]}
        quantities={[
          {
            ...{ id: 'ig', label: 'integrated gradients', unit: 'logit', scale: { kind: 'diverging' } },
            values: values('attribution'),
            completeness: { delta, share: Math.abs(delta / (end - start)) },
          },
          { id: 'product', label: 'e·∂f/∂e', values: values('gradient_times_input'), scale: { kind: 'diverging' } },
          { id: 'norm', label: '‖∂f/∂e‖', values: values('gradient_norm'), scale: { kind: 'sequential', min: 0 } },
          {
            id: 'untaught',
            label: 'control: weights drawn anew',
            values: values('untaught'),
            scale: { kind: 'diverging' },
          },
          {
            id: 'shuffled',
            label: 'control: tokens shuffled',
            values: values('shuffled'),
            scale: { kind: 'diverging' },
          },
        ]}
      />
      <div className={classes.pair}>
        {arrays.size('deletion', 'order') > 1 && <DeletionCurve {...{ arrays, text, name }} />}
        <LineWithBand
          title="How far back it looks"
          definition="Mean |a| of tokens by how far before the explained position they lie, over all texts."
          file="integrated-gradients-by-distance"
          x={Array.from({ length: arrays.size('by_distance', 'distance') }, (_, i) => i)}
          xLabel="tokens before the position"
          yLabel="mean |a| (logit)"
          band="± 1 standard error, bootstrap of texts"
          lines={[{ label: 'mean |a|', values: arrays.of('by_distance'), errors: arrays.of('by_distance_error') }]}
        />
      </div>
    </>
  );
}

function DeletionCurve({ arrays, text, name }: Pick<PicturesProps, 'arrays' | 'text'> & { readonly name: string }) {
  const [orders, points] = [arrays.size('deletion', 'order'), arrays.size('deletion', 'point')];
  const random = Array.from({ length: points }, (_, point) => {
    const values = Array.from({ length: orders - 1 }, (__, order) => arrays.number('deletion', text, order + 1, point));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
    return { mean, sd: Math.sqrt(variance) };
  });
  return (
    <LineWithBand
      title={`Removing tokens of ${name}`}
      definition="How much of f(e) − f(b) is left when tokens go back to the baseline, those with the largest |a| first. If attributions say what counts, it falls faster than in random order."
      file={fileName('deletion', name)}
      x={Array.from({ length: points }, (_, point) => (100 * point) / (points - 1))}
      xLabel="tokens removed (%)"
      yLabel="share of f(e) − f(b) left"
      band={`± 1 sd of ${orders - 1} random orders`}
      lines={[
        { label: 'largest |a| first', values: arrays.of('deletion', text, 0) },
        {
          label: 'random order',
          values: random.map(({ mean }) => mean),
          errors: random.map(({ sd }) => sd),
          dashed: true,
        },
      ]}
    />
  );
}

/** The same in every layer, and the logit as a sum of what heads and MLPs write. */
export function LayerPictures({ arrays, attributes, texts, text }: PicturesProps) {
  const [length, position] = [arrays.number('length', text), arrays.number('position', text)];
  const { name } = texts[text];
  const words = wordsOfText(texts[text], length);
  const layers = arrays.size('layer_ig', 'layer');
  const width = arrays.size('layer_ig', 'token');
  const change = arrays.number('f', text, 0) - arrays.number('f', text, 1);
  const worst = (array: string) =>
    (100 * Array.from(arrays.of(array, text)).reduce((most, delta) => Math.max(most, Math.abs(delta)), 0)) /
    Math.abs(change);
  const map = (id: string, label: string, note: string) => ({
    ...{ id, label, unit: 'logit', layers: streamNames(layers), scale: { kind: 'diverging' as const } },
    values: cropped(arrays.of(id, text), width, length),
    note: `${note} Largest |δ| of a layer: ${worst(`${id}_residual`).toPrecision(2)} % of f(e) − f(b). ${STREAMS}`,
  });
  const parts = String(attributes.parts ?? '')
    .split(' ')
    .map(partWords);
  return (
    <>
      <LayerTokenMap
        title={`Where it is carried in ${name}`}
        definition={`What each position of each stream adds to the ${explainedWords(words, position)}.`}
        file={fileName('layer-attribution', name)}
        tokens={words.slice(0, length)}
        quantities={[
          map('layer_ig', 'layer IG', 'Every layer adds up to f(e) − f(b); the lowest is integrated gradients.'),
          map('conductance', 'conductance', 'Along the path of the embeddings: each layer adds up as steps grow.'),
        ]}
      />
      <BarsByTensor
        title={`The logit of ${name}, taken apart`}
        definition={`The last stream is a sum of what each part has written into it; each part’s share of the logit of ${quoted(words[position + 1])}, the last norm held. They sum to ${arrays.number('logit', text).toPrecision(4)} exactly.`}
        file={fileName('direct-logit', name)}
        names={parts}
        axis="logit"
        series={[
          { label: 'of this token', values: arrays.of('direct', text) },
          { label: 'of the mean token (control)', values: arrays.of('direct_mean_logit', text) },
        ]}
      />
    </>
  );
}

const STAGES = ['before the last norm', 'after the last norm'];

/** How far each token's embedding moves each position. */
export function JacobianPictures({ arrays, texts, text }: PicturesProps) {
  const [stage, setStage] = useState(1);
  const { name } = texts[text];
  const side = arrays.size('frobenius', 'position');
  const length = Math.min(side, arrays.number('length', text));
  const words = wordsOfText(texts[text], length).slice(0, length);
  const switching = <IndexSelect label="Where J ends" names={STAGES} value={stage} onChange={setStage} />;
  const values = arrays.size('singular', 'value');
  return (
    <>
      {text < arrays.size('frobenius', 'shown') ? (
        <JacobianMap
          title={`Sensitivity of positions of ${name}`}
          definition={`‖∂h[t]/∂e[s]‖ ${STAGES[stage]}: how far a small change of token s moves position t. Nothing moves what lies before it.`}
          file={fileName('jacobian', name, STAGES[stage])}
          tokens={words}
          values={croppedSquares(arrays.of('frobenius', text, stage), side, length)}
          errors={croppedSquares(arrays.of('frobenius_error', text, stage), side, length)}
          aside={switching}
          log
        />
      ) : (
        switching
      )}
      <BarsByTensor
        title="Largest singular values"
        definition={`Of the explained position’s Jacobian, ${STAGES[stage]}: the directions that move it most. Bars have Lanczos’ residual bound.`}
        file={fileName('jacobian-singular', name)}
        names={Array.from({ length: values }, (_, i) => `σ${i + 1}`)}
        axis="singular value"
        series={[
          {
            label: name,
            values: arrays.of('singular', text, stage),
            errors: arrays.of('singular_bound', text, stage),
          },
        ]}
      />
    </>
  );
}
