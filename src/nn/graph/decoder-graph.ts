/** Graphs of decoders (GPT-2, Llama, Qwen2), with parameters as Hugging Face's files have them. */
import { placeOf, prefixOf } from '../transformer/names.ts';
import { rotaryFrequencies } from '../transformer/rotary.ts';
import type { DecoderSpec } from '../transformer/spec.ts';
import { type BlockTensor, decoderTensors, type TensorName } from '../transformer/weights.ts';
import { type BlockSites, type Graph, numbersOf, type Operation, type ParameterTensor, type Slice } from './graph.ts';

/** A tensor as a file names it. */
export interface FileTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

/** What of a decoder has no operation here, as a sentence; undefined where all of it has. */
export function graphObjection(spec: DecoderSpec): string | undefined {
  const lacks = [
    spec.norm.post && 'norms behind attention and MLP',
    spec.norm.unit === 1 && 'norms whose weight is added to 1',
    spec.scoreCap !== undefined && 'capped scores',
    spec.logitCap !== undefined && 'capped logits',
    spec.window !== undefined && 'windows of attention',
    spec.embeddingScale !== 1 && 'scaled embeddings',
  ].filter((word) => typeof word === 'string');
  if (lacks.length === 0) return undefined;
  return `It is a ${spec.family} with ${lacks.join(', ')}, whose derivatives are not computed here: give a model in the layout of GPT-2, Llama or Qwen2.`;
}

/** Every tensor of the spec's files in the order in which Hugging Face writes them. */
export function fileTensors(spec: DecoderSpec): readonly FileTensor[] {
  const seen = new Map<string, FileTensor>();
  for (const tensor of decoderTensors(spec)) {
    const { name, shape } = placeOf(spec, tensor);
    const full = tensor.name === 'unembedding' ? name : prefixOf(spec) + name;
    if (!seen.has(full)) seen.set(full, { name: full, shape });
  }
  return [...seen.values()];
}

/**
 * @param files the model's tensors by name in the order of θ, all of them and no others; as Hugging Face writes them unless given
 * @throws RangeError for what `graphObjection` objects to
 */
export function decoderGraph(spec: DecoderSpec, files: readonly FileTensor[] = fileTensors(spec)): Graph {
  const objection = graphObjection(spec);
  if (objection) throw new RangeError(objection);
  const { layers, width, heads, kvHeads, head, hidden, vocabulary, norm, rotary, tied, biases, mlp } = spec;
  const own = new Map(decoderTensors(spec).map((tensor) => [tensor.name, placeOf(spec, tensor)]));
  const there = new Set(files.map(({ name }) => name));
  const fileName = (name: TensorName) => {
    const short = own.get(name)!.name;
    return there.has(short) ? short : prefixOf(spec) + short;
  };
  const filters = filtersOf(spec, fileName);
  let size = 0;
  const parameters = files.map(({ name, shape }): ParameterTensor => {
    const at = size;
    size += numbersOf(shape);
    return { name, shape, at, filter: filters.get(name) ?? 'none' };
  });

  const widths: Record<string, number> = {};
  const operations: Operation[] = [];
  const value = (name: string, numbers: number) => {
    widths[name] = numbers;
    return name;
  };
  const linear = (
    x: string,
    name: TensorName,
    bias: TensorName | undefined,
    inputs: number,
    outputs: number,
    out: string,
  ) => {
    operations.push({
      kind: 'linear',
      x,
      weight: fileName(name),
      ...(bias && { bias: fileName(bias) }),
      layout: own.get(name)!.turned ? 'in-out' : 'out-in',
      inputs,
      outputs,
      out: value(out, outputs),
    });
    return out;
  };
  const normed = (x: string, name: 'normF' | `blocks.${number}.norm1` | `blocks.${number}.norm2`, out: string) => {
    operations.push({
      kind: 'norm',
      norm: norm.kind,
      epsilon: norm.epsilon,
      x,
      weight: fileName(`${name}.weight` as TensorName),
      ...(norm.kind === 'layer' && { bias: fileName(`${name}.bias` as TensorName) }),
      out: value(out, width),
    });
    return out;
  };
  const added = (a: string, b: string, out: string) => {
    operations.push({ kind: 'add', a, b, out: value(out, width) });
    return out;
  };

  operations.push({ kind: 'embed', table: fileName('embedding'), out: value('embedded', width) });
  let x = 'embedded';
  if (!rotary) {
    operations.push({ kind: 'positions', x, table: fileName('positions'), out: value('h.0', width) });
    x = 'h.0';
  }
  const frequencies = [...rotaryFrequencies(spec)];
  const residuals = [x];
  const blocks: BlockSites[] = [];
  for (let l = 0; l < layers; l++) {
    const of = (part: BlockTensor): TensorName => `blocks.${l}.${part}`;
    const biasOf = (part: 'q' | 'k' | 'v' | 'o' | 'up' | 'down') =>
      biases === 'all' || (biases === 'qkv' && 'qkv'.includes(part)) ? of(`${part}.bias`) : undefined;
    const before = x;
    const h1 = normed(x, `blocks.${l}.norm1`, `norm1.${l}`);
    const slices = {} as Record<'q' | 'k' | 'v', Slice>;
    const sizes = { q: heads * head, k: kvHeads * head, v: kvHeads * head };
    if (fileName(of('q.weight')) === fileName(of('k.weight'))) {
      const joint = linear(h1, of('q.weight'), biasOf('q'), width, sizes.q + sizes.k + sizes.v, `qkv.${l}`);
      slices.q = { value: joint, from: 0 };
      slices.k = { value: joint, from: sizes.q };
      slices.v = { value: joint, from: sizes.q + sizes.k };
    } else {
      for (const part of ['q', 'k', 'v'] as const)
        slices[part] = {
          value: linear(h1, of(`${part}.weight`), biasOf(part), width, sizes[part], `${part}.${l}`),
          from: 0,
        };
    }
    if (rotary)
      for (const part of ['q', 'k'] as const) {
        const out = value(`${part}r.${l}`, sizes[part]);
        const turned = { heads: part === 'q' ? heads : kvHeads, head, frequencies };
        operations.push({ kind: 'rotary', x: slices[part].value, ...turned, out });
        slices[part] = { value: out, from: 0 };
      }
    const pattern = `pattern.${l}`;
    const attended = value(`heads.${l}`, heads * head);
    operations.push({ kind: 'attention', ...slices, heads, kvHeads, head, scale: spec.scale, pattern, out: attended });
    const attention = linear(attended, of('o.weight'), biasOf('o'), heads * head, width, `attention.${l}`);
    const middle = added(x, attention, `middle.${l}`);
    const h2 = normed(middle, `blocks.${l}.norm2`, `norm2.${l}`);
    const up = linear(h2, of('up.weight'), biasOf('up'), width, hidden, `up.${l}`);
    const gate = mlp.gated ? linear(h2, of('gate.weight'), undefined, width, hidden, `gate.${l}`) : up;
    let units = value(`active.${l}`, hidden);
    operations.push({ kind: 'activation', activation: mlp.activation, x: gate, out: units });
    if (mlp.gated) {
      operations.push({ kind: 'multiply', a: units, b: up, out: value(`units.${l}`, hidden) });
      units = `units.${l}`;
    }
    const down = linear(units, of('down.weight'), biasOf('down'), hidden, width, `mlp.${l}`);
    x = added(middle, down, `h.${l + 1}`);
    residuals.push(x);
    blocks.push({ residual: before, heads: attended, attention, mlp: down, pattern });
  }
  const final = normed(x, 'normF', 'final');
  const unembedding = tied ? 'embedding' : 'unembedding';
  linear(final, unembedding, undefined, width, vocabulary, 'logits');
  return {
    name: spec.family,
    parameters,
    size,
    widths,
    operations,
    input: { kind: 'tokens', vocabulary },
    embedded: 'embedded',
    residuals,
    final,
    output: 'logits',
    head: { kind: 'cross-entropy', vocabulary },
    blocks,
    positions: spec.positions,
    layers,
    heads,
  };
}

/** Embeddings by their entries, Conv1D by its columns, Linear by its rows. */
function filtersOf(spec: DecoderSpec, fileName: (name: TensorName) => string) {
  return new Map(
    decoderTensors(spec).map((tensor) => {
      const { turned } = placeOf(spec, tensor);
      const filter = tensor.shape.length === 1 ? 'none' : turned ? 'column' : 'row';
      return [fileName(tensor.name), filter] as const;
    }),
  );
}
