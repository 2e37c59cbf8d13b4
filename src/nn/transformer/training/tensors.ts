/**
 * Tensors of a decoder that is trained, in one flat vector: matrices [in][out], q, k and v side by side, gate and value of the MLP side by side,
 * so that each is one product; the embedding a row a token. And how they stand in the decoder's own names and shapes.
 */
import { filled, type TensorTable, type WorkingTensor } from '../../optimiser/tensor-table.ts';
import type { DecoderSpec } from '../spec.ts';
import type { BlockTensor, TensorName } from '../weights.ts';

/** WebGPU lets bindings begin at multiples of this many bytes. */
const ALIGNMENT = 256;
const WORD = 4;

/** Columns of a matrix, or the whole of a vector or table, that are a tensor of the decoder. */
export interface TrainedPart {
  readonly name: TensorName;
  readonly from: number;
  readonly columns: number;
}

export interface TrainedTensor extends WorkingTensor {
  readonly kind: 'matrix' | 'table' | 'vector';
  readonly parts: readonly TrainedPart[];
}

export interface TrainedTensors {
  readonly tensors: readonly TrainedTensor[];
  readonly table: TensorTable;
  /** @throws RangeError for a name that the decoder does not have */
  tensor(name: string): TrainedTensor;
  /** Bytes of the copy [in][out] in the buffer of working copies. */
  plain(name: string): { readonly offset: number; readonly bytes: number };
  /** Of the copy [out][in]. */
  transposed(name: string): { readonly offset: number; readonly bytes: number };
}

/** @throws RangeError for a decoder that these kernels do not train */
export function checkTrainable(spec: DecoderSpec): void {
  const { family, heads, kvHeads, head, width, hidden, vocabulary, scale } = spec;
  if (family !== 'llama') throw new RangeError(`a decoder of the family ${family} cannot be trained here; llama can`);
  if (kvHeads !== heads) throw new RangeError(`kvHeads must be as many as heads, ${heads}, and are ${kvHeads}`);
  if (heads * head !== width) throw new RangeError(`heads × head must be the width ${width}, and is ${heads * head}`);
  if (head % 8 !== 0 || head > 64) throw new RangeError(`head must be 8, 16 … 64, and is ${head}`);
  if (hidden % 4 !== 0) throw new RangeError(`hidden must be a multiple of 4, and is ${hidden}`);
  if (vocabulary % 4 !== 0 || vocabulary > 65_536)
    throw new RangeError(`vocabulary must be a multiple of 4 up to 65,536, and is ${vocabulary}`);
  if (Math.abs(scale * Math.sqrt(head) - 1) > 1e-9) throw new RangeError('scale must be 1/√head');
  if (!spec.tied || !spec.rotary || spec.rotary.llama3 || spec.biases !== 'none' || spec.window)
    throw new RangeError('a Llama with tied embedding, plain rotary positions, no biases and no window can be trained');
}

type Named = Pick<TrainedTensor, 'name' | 'kind' | 'shape' | 'parts'>;

function named({ layers, width, hidden, vocabulary }: DecoderSpec): Named[] {
  const whole = (name: TensorName, columns: number) => [{ name, from: 0, columns }];
  const block = (layer: number): Named[] => {
    const own = (name: BlockTensor): TensorName => `blocks.${layer}.${name}`;
    const vector = (name: 'norm1.weight' | 'norm2.weight'): Named => ({
      name: own(name),
      kind: 'vector',
      shape: [width],
      parts: whole(own(name), width),
    });
    const matrix = (name: string, rows: number, columns: number, parts: readonly BlockTensor[]): Named => ({
      name: `blocks.${layer}.${name}`,
      kind: 'matrix',
      shape: [rows, columns * parts.length],
      parts: parts.map((part, i) => ({ name: own(part), from: i * columns, columns })),
    });
    return [
      vector('norm1.weight'),
      matrix('qkv', width, width, ['q.weight', 'k.weight', 'v.weight']),
      matrix('o', width, width, ['o.weight']),
      vector('norm2.weight'),
      matrix('gateUp', width, hidden, ['gate.weight', 'up.weight']),
      matrix('down', hidden, width, ['down.weight']),
    ];
  };
  return [
    { name: 'embedding', kind: 'table', shape: [vocabulary, width], parts: whole('embedding', width) },
    ...Array.from({ length: layers }, (_, layer) => block(layer)).flat(),
    { name: 'normF.weight', kind: 'vector', shape: [width], parts: whole('normF.weight', width) },
  ];
}

/** @throws RangeError as `checkTrainable` */
export function trainedTensors(spec: DecoderSpec): TrainedTensors {
  checkTrainable(spec);
  let [size, workingBytes, copied] = [0, 0, 0];
  const copyAt = (count: number) => {
    const at = workingBytes;
    workingBytes += ALIGNMENT * Math.ceil((count * WORD) / ALIGNMENT);
    copied += count;
    return at;
  };
  const tensors = named(spec).map((each): TrainedTensor => {
    const columns = each.shape[each.shape.length - 1];
    const rows = each.shape.length === 2 ? each.shape[0] : 1;
    const stride = filled(columns);
    const at = size;
    size += rows * stride;
    const plain = copyAt(rows * stride);
    const turned = each.kind === 'vector' ? {} : { transposed: copyAt(columns * filled(rows)) };
    return { ...each, at, stride, storage: 'f32', plain, ...turned };
  });
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const tensor = (name: string) => {
    const found = byName.get(name);
    if (!found) throw new RangeError(`the decoder has no tensor ${name}`);
    return found;
  };
  const bytes = ({ shape }: TrainedTensor) => WORD * shape.reduce((product, each) => product * each, 1);
  const range = (name: string, copy: 'plain' | 'transposed') => {
    const found = tensor(name);
    const offset = found[copy];
    if (offset === undefined) throw new RangeError(`there is no ${copy} copy of ${name}`);
    return { offset, bytes: bytes(found) };
  };
  return {
    tensors,
    table: {
      tensors,
      size,
      workingBytes,
      workingFormula: `${copied} weights and transposed copies × 4 B, each tensor filled to ${ALIGNMENT} B`,
    },
    tensor,
    plain: (name) => range(name, 'plain'),
    transposed: (name) => range(name, 'transposed'),
  };
}
