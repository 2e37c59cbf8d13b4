/**
 * The score network as ONNX operations in f32: one cell a call, and of its last block only what the logits of the listed rows need. Its f64
 * twin is `twin.ts`.
 */
import { OnnxGraph } from '../onnx-graph.ts';
import { LONGEST_PERIOD, type ScoreNetworkSpec } from './spec.ts';
import { parametersOf } from './twin.ts';
import { type Layer, type NetworkWalk, type NormStep, networkWalk } from './walk.ts';

/** What a call gives, by name; of the conditions those that the network has. */
export const SCORE_INPUTS = {
  /** i32 [genes], the mask is V. */
  tokens: 'tokens',
  /** i32 [rows]: genes whose logits are asked for. */
  rows: 'rows',
  /** f32 [1, features], `timeFeatures` of σ. */
  time: 'time',
  /** i32 [1], rows of the label tables. */
  perturbation: 'perturbation',
  cellType: 'cellType',
} as const;
/** What it gets: f32 [rows, outputs]. */
export const SCORE_OUTPUT = 'logits';

/** @throws RangeError where the weights do not fit the network */
export function scoreNetworkOnnx(spec: ScoreNetworkSpec, weights: Float32Array): Uint8Array<ArrayBuffer> {
  const graph = new OnnxGraph();
  graph.input(SCORE_INPUTS.tokens, [spec.genes], 'i32');
  graph.input(SCORE_INPUTS.rows, ['rows'], 'i32');
  const model = new ScoreOnnx(graph, spec, weights);
  model.addLogits();
  graph.output(SCORE_OUTPUT, ['rows', model.walk.outputs]);
  return graph.encode();
}

/** A norm's shift and scale [width] and the gate [1, width] of what joins before it. */
interface Modulated {
  readonly shift: string;
  readonly scale: string;
  readonly gate: string | undefined;
}

class ScoreOnnx {
  readonly walk: NetworkWalk;
  readonly #graph: OnnxGraph;
  readonly #spec: ScoreNetworkSpec;
  readonly #parameters: ReadonlyMap<string, ArrayLike<number>>;
  readonly #modulations = new Map<string, string>();
  #driver = '';

  constructor(graph: OnnxGraph, spec: ScoreNetworkSpec, weights: Float32Array) {
    this.walk = networkWalk(spec);
    this.#graph = graph;
    this.#spec = spec;
    this.#parameters = parametersOf(spec, weights);
    const { width, heads, genes } = spec;
    this.#shape('by heads', [-1, heads, width / heads]);
    this.#shape('by rows', [-1, width]);
    this.#shape('of a vector', [width]);
    graph.constant('half', [], Float32Array.of(0.5));
    graph.constant('one', [], Float32Array.of(1));
    graph.constant('root of two', [], Float32Array.of(Math.SQRT2));
    this.#table('token_embed.weight', this.#spec.bins + 1);
    this.#table('gene_embed.weight', genes);
    if (this.walk.rotary) this.#addRotations();
  }

  /** The whole network; the last node is the logits. */
  addLogits(): void {
    const { walk } = this;
    const { tokens, rows } = SCORE_INPUTS;
    this.#addDriver();
    let x = this.#node(
      'Add',
      [this.#node('Gather', ['token_embed.weight', tokens], 'tokens x'), 'gene_embed.weight'],
      'x',
    );
    let branch: string | undefined;
    /** x and what the norm makes of it. */
    const join = (step: NormStep, id: string): string => {
      const { gate, shift, scale } = this.#modulated(step);
      const added = branch && gate ? this.#node('Mul', [branch, gate], `${id} gated`) : branch;
      x = added ? this.#node('Add', [x, added], `${id} x`) : x;
      return this.#node('LayerNormalization', [x, scale, shift], `${id} norm`, {
        axis: 1,
        epsilon: { real: walk.epsilon },
      });
    };
    walk.blocks.forEach((block, i) => {
      const id = `block ${i}`;
      const h = join(block.attentionNorm, `${id} attention`);
      const last = i === walk.blocks.length - 1;
      const asking = last ? this.#node('Gather', [h, rows], `${id} rows`) : h;
      if (last) x = this.#node('Gather', [x, rows], `${id} x of rows`);
      branch = this.#linear(this.#attention(block.qkv, asking, h, last, id), block.attentionOutput);
      const hidden = this.#linear(join(block.hiddenNorm, `${id} hidden`), block.hidden);
      branch = this.#linear(this.#gelu(hidden), block.hiddenOutput);
    });
    this.#linear(join(walk.outputNorm, 'out'), walk.output, SCORE_OUTPUT);
  }

  #node(...given: Parameters<OnnxGraph['node']>): string {
    return this.#graph.node(...given);
  }

  #shape(name: string, sizes: readonly number[]): void {
    this.#graph.constant(name, [sizes.length], BigInt64Array.from(sizes, BigInt));
  }

  #values(name: string): ArrayLike<number> {
    const values = this.#parameters.get(name);
    if (!values) throw new RangeError(`the weights lack "${name}"`);
    return values;
  }

  #table(name: string, rows: number): string {
    return this.#graph.constant(name, [rows, this.#spec.width], Float32Array.from(this.#values(name)));
  }

  /** x W + b. */
  #linear(x: string, layer: Layer, output = `${layer.name} y`): string {
    return this.#columns(x, layer, 0, layer.outputs, output);
  }

  /** Some columns of x W + b, of `factor` (x W + b) + `more`. */
  #columns(x: string, layer: Layer, from: number, count: number, output: string, factor = 1, more = 0): string {
    const { name, inputs, outputs, biased } = layer;
    const w = this.#values(`${name}.weight`);
    const part = Float32Array.from(
      { length: inputs * count },
      (_, i) => factor * w[Math.floor(i / count) * outputs + from + (i % count)],
    );
    const weight = this.#graph.constant(`${output} weight`, [inputs, count], part);
    if (!biased) return this.#node('MatMul', [x, weight], output);
    const b = this.#values(`${name}.bias`);
    const bias = Float32Array.from({ length: count }, (_, i) => factor * b[from + i] + more);
    return this.#node('Gemm', [x, weight, this.#graph.constant(`${output} bias`, [count], bias)], output);
  }

  /** ½ x (1 + erf(x/√2)). */
  #gelu(x: string): string {
    const erf = this.#node('Erf', [this.#node('Div', [x, 'root of two'], `${x} scaled`)], `${x} erf`);
    const share = this.#node('Add', [erf, 'one'], `${x} share`);
    return this.#node('Mul', [this.#node('Mul', [x, share], `${x} doubled`), 'half'], `${x} gelu`);
  }

  /** What the modulations see, [1, width]. */
  #addDriver(): void {
    const { width, timeFeatures } = this.#spec;
    const { walk } = this;
    let sum: string | undefined;
    for (const { kind, embedding, rows, first, second } of walk.conditions) {
      if (embedding) this.#graph.input(SCORE_INPUTS[kind], [1], 'i32');
      else this.#graph.input(SCORE_INPUTS[kind], [1, timeFeatures]);
      const given = embedding
        ? this.#node('Gather', [this.#table(embedding, rows), SCORE_INPUTS[kind]], `${kind} label`)
        : SCORE_INPUTS[kind];
      const own = this.#linear(this.#gelu(this.#linear(given, first)), second);
      sum = sum ? this.#node('Add', [sum, own], `c with ${kind}`) : own;
    }
    const c = sum ?? this.#graph.constant('c', [1, width], new Float32Array(width));
    this.#driver = walk.conditionActivated
      ? this.#node('Mul', [c, this.#node('Sigmoid', [c], 'c logistic')], 'c silu')
      : c;
  }

  #modulated({ modulation, shift, scale, unit, gate }: NormStep): Modulated {
    const vector = (at: number, more: number) =>
      this.#node(
        'Reshape',
        [this.#modulation(modulation, at, more), 'of a vector'],
        `modulation ${modulation} ${at} vector`,
      );
    return {
      shift: vector(shift, 0),
      scale: vector(scale, unit),
      gate: gate && this.#modulation(gate.modulation, gate.at, 0),
    };
  }

  /** [1, width]. */
  #modulation(index: number, at: number, more: number): string {
    const name = `modulation ${index} ${at}`;
    const known = this.#modulations.get(name);
    if (known) return known;
    const made = this.#columns(this.#driver, this.walk.modulations[index], at, this.#spec.width, name, 1, more);
    this.#modulations.set(name, made);
    return made;
  }

  /** Softmax(q kᵀ/√size) v of some rows over all genes, [rows, width]; the root is part of the weights of q. */
  #attention(qkv: Layer, asking: string, h: string, last: boolean, id: string): string {
    const { width, heads } = this.#spec;
    const part = (which: number, x: string, factor: number) =>
      this.#columns(x, qkv, which * width, width, `${id} ${'qkv'[which]}`, factor);
    const byHeads = (x: string, perm: readonly number[]) =>
      this.#node('Transpose', [this.#node('Reshape', [x, 'by heads'], `${x} heads`)], `${x} of heads`, { perm });
    const first = [1, 0, 2];
    const q = this.#turned(byHeads(part(0, asking, Math.sqrt(heads / width)), first), last);
    const k = byHeads(part(1, h, 1), this.walk.rotary ? first : [1, 2, 0]);
    const v = byHeads(part(2, h, 1), first);
    const columns = this.walk.rotary
      ? this.#node('Transpose', [this.#turned(k, false)], `${id} k columns`, { perm: [0, 2, 1] })
      : k;
    const p = this.#node('Softmax', [this.#node('MatMul', [q, columns], `${id} scores`)], `${id} p`, { axis: 2 });
    const heard = this.#node('Transpose', [this.#node('MatMul', [p, v], `${id} heard`)], `${id} heard rows`, {
      perm: first,
    });
    return this.#node('Reshape', [heard, 'by rows'], `${id} attention y`);
  }

  /** Cosines and sines of the positions, [genes, size]; (a, b) turns to (a cos − b sin, b cos + a sin), a and b half a head apart. */
  #addRotations(): void {
    const { genes, width, heads } = this.#spec;
    const size = width / heads;
    const table = (f: (angle: number, second: boolean) => number) =>
      Float32Array.from({ length: genes * size }, (_, i) => {
        const c = i % size;
        const angle = Math.floor(i / size) * LONGEST_PERIOD ** ((-2 * (c % (size / 2))) / size);
        return f(angle, c >= size / 2);
      });
    this.#graph.constant('cos', [genes, size], table(Math.cos));
    this.#graph.constant(
      'sin',
      [genes, size],
      table((angle, second) => (second ? 1 : -1) * Math.sin(angle)),
    );
    this.#shape('begin', [0]);
    this.#shape('middle', [size / 2]);
    this.#shape('end', [size]);
    this.#shape('last axis', [2]);
    for (const name of ['cos', 'sin']) this.#node('Gather', [name, SCORE_INPUTS.rows], `${name} of rows`);
  }

  /** [heads, rows, size], turned by position where the network does that. */
  #turned(x: string, listed: boolean): string {
    if (!this.walk.rotary) return x;
    const half = (from: string, to: string) => this.#node('Slice', [x, from, to, 'last axis'], `${x} from ${from}`);
    const other = this.#node('Concat', [half('middle', 'end'), half('begin', 'middle')], `${x} other`, { axis: 2 });
    const [cos, sin] = ['cos', 'sin'].map((name) => (listed ? `${name} of rows` : name));
    const own = this.#node('Mul', [x, cos], `${x} cos`);
    return this.#node('Add', [own, this.#node('Mul', [other, sin], `${x} sin`)], `${x} turned`);
  }
}
