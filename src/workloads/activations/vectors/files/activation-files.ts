/** Pooled activations as the origin's tree has them: an array of a position and component over texts and layers. */
import { canonicalJson } from '../../../../bundle/json.ts';
import { encodeNpy } from '../../../../bundle/npy.ts';
import { encodeSafetensors } from '../../../../bundle/safetensors.ts';
import { type FileEntry, textEntry } from '../../../../bundle/types.ts';
import { norm } from '../../../../stats/classification/products.ts';
import type { Folds } from '../folds.ts';
import type { PooledActivations, PooledPart } from '../types.ts';
import { layerName, positionFolder } from './names.ts';

export interface ActivationsAbout {
  readonly model: string;
  readonly trait: string;
  /** Of the model, e.g. "gemma2". */
  readonly family: string;
  /** Of every text. */
  readonly ids: readonly string[];
  readonly questions: readonly string[];
}

/** Fold that is set aside as the origin's validation split; by question, which the origin's is not. */
const VALIDATION_FOLD = 0;

/** @param base folder of the trait and variant */
export function activationEntries(
  base: string,
  pooled: PooledActivations,
  folds: Folds,
  about: ActivationsAbout,
): FileEntry[] {
  return pooled.parts.flatMap((part) => {
    const folder = `${base}/activations/${positionFolder(part.position)}/${part.component}`;
    const splits = splitsOf(pooled, folds);
    // The origin has what leaves blocks alone: what enters the first has a file of its own.
    const first = part.component === 'residual' ? 1 : 0;
    const arrays = Object.entries(splits).flatMap(([split, texts]) => [
      ...arrayEntries(`${folder}/${split}_all_layers`, () => rowsOf(part, texts, first, part.entries), [
        ...[texts.length, part.entries - first, part.width],
      ]),
      ...(first === 0
        ? []
        : arrayEntries(`${folder}/${split}_embedding`, () => rowsOf(part, texts, 0, 1), [texts.length, part.width])),
    ]);
    return [...arrays, textEntry(`${folder}/metadata.json`, () => metadata(part, first, pooled, splits, about))];
  });
}

/** Positive texts first, as the origin stacks them. */
function splitsOf({ y }: PooledActivations, { of }: Folds): Readonly<Record<'train' | 'val', readonly number[]>> {
  const texts = Array.from(y, (_, text) => text).sort((a, b) => y[b] - y[a] || a - b);
  return {
    train: texts.filter((text) => of[text] !== VALIDATION_FOLD),
    val: texts.filter((text) => of[text] === VALIDATION_FOLD),
  };
}

function rowsOf(
  { values, entries, width }: PooledPart,
  texts: readonly number[],
  from: number,
  to: number,
): Float32Array<ArrayBuffer> {
  const size = (to - from) * width;
  const out = new Float32Array(texts.length * size);
  texts.forEach((text, row) => {
    const at = (text * entries + from) * width;
    out.set(values.subarray(at, at + size), row * size);
  });
  return out;
}

/** The same numbers twice: for NumPy, and for what reads safetensors. */
export function arrayEntries(
  path: string,
  data: () => Float32Array<ArrayBuffer>,
  shape: readonly number[],
): FileEntry[] {
  return [
    { path: `${path}.npy`, make: () => ({ path: `${path}.npy`, bytes: encodeNpy(data(), shape) }) },
    {
      path: `${path}.safetensors`,
      make: () => ({
        path: `${path}.safetensors`,
        bytes: encodeSafetensors({ tensors: new Map([['activations', { shape, data: data() }]]), metadata: {} }),
      }),
    },
  ];
}

function metadata(
  part: PooledPart,
  first: number,
  { y, n, length }: PooledActivations,
  { train, val }: ReturnType<typeof splitsOf>,
  { model, trait, family, ids, questions }: ActivationsAbout,
): string {
  const { position, component, entries, width, values } = part;
  const count = (texts: readonly number[], label: number) => texts.filter((text) => y[text] === label).length;
  const norms = Array.from({ length: entries - first }, (_, k) => {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const at = (i * entries + k + first) * width;
      sum += norm(values.subarray(at, at + width)) / n;
    }
    return [layerName(component, k + first).replace('layer', ''), sum] as const;
  });
  const told = (text: number) => ({
    index: text,
    id: ids[text],
    label: y[text] === 1 ? 'positive' : 'negative',
    question: questions[text],
    tokens: length[text],
  });
  return canonicalJson({
    ...{ model, trait, position, component },
    n_layers: entries - first,
    hidden_dim: width,
    n_examples_pos: count(train, 1),
    n_examples_neg: count(train, 0),
    n_val_pos: count(val, 1),
    n_val_neg: count(val, 0),
    validation: 'the first fold of questions: texts of a question are on one side',
    activation_norms: Object.fromEntries(norms),
    family,
    train_texts: train.map(told),
    val_texts: val.map(told),
  });
}
