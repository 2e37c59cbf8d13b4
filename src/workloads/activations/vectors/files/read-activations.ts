/** Activations of an earlier run, from the tree that it wrote. */
import * as v from 'valibot';
import { FileError } from '../../../../bundle/file-error.ts';
import { readJson, record } from '../../../../bundle/json-record.ts';
import { parseJson } from '../../../../bundle/json-text.ts';
import { decodeNpy } from '../../../../bundle/npy.ts';
import { COMPONENTS } from '../../../../nn/transformer/capture.ts';
import type { PooledActivations, PooledPart } from '../types.ts';
import type { VectorsAbout } from './vector-entries.ts';

const TEXT = record({
  index: v.number(),
  label: v.picklist(['positive', 'negative']),
  question: v.string(),
  tokens: v.number(),
});

const METADATA = record({
  model: v.string(),
  family: v.string(),
  trait: v.string(),
  position: v.string(),
  component: v.picklist(COMPONENTS),
  trainTexts: v.array(TEXT),
  valTexts: v.array(TEXT),
});

const AGAIN = 'Give the output folder of a run of this version.';

/** Files of a folder of a position and component: bytes by name, "metadata.json" and arrays. */
export type FolderFiles = (name: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;

/**
 * One folder a position and component, of one run.
 * @param folders by path @throws FileError where something is missing or damaged, or folders are of several runs
 */
export async function readActivations(
  folders: ReadonlyMap<string, FolderFiles>,
): Promise<{ readonly pooled: PooledActivations; readonly about: VectorsAbout }> {
  let first:
    | { readonly texts: readonly v.InferOutput<typeof TEXT>[]; readonly about: VectorsAbout; readonly key: string }
    | undefined;
  const parts: PooledPart[] = [];
  for (const [path, file] of folders) {
    const bytes = async (name: string) => {
      const found = await file(name);
      if (!found) throw new FileError(`${path}/${name}`, 'it is not there', AGAIN);
      return found;
    };
    const name = `${path}/metadata.json`;
    const text = new TextDecoder().decode(await bytes('metadata.json'));
    const told = readJson(path, name, METADATA, parsed(name, text));
    const { position, component, trainTexts, valTexts, model, trait, family } = told;
    const rows = [...trainTexts, ...valTexts];
    const key = JSON.stringify([model, trait, [...rows].sort((a, b) => a.index - b.index)]);
    first ??= { texts: [...rows].sort((a, b) => a.index - b.index), about: { model, trait, family }, key };
    if (key !== first.key) throw new FileError(name, 'it is of other texts than the first folder', AGAIN);
    const place = new Map(first.texts.map(({ index }, at) => [index, at]));
    const order = rows.map(({ index }) => place.get(index)!);
    const splits = [trainTexts.length, valTexts.length];
    const all = await joined(path, 'all_layers', splits, bytes);
    const before = component === 'residual' ? await joined(path, 'embedding', splits, bytes) : undefined;
    parts.push({ position, component, ...stacked(path, order, all, before) });
  }
  if (!first) throw new FileError('extraction', 'no activations are there', AGAIN);
  const { texts, about } = first;
  const numbers = new Map<string, number>();
  for (const { question } of texts) if (!numbers.has(question)) numbers.set(question, numbers.size);
  return {
    about,
    pooled: {
      n: texts.length,
      y: Uint8Array.from(texts, ({ label }) => Number(label === 'positive')),
      question: Uint32Array.from(texts, ({ question }) => numbers.get(question)!),
      length: Uint32Array.from(texts, ({ tokens }) => tokens),
      parts,
    },
  };
}

function parsed(name: string, text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    throw new FileError(name, 'it is no JSON', AGAIN);
  }
}

interface Rows {
  readonly values: Float32Array;
  /** Layers of a text, and numbers of one. */
  readonly entries: number;
  readonly width: number;
}

/** Rows of train, then of val. */
async function joined(
  path: string,
  what: string,
  counts: readonly number[],
  bytes: (name: string) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<Rows> {
  const splits = await Promise.all(
    ['train', 'val'].map(async (split, at) => {
      const name = `${split}_${what}.npy`;
      const { shape, data } = decodeNpy(`${path}/${name}`, await bytes(name));
      const [n, ...rest] = shape;
      if (n !== counts[at] || rest.length < 1 || rest.length > 2)
        throw new FileError(
          `${path}/${name}`,
          `its shape is [${shape.join(', ')}], and there are ${counts[at]} texts`,
          AGAIN,
        );
      return { data, entries: rest.length === 2 ? rest[0] : 1, width: rest[rest.length - 1] };
    }),
  );
  const [{ entries, width }, other] = splits;
  if (other.entries !== entries || other.width !== width)
    throw new FileError(`${path}/val_${what}.npy`, 'it has other layers than those of train', AGAIN);
  return { values: Float32Array.from(splits.flatMap(({ data }) => Array.from(data))), entries, width };
}

/** Texts in their own order, what comes before the first block in front. @param order place of every row */
function stacked(path: string, order: readonly number[], all: Rows, before: Rows | undefined) {
  const { width } = all;
  if (before && before.width !== width) throw new FileError(path, 'its embedding has another width', AGAIN);
  const first = before ? 1 : 0;
  const entries = all.entries + first;
  const values = new Float32Array(order.length * entries * width);
  order.forEach((text, row) => {
    const at = text * entries * width;
    if (before) values.set(before.values.subarray(row * width, (row + 1) * width), at);
    const size = all.entries * width;
    values.set(all.values.subarray(row * size, (row + 1) * size), at + first * width);
  });
  return { values, entries, width };
}
