import type { Numbers } from '../arrays.ts';
import { type Eigenvalue, Matrix, Spectrum } from '../pictures/index.ts';
import { linesOf, shortTensor } from '../words.ts';
import { BarsChoice, type BarsOption } from './BarsChoice.tsx';
import type { PicturesProps } from './family.ts';

const KINDS = { token: 'empirical, per token', item: 'empirical, per text', true: 'true' } as const;

export function FisherPictures({ arrays, attributes }: PicturesProps) {
  const kinds = Object.entries(KINDS).filter(([kind]) => arrays.has(`trace_${kind}_by_tensor`));
  const words = {
    definition:
      'Trace of each tensor’s part of the Fisher information: how far the model’s say moves with it. Three matrices under one name.',
    names: linesOf(attributes.tensors),
    axis: 'trace',
    log: true,
  };
  const series = ([kind, label]: [string, string]) => ({
    label,
    values: arrays.of(`trace_${kind}_by_tensor`),
    errors: arrays.of(`trace_${kind}_by_tensor_error`),
  });
  return (
    <BarsChoice
      options={[
        {
          ...words,
          label: 'all three',
          title: 'Fisher information by tensor',
          file: 'fisher',
          series: kinds.map(series),
        },
        ...kinds.map(
          (kind): BarsOption => ({
            ...{ ...words, label: kind[1], title: `Fisher information by tensor, ${kind[1]}` },
            ...{ file: `fisher-${kind[0]}`, series: [series(kind)] },
          }),
        ),
      ]}
    />
  );
}

const numbered = (count: number, letter = 'λ') => Array.from({ length: count }, (_, i) => `${letter}${i + 1}`);

export function FisherEigenvaluePictures({ arrays }: PicturesProps) {
  const count = arrays.size('top_item', 'eigenvalue');
  return (
    <BarsChoice
      options={[
        {
          label: 'eigenvalues',
          title: 'Largest eigenvalues of the empirical Fisher',
          definition:
            'Per token: the mean of g gᵀ over predictions. Per text: over texts. Fewer than asked for where there are fewer gradients.',
          file: 'fisher-eigenvalues',
          names: numbered(count),
          axis: 'eigenvalue',
          log: true,
          series: [
            ...(arrays.has('top_token')
              ? [{ label: 'per token', values: arrays.of('top_token'), errors: arrays.of('top_token_bound') }]
              : []),
            { label: 'per text', values: arrays.of('top_item') },
          ],
        },
      ]}
    />
  );
}

function traceBars({ arrays, attributes }: PicturesProps, of: string): BarsOption {
  return {
    label: 'trace by tensor',
    title: `Trace of the ${of} by tensor`,
    definition: 'zᵀHz within each tensor, mean over vectors z of random signs: which tensors bend the loss.',
    file: `${of}-trace`,
    names: linesOf(attributes.tensors),
    axis: 'trace',
    series: [{ label: 'trace', values: arrays.of('trace_by_tensor'), errors: arrays.of('trace_by_tensor_error') }],
  };
}

/** [eigenvalue][tensor] */
function Where({
  props,
  names,
  values,
}: {
  readonly props: PicturesProps;
  readonly names: readonly string[];
  readonly values: Numbers;
}) {
  const tensors = linesOf(props.attributes.tensors).map(shortTensor);
  return (
    <Matrix
      title="Where eigenvectors live"
      definition="Share of each tensor in the squared length of each eigenvector: each row is 1 in all."
      file="eigenvectors-by-tensor"
      rows={names}
      columns={tensors}
      values={values}
      scale={{ kind: 'sequential', min: 0, max: 1 }}
      quantity="share"
    />
  );
}

export function GgnPictures(props: PicturesProps) {
  const { arrays } = props;
  const names = numbered(arrays.size('top', 'eigenvalue'));
  return (
    <>
      <BarsChoice
        options={[
          {
            label: 'eigenvalues',
            title: 'Largest eigenvalues of the Gauss–Newton matrix',
            definition: 'By Lanczos with full reorthogonalisation; bars have its residual bound. None is below 0.',
            file: 'ggn-eigenvalues',
            names,
            axis: 'eigenvalue',
            series: [{ label: 'λ', values: arrays.of('top'), errors: arrays.of('top_bound') }],
          },
          traceBars(props, 'Gauss–Newton matrix'),
        ]}
      />
      <Where props={props} names={names} values={arrays.of('top_by_tensor')} />
    </>
  );
}

function eigenvalues(values: Numbers, bounds: Numbers, weights?: Numbers): Eigenvalue[] {
  return Array.from(values, (value, i) => ({
    ...{ value, bound: bounds[i] },
    ...(weights && { weight: weights[i] }),
  })).filter(({ value }) => !Number.isNaN(value));
}

export function HessianPictures(props: PicturesProps) {
  const { arrays, attributes, told } = props;
  const negative = told.headlines.find(({ key }) => key === 'negativeShare');
  const [top, bottom] = [arrays.of('top'), arrays.of('bottom')];
  const count = arrays.size('top', 'eigenvalue');
  const rows = [...numbered(count), ...numbered(count, 'smallest ')];
  return (
    <>
      <Spectrum
        title="Spectrum of the Hessian"
        definition="How many eigenvalues lie where (stochastic Lanczos quadrature), on a logarithmic scale: most are near 0, a few are far out. Ticks are the eigenvalues that Lanczos has found."
        file="hessian-spectrum"
        of="Hessian"
        grid={arrays.of('density_at')}
        density={arrays.of('density')}
        sd={Number(attributes.probes) > 1 ? arrays.of('density_sd') : undefined}
        probes={Number(attributes.probes)}
        sigma={Number(attributes.sigma)}
        ritz={eigenvalues(arrays.of('ritz'), arrays.of('ritz_bound'), arrays.of('ritz_weight'))}
        top={eigenvalues(top, arrays.of('top_bound'))}
        bottom={eigenvalues(bottom, arrays.of('bottom_bound'))}
        negative={
          negative && {
            name: negative.name,
            value: negative.value,
            ...(negative.error && { error: negative.error.value, errorName: negative.error.of }),
          }
        }
      />
      <BarsChoice options={[traceBars(props, 'Hessian')]} />
      <Where
        props={props}
        names={rows}
        values={Float64Array.from([
          ...Array.from(arrays.of('top_by_tensor')),
          ...Array.from(arrays.of('bottom_by_tensor')),
        ])}
      />
    </>
  );
}

export function HessianBlockPictures({ arrays, attributes }: PicturesProps) {
  return (
    <BarsChoice
      options={(['top', 'bottom'] as const).map((end) => ({
        label: end === 'top' ? 'largest' : 'smallest',
        title: `${end === 'top' ? 'Largest' : 'Smallest'} eigenvalue of each tensor’s own block`,
        definition: 'Curvature within a tensor alone, all others held; bars have Lanczos’ residual bound.',
        file: `hessian-blocks-${end}`,
        names: linesOf(attributes.tensors),
        axis: 'eigenvalue',
        log: end === 'top',
        series: [{ label: 'λ', values: arrays.of(end), errors: arrays.of(`${end}_bound`) }],
      }))}
    />
  );
}

export function SharpnessPictures({ arrays, texts }: PicturesProps) {
  const names = texts.map(({ name }) => name);
  return (
    <BarsChoice
      options={[
        {
          label: 'rise by text',
          title: 'How far the loss of each text rises',
          definition:
            'Loss of a text one step of ρ up the slope of all texts, less its loss at the model: below 0 the step helps it.',
          file: 'sharpness-rise',
          names,
          axis: 'rise (nats)',
          series: [{ label: 'rise', values: arrays.of('item_rise') }],
        },
        {
          label: 'loss by text',
          title: 'Loss of each text',
          definition: 'Mean over its own tokens.',
          file: 'sharpness-loss',
          names,
          axis: 'loss (nats)',
          series: [{ label: 'loss', values: arrays.of('item_loss') }],
        },
      ]}
    />
  );
}
