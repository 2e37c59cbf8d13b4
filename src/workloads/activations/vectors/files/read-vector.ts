/** The user's vectors: safetensors, NumPy, or GGUF as llama.cpp and repeng have them. */

import { FileError } from '../../../../bundle/file-error.ts';
import { decodeGguf, isGguf } from '../../../../bundle/gguf.ts';
import { decodeNpy, isNpy } from '../../../../bundle/npy.ts';
import type { Tensor } from '../../../../bundle/safetensors.ts';
import { decodeSafetensors } from '../../../../bundle/safetensors.ts';
import { residualOfName } from './names.ts';

/** A vector at `residual` `layer`, that is behind that block, counted from 1; undefined: the file does not say. */
export interface ReadVector {
  readonly layer?: number;
  readonly values: Float32Array<ArrayBuffer>;
}

export interface ReadVectors {
  /** At least one, of equal width, by layer. */
  readonly vectors: readonly ReadVector[];
  readonly width: number;
  /** What the file says of itself, in words. */
  readonly told?: string;
}

const HOW = 'Give one vector as safetensors or .npy, or a control vector as .gguf.';

/** @throws FileError for a file that holds no vectors, vectors of several widths, none but zeros, or other than finite numbers */
export function readVectors(file: string, bytes: Uint8Array<ArrayBuffer>): ReadVectors {
  const found = isGguf(bytes)
    ? fromGguf(file, bytes)
    : isNpy(bytes)
      ? fromNpy(file, bytes)
      : fromSafetensors(file, bytes);
  const vectors = found.vectors.toSorted((a, b) => (a.layer ?? 0) - (b.layer ?? 0));
  if (vectors.length === 0) throw new FileError(file, 'it holds no vector', HOW);
  const width = vectors[0].values.length;
  const other = vectors.find(({ values }) => values.length !== width);
  if (other)
    throw new FileError(
      file,
      `its vectors have ${width} and ${other.values.length} numbers`,
      'Give vectors of one model.',
    );
  for (const { values, layer } of vectors) {
    const where = layer === undefined ? '' : ` behind block ${layer}`;
    if (!values.every(Number.isFinite))
      throw new FileError(file, `its vector${where} has values that are no numbers`, HOW);
    if (values.every((value) => value === 0)) throw new FileError(file, `its vector${where} is 0`, HOW);
  }
  return { ...found, vectors, width };
}

type Found = Omit<ReadVectors, 'width'>;

function fromGguf(file: string, bytes: Uint8Array): Found {
  const { values, tensors } = decodeGguf(file, bytes);
  const architecture = values.get('general.architecture');
  if (architecture !== 'controlvector')
    throw new FileError(file, `it is a ${String(architecture ?? 'model')}, not a control vector`, HOW);
  const vectors = [...tensors].flatMap(([name, { data }]) => {
    const found = /^direction\.(\d+)$/.exec(name);
    return found ? [{ layer: Number(found[1]) + 1, values: data }] : [];
  });
  const hint = values.get('controlvector.model_hint');
  return { vectors, ...(typeof hint === 'string' && { told: `a control vector for ${hint}` }) };
}

/** A vector, or one a layer: rows are what leaves the blocks, as the origin counts. */
function fromNpy(file: string, bytes: Uint8Array): Found {
  const { shape, data } = decodeNpy(file, bytes);
  const values = Float32Array.from(data);
  const sizes = shape.length > 1 && shape[0] === 1 ? shape.slice(1) : shape;
  if (sizes.length === 1) return { vectors: [{ ...namedLayer(file), values }] };
  if (sizes.length !== 2) throw new FileError(file, `an array of shape [${shape.join(', ')}] is no vector`, HOW);
  const width = sizes[1];
  return {
    vectors: Array.from({ length: sizes[0] }, (_, row) => ({
      layer: row + 1,
      values: values.slice(row * width, (row + 1) * width),
    })),
  };
}

function fromSafetensors(file: string, bytes: Uint8Array): Found {
  const { tensors, metadata } = decodeSafetensors(file, bytes);
  const flat = [...tensors].filter(([, { shape, data }]) => data.length > 0 && Math.max(...shape) === data.length);
  const by = (pattern: RegExp, more: number) =>
    flat.flatMap(([name, { data }]: [string, Tensor]) => {
      const found = pattern.exec(name);
      return found ? [{ layer: Number(found[1]) + more, values: data }] : [];
    });
  const layers = [...by(/^direction\.(\d+)$/, 1), ...by(/^layer_?(\d+)$/, 1), ...by(/^residual_?(\d+)$/, 0)];
  const told = [metadata.method, metadata.position].filter((text) => text !== undefined && text !== '').join(' at ');
  const about = told === '' ? {} : { told };
  if (layers.length > 0) return { vectors: layers, ...about };
  const own = flat.find(([name]) => name === 'vector') ?? (flat.length === 1 ? flat[0] : undefined);
  if (!own)
    throw new FileError(
      file,
      `it holds ${tensors.size} tensors, none of which is called vector or layer0, layer1, …`,
      HOW,
    );
  const residual = /^\d+$/.test(metadata.residual ?? '') ? { layer: Number(metadata.residual) } : namedLayer(file);
  return { vectors: [{ ...residual, values: own[1].data }], ...about };
}

function namedLayer(file: string): { layer?: number } {
  const layer = residualOfName(file);
  return layer === undefined ? {} : { layer };
}
