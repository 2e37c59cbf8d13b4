/** The score network in f64, forward alone and for any number of genes: twin of the kernels that `forward.ts` puts together. */
import { attention, rotated } from '../tensor/attention-twin.ts';
import { gelu } from '../tensor/erf.ts';
import { linear, modulated, rowStatistics, type Values } from '../tensor/twin.ts';
import { outputsOf, type ScoreNetworkSpec, timeFeatures } from './spec.ts';
import { scoreTensors } from './tensors.ts';
import { type Layer, type NormStep, networkWalk } from './walk.ts';

/** Tensors by name: matrices [in][out], tables [rows][width]. */
export type Parameters = ReadonlyMap<string, Values>;

/** What the network sees of some cells. */
export interface ScoreInput {
  readonly cells: number;
  /** [cells][genes], as many genes a cell as there are, at most those of the network; V is the mask. */
  readonly tokens: Values;
  /** σ of each cell, for networks with time. */
  readonly sigma?: Values;
  /** Rows of the label tables, for networks with these conditions. */
  readonly perturbation?: Values;
  readonly cellType?: Values;
}

/** Values of a block, [rows][width]; what the attention adds is before its gate. */
export interface BlockValues {
  readonly attentionIn: Float64Array;
  readonly attentionOut: Float64Array;
  readonly output: Float64Array;
}

export interface ScoreValues {
  /** c, [cells][width]. */
  readonly conditioning: Float64Array;
  readonly embedded: Float64Array;
  readonly blocks: readonly BlockValues[];
  /** [cells · genes][outputs]. */
  readonly logits: Float64Array;
}

/** The tensors of a flat vector (`scoreTensors`), without padding. */
export function parametersOf(spec: ScoreNetworkSpec, weights: Values): Parameters {
  return new Map(
    scoreTensors(spec, 'f32').tensors.map(({ name, shape, at, stride }) => {
      const columns = shape[shape.length - 1];
      const count = shape.reduce((product, size) => product * size, 1);
      const value = (i: number) => weights[at + Math.floor(i / columns) * stride + (i % columns)];
      return [name, Float64Array.from({ length: count }, (_, i) => value(i))];
    }),
  );
}

const silu = (x: number) => x / (1 + Math.exp(-x));

/** @throws RangeError where the weights lack a tensor, or the cells a condition */
export function scoreForward(spec: ScoreNetworkSpec, parameters: Parameters, input: ScoreInput): ScoreValues {
  const { width, heads } = spec;
  const { cells, tokens } = input;
  const genes = tokens.length / cells;
  if (!Number.isInteger(genes) || genes > spec.genes)
    throw new RangeError(`${tokens.length} tokens are not ${cells} cells of at most ${spec.genes} genes`);
  const walk = networkWalk(spec);
  const weight = (name: string): Values => {
    const values = parameters.get(name);
    if (!values) throw new RangeError(`the weights lack "${name}"`);
    return values;
  };
  const apply = (x: Values, { name, inputs, outputs, biased }: Layer) =>
    linear(
      x,
      weight(`${name}.weight`),
      biased ? weight(`${name}.bias`) : undefined,
      x.length / inputs,
      inputs,
      outputs,
    );
  const row = (name: string, index: number) => {
    const table = weight(name);
    return Array.from({ length: width }, (_, j) => table[index * width + j]);
  };

  const conditioning = new Float64Array(cells * width);
  for (const { kind, embedding, first, second } of walk.conditions) {
    const given = kind === 'time' ? input.sigma : input[kind];
    if (given?.length !== cells) throw new RangeError(`the network needs the ${kind} of each cell`);
    const rows = Array.from(given as ArrayLike<number>, (value) =>
      embedding ? row(embedding, value) : [...timeFeatures(spec, value)],
    );
    apply(apply(rows.flat(), first).map(gelu), second).forEach((value, i) => {
      conditioning[i] += value;
    });
  }
  const driver = walk.conditionActivated ? conditioning.map(silu) : conditioning;
  const modulations = walk.modulations.map((layer) => apply(driver, layer));

  const shape = { cells, genes, width, heads };
  let x = Float64Array.from(
    Array.from(tokens as ArrayLike<number>, (token, i) => {
      const gene = row('gene_embed.weight', i % genes);
      return row('token_embed.weight', token).map((value, j) => value + gene[j]);
    }).flat(),
  );
  const join = (branch: Float64Array | undefined, step: NormStep): Float64Array => {
    const { gate } = step;
    if (branch) {
      const stride = gate ? walk.modulations[gate.modulation].outputs : 0;
      x = x.map((value, i) => {
        const at = Math.floor(i / (genes * width)) * stride + (i % width);
        return value + (gate ? modulations[gate.modulation][gate.at + at] : 1) * branch[i];
      });
    }
    const statistics = rowStatistics(x, cells * genes, width, walk.epsilon);
    const values = modulations[step.modulation];
    return modulated(x, statistics, { ...step, values, stride: values.length / cells }, genes, width);
  };

  const embedded = x;
  const blocks: BlockValues[] = [];
  let branch: Float64Array | undefined;
  let pending: Omit<BlockValues, 'output'> | undefined;
  /** A block's output is known when what comes behind it has added its last branch. */
  const finish = () => {
    if (pending) blocks.push({ ...pending, output: x });
  };
  for (const block of walk.blocks) {
    const attentionIn = join(branch, block.attentionNorm);
    finish();
    const qkv = apply(attentionIn, block.qkv);
    branch = apply(attention(walk.rotary ? rotated(qkv, shape, 1) : qkv, shape).output, block.attentionOutput);
    pending = { attentionIn, attentionOut: branch };
    branch = apply(apply(join(branch, block.hiddenNorm), block.hidden).map(gelu), block.hiddenOutput);
  }
  const out = join(branch, walk.outputNorm);
  finish();
  return { conditioning, embedded, blocks, logits: apply(out, walk.output) };
}

/** log softmax over the bins of every row: the origin's column of the mask is left out, since that token is never drawn. */
export function logProbabilities(spec: ScoreNetworkSpec, logits: Values): Float64Array {
  const { bins } = spec;
  const outputs = outputsOf(spec);
  const rows = logits.length / outputs;
  const found = new Float64Array(rows * bins);
  for (let r = 0; r < rows; r++) {
    const own = Array.from({ length: bins }, (_, v) => logits[r * outputs + v]);
    const most = Math.max(...own);
    const logSum = most + Math.log(own.reduce((sum, logit) => sum + Math.exp(logit - most), 0));
    for (let v = 0; v < bins; v++) found[r * bins + v] = own[v] - logSum;
  }
  return found;
}
