/**
 * Loss and gradient of a score network, in f64: cross-entropy of its logits, each row with a weight of its own. Weights 1/(masked rows) give the
 * masked mean, 1/(t · rows) the NELBO a gene. Twin of the kernels of `training/`.
 */
import { attention, attentionBackward, rotated } from '../tensor/attention-twin.ts';
import { gelu, geluSlope } from '../tensor/erf.ts';
import {
  crossEntropy,
  linear,
  linearInputs,
  linearWeights,
  modulated,
  modulatedBackward,
  rowStatistics,
  type Values,
} from '../tensor/twin.ts';
import { type ScoreNetworkSpec, timeFeatures } from './spec.ts';
import { type Layer, type NetworkWalk, type NormStep, networkWalk } from './walk.ts';

/** Cells with everything that their loss hangs on. */
export interface ScoreBatch {
  readonly cells: number;
  /** What the network sees, [cells][genes]; the mask is `bins`. */
  readonly tokens: Values;
  readonly targets: Values;
  /** Of each row's cross-entropy in the loss; 0 where nothing is asked. */
  readonly weights: Values;
  /** σ of each cell, for networks with time. */
  readonly sigma?: Values;
  /** Rows of the label tables. */
  readonly perturbation?: Values;
  readonly cellType?: Values;
}

/** Tensors by name: matrices [in][out], tables [rows][width]. */
export type Parameters = ReadonlyMap<string, Values>;

export interface ScoreGradient {
  readonly loss: number;
  /** [rows][outputs]. */
  readonly logits: Float64Array;
  readonly gradient: ReadonlyMap<string, Float64Array>;
}

export const silu = (x: number) => x / (1 + Math.exp(-x));
const siluSlope = (x: number) => {
  const share = 1 / (1 + Math.exp(-x));
  return share * (1 + x * (1 - share));
};

/** One evaluation and what differentiates it: every operation leaves its backward step, which are then run from the last to the first. */
class Tape {
  readonly gradient = new Map<string, Float64Array>();
  readonly #steps: (() => void)[] = [];

  constructor(
    readonly parameters: Parameters,
    readonly walk: NetworkWalk,
    readonly spec: ScoreNetworkSpec,
  ) {}

  weight(name: string): Values {
    const values = this.parameters.get(name);
    if (!values) throw new RangeError(`the weights lack "${name}"`);
    return values;
  }

  add(name: string, slopes: Values): void {
    const sum = this.gradient.get(name) ?? new Float64Array(slopes.length);
    for (let i = 0; i < sum.length; i++) sum[i] += slopes[i];
    this.gradient.set(name, sum);
  }

  later(step: () => void): void {
    this.#steps.push(step);
  }

  back(): void {
    for (const step of this.#steps.toReversed()) step();
  }

  linear(x: Node, { name, inputs, outputs, biased }: Layer): Node {
    const rows = x.value.length / inputs;
    const w = this.weight(`${name}.weight`);
    const bias = biased ? this.weight(`${name}.bias`) : undefined;
    const y = node(linear(x.value, w, bias, rows, inputs, outputs));
    this.later(() => {
      const [dw, db] = linearWeights(x.value, y.slope, rows, inputs, outputs);
      this.add(`${name}.weight`, dw);
      if (biased) this.add(`${name}.bias`, db);
      accumulate(x, linearInputs(y.slope, w, rows, inputs, outputs));
    });
    return y;
  }

  map(x: Node, f: (value: number) => number, slope: (value: number) => number): Node {
    const y = node(x.value.map(f));
    this.later(() =>
      accumulate(
        x,
        y.slope.map((value, i) => value * slope(x.value[i])),
      ),
    );
    return y;
  }

  rows(name: string, index: Values): Node {
    const { width } = this.spec;
    const table = this.weight(name);
    const y = node(
      Float64Array.from(
        { length: index.length * width },
        (_, i) => table[index[Math.floor(i / width)] * width + (i % width)],
      ),
    );
    this.later(() => {
      const slopes = new Float64Array(table.length);
      y.slope.forEach((value, i) => {
        slopes[index[Math.floor(i / width)] * width + (i % width)] += value;
      });
      this.add(name, slopes);
    });
    return y;
  }

  sum(a: Node, b: Node): Node {
    const y = node(a.value.map((value, i) => value + b.value[i]));
    this.later(() => {
      accumulate(a, y.slope);
      accumulate(b, y.slope);
    });
    return y;
  }

  /** x + gate · y, the gate by cell. */
  joined(x: Node, y: Node, { gate }: NormStep, modulations: readonly Node[]): Node {
    if (!gate) return this.sum(x, y);
    const { genes, width } = this.spec;
    const from = modulations[gate.modulation];
    const stride = this.walk.modulations[gate.modulation].outputs;
    const at = (i: number) => Math.floor(i / (genes * width)) * stride + gate.at + (i % width);
    const z = node(x.value.map((value, i) => value + from.value[at(i)] * y.value[i]));
    this.later(() => {
      accumulate(x, z.slope);
      accumulate(
        y,
        z.slope.map((slope, i) => slope * from.value[at(i)]),
      );
      z.slope.forEach((slope, i) => {
        from.slope[at(i)] += slope * y.value[i];
      });
    });
    return z;
  }

  norm(x: Node, step: NormStep, modulations: readonly Node[]): Node {
    const { genes, width } = this.spec;
    const from = modulations[step.modulation];
    const m = { ...step, values: from.value, stride: this.walk.modulations[step.modulation].outputs };
    const statistics = rowStatistics(x.value, x.value.length / width, width, this.walk.epsilon);
    const h = node(modulated(x.value, statistics, m, genes, width));
    this.later(() => accumulate(x, modulatedBackward(h.slope, x.value, statistics, m, from.slope, genes, width)));
    return h;
  }

  attention(qkv: Node, cells: number): Node {
    const shape = { ...this.spec, cells };
    const turned = this.walk.rotary ? rotated(qkv.value, shape, 1) : qkv.value;
    const { output } = attention(turned, shape);
    const y = node(output);
    this.later(() => {
      const slopes = attentionBackward(turned, output, y.slope, shape);
      accumulate(qkv, this.walk.rotary ? rotated(slopes, shape, -1) : slopes);
    });
    return y;
  }
}

/** Values and, filled from behind, the slopes of the loss by them. */
interface Node {
  readonly value: Float64Array;
  readonly slope: Float64Array;
}

const node = (value: Float64Array): Node => ({ value, slope: new Float64Array(value.length) });

function accumulate({ slope }: Node, more: Values): void {
  for (let i = 0; i < slope.length; i++) slope[i] += more[i];
}

/** @throws RangeError where the weights lack a tensor */
export function scoreGradient(spec: ScoreNetworkSpec, parameters: Parameters, batch: ScoreBatch): ScoreGradient {
  const walk = networkWalk(spec);
  const tape = new Tape(parameters, walk, spec);
  const { cells, tokens, targets, weights } = batch;
  const modulations = walk.modulations.map(
    (
      (c) => (layer: Layer) =>
        tape.linear(c, layer)
    )(conditioning(tape, batch)),
  );
  const genes = Float64Array.from({ length: tokens.length }, (_, i) => i % spec.genes);
  let x = tape.sum(tape.rows('token_embed.weight', tokens), tape.rows('gene_embed.weight', genes));
  let branch: Node | undefined;
  const join = (step: NormStep): Node => {
    x = branch ? tape.joined(x, branch, step, modulations) : x;
    return tape.norm(x, step, modulations);
  };
  for (const block of walk.blocks) {
    const qkv = tape.linear(join(block.attentionNorm), block.qkv);
    branch = tape.linear(tape.attention(qkv, cells), block.attentionOutput);
    const hidden = tape.map(tape.linear(join(block.hiddenNorm), block.hidden), gelu, geluSlope);
    branch = tape.linear(hidden, block.hiddenOutput);
  }
  const logits = tape.linear(join(walk.outputNorm), walk.output);
  const { loss, slopes } = crossEntropy(logits.value, targets, weights, walk.outputs);
  accumulate(logits, slopes);
  tape.back();
  return { loss, logits: logits.value, gradient: tape.gradient };
}

/** What the modulations see, [cells][width]. */
function conditioning(tape: Tape, batch: ScoreBatch): Node {
  const { walk, spec } = tape;
  let c = node(new Float64Array(batch.cells * spec.width));
  for (const { kind, embedding, first, second } of walk.conditions) {
    const given = kind === 'time' ? batch.sigma : batch[kind];
    if (!given) throw new RangeError(`the network needs the ${kind} of each cell`);
    const input = embedding ? tape.rows(embedding, given) : features(spec, given);
    c = tape.sum(c, tape.linear(tape.map(tape.linear(input, first), gelu, geluSlope), second));
  }
  return walk.conditionActivated ? tape.map(c, silu, siluSlope) : c;
}

function features(spec: ScoreNetworkSpec, sigma: Values): Node {
  const rows = Array.from({ length: sigma.length }, (_, cell) => timeFeatures(spec, sigma[cell]));
  return node(Float64Array.from(rows.flatMap((row) => [...row])));
}
