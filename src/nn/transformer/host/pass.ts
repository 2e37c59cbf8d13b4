/** The forward pass of some positions of some texts on the CPU, over the keys and values that they have kept. */
import { type CapturedPart, type Component, capturedParts } from '../capture.ts';
import { rotaryFrequencies } from '../rotary.ts';
import { type DecoderSpec, windowOf } from '../spec.ts';
import type { TensorName } from '../weights.ts';
import type { Reals } from './product.ts';
import { activate, attendRow, normRows, turnRow } from './rows.ts';
import type { HostWeights } from './weights.ts';

/** What numbers of activations are kept as; what is summed outside of products is summed in f64. */
type RealArray = Float64ArrayConstructor | Float32ArrayConstructor;

/** One position of one text. Positions of a text come in their order, none before those that it sees. */
export interface PassRow {
  readonly slot: number;
  readonly position: number;
  readonly id: number;
  /** Whether logits are asked for. */
  readonly logits: boolean;
  /** What is added behind the blocks: [layers][width] times the strength. */
  readonly steering?: { readonly vectors: Float32Array; readonly strength: number };
}

export interface PassOutput {
  /** [rows][size of a captured row] */
  readonly captured: Reals;
  /** Of the rows that asked, in their order. */
  readonly logits: readonly Reals[];
}

const LINEARS = ['q', 'k', 'v', 'o', 'up', 'gate', 'down'] as const;
type Linear = (typeof LINEARS)[number];

export class HostPass {
  readonly #spec: DecoderSpec;
  readonly #weights: HostWeights;
  readonly #real: RealArray;
  readonly #context: number;
  /** By layer, of all slots: [slots][context][kvHeads · head]. */
  readonly #keys: readonly Reals[];
  readonly #values: readonly Reals[];
  /** [context][head / 2] cosines and sines. */
  readonly #turns: Float64Array;
  readonly #scores: Float64Array;
  /** Of a head. */
  readonly #sums: Float64Array;
  readonly #parts: ReadonlyMap<Component, CapturedPart>;
  readonly #size: number;
  /** Of every layer. */
  readonly #linears: readonly Readonly<Record<Linear, { weight: TensorName; bias: Float32Array | undefined }>>[];
  /** What a pass needs on its way, kept for the next. */
  readonly #places = new Map<string, Reals>();

  constructor(
    spec: DecoderSpec,
    weights: HostWeights,
    { slots, context, components }: { slots: number; context: number; components: readonly Component[] },
  ) {
    this.#spec = spec;
    this.#weights = weights;
    const real = weights.arithmetic === 'f64' ? Float64Array : Float32Array;
    this.#real = real;
    this.#context = context;
    const cache = () => Array.from({ length: spec.layers }, () => new real(slots * context * spec.kvHeads * spec.head));
    this.#keys = cache();
    this.#values = cache();
    this.#linears = Array.from({ length: spec.layers }, (_, layer) => {
      const own = LINEARS.map((name) => {
        const of = (part: 'weight' | 'bias') => `blocks.${layer}.${name}.${part}` as TensorName;
        return [name, { weight: of('weight'), bias: weights.vectors.get(of('bias')) }] as const;
      });
      return Object.fromEntries(own) as Record<Linear, (typeof own)[number][1]>;
    });
    const frequencies = rotaryFrequencies(spec);
    this.#turns = new Float64Array(2 * context * frequencies.length);
    for (let position = 0; position < context; position++)
      for (const [i, frequency] of frequencies.entries())
        this.#turns.set(
          [Math.cos(position * frequency), Math.sin(position * frequency)],
          2 * (position * frequencies.length + i),
        );
    this.#scores = new Float64Array(context);
    this.#sums = new Float64Array(spec.head);
    const { parts, size } = capturedParts(spec, components);
    this.#parts = new Map(parts.map((part) => [part.component, part]));
    this.#size = size;
  }

  run(rows: readonly PassRow[]): PassOutput {
    const { layers, width, hidden, heads, head } = this.#spec;
    const count = rows.length;
    const captured = new this.#real(count * this.#size);
    const x = this.#embed(rows);
    const h = this.#place('h', count * width);
    const branch = this.#place('branch', count * width);
    const up = this.#place('up', count * hidden);
    const gate = this.#spec.mlp.gated ? this.#place('gate', count * hidden) : undefined;
    const attended = this.#place('attended', count * heads * head);
    this.#capture('residual', 0, x, captured, count);
    for (let layer = 0; layer < layers; layer++) {
      this.#norm(`blocks.${layer}.norm1`, x, count, h);
      this.#attend(layer, rows, h, attended, captured);
      this.#linear(layer, 'o', attended, count, branch);
      this.#add('post1', 'attn_contribution', layer, branch, count, captured, x);
      this.#norm(`blocks.${layer}.norm2`, x, count, h);
      this.#linear(layer, 'up', h, count, up);
      if (gate) {
        this.#linear(layer, 'gate', h, count, gate);
        activate(this.#spec, gate, count * hidden, up);
      } else activate(this.#spec, up, count * hidden);
      this.#linear(layer, 'down', gate ?? up, count, branch);
      this.#add('post2', 'mlp_contribution', layer, branch, count, captured, x);
      rows.forEach(({ steering }, row) => {
        if (!steering) return;
        const { vectors, strength } = steering;
        for (let k = 0; k < width; k++) x[row * width + k] += strength * vectors[layer * width + k];
      });
      this.#capture('residual', layer + 1, x, captured, count);
    }
    return { captured, logits: this.#logits(rows, x) };
  }

  #embed(rows: readonly PassRow[]): Reals {
    const { width, embeddingScale } = this.#spec;
    const x = this.#place('x', rows.length * width);
    const { matrices } = this.#weights;
    rows.forEach(({ id, position }, row) => {
      const embedding = matrices.row('embedding', id);
      const learned = this.#spec.rotary ? undefined : matrices.row('positions', position);
      for (let k = 0; k < width; k++) x[row * width + k] = embedding[k] * embeddingScale + (learned ? learned[k] : 0);
    });
    return x;
  }

  /** q, k and v of all rows, kept where the text's are; then each row over the keys that it sees. */
  #attend(layer: number, rows: readonly PassRow[], h: Reals, out: Reals, captured: Reals): void {
    const { heads, kvHeads, head } = this.#spec;
    const count = rows.length;
    const own = kvHeads * head;
    const q = this.#place('q', count * heads * head);
    const k = this.#place('k', count * own);
    const v = this.#place('v', count * own);
    this.#linear(layer, 'q', h, count, q);
    this.#linear(layer, 'k', h, count, k);
    this.#linear(layer, 'v', h, count, v);
    this.#capture('k_proj', layer, k, captured, count);
    this.#capture('v_proj', layer, v, captured, count);
    const [keys, values] = [this.#keys[layer], this.#values[layer]];
    rows.forEach(({ slot, position }, row) => {
      if (this.#spec.rotary) {
        turnRow(q, row * heads * head, heads, head, this.#turns, position * head);
        turnRow(k, row * own, kvHeads, head, this.#turns, position * head);
      }
      const at = (slot * this.#context + position) * own;
      keys.set(k.subarray(row * own, (row + 1) * own), at);
      values.set(v.subarray(row * own, (row + 1) * own), at);
    });
    const window = windowOf(this.#spec, layer) ?? Number.POSITIVE_INFINITY;
    rows.forEach(({ slot, position }, row) => {
      const from = slot * this.#context * own;
      const to = from + this.#context * own;
      const first = Math.max(0, position - window + 1);
      const [textKeys, textValues] = [keys.subarray(from, to), values.subarray(from, to)];
      attendRow(
        this.#spec,
        q,
        textKeys,
        textValues,
        first,
        position,
        this.#scores,
        this.#sums,
        out,
        row * heads * head,
      );
    });
  }

  /** What a branch adds to the stream, behind its own norm where there is one. */
  #add(
    post: 'post1' | 'post2',
    component: Component,
    layer: number,
    branch: Reals,
    count: number,
    captured: Reals,
    x: Reals,
  ): void {
    if (this.#spec.norm.post) this.#norm(`blocks.${layer}.${post}`, branch, count, branch);
    this.#capture(component, layer, branch, captured, count);
    for (let i = 0; i < count * this.#spec.width; i++) x[i] += branch[i];
  }

  #logits(rows: readonly PassRow[], x: Reals): Reals[] {
    const { width, vocabulary, tied, logitCap } = this.#spec;
    const asked = rows.flatMap(({ logits }, row) => (logits ? [row] : []));
    const h = new this.#real(asked.length * width);
    asked.forEach((row, i) => {
      h.set(x.subarray(row * width, (row + 1) * width), i * width);
    });
    this.#norm('normF', h, asked.length, h);
    const all = new this.#real(asked.length * vocabulary);
    this.#weights.matrices.product(tied ? 'embedding' : 'unembedding', h, asked.length, undefined, all);
    if (logitCap !== undefined) for (let i = 0; i < all.length; i++) all[i] = logitCap * Math.tanh(all[i] / logitCap);
    return asked.map((_, i) => all.subarray(i * vocabulary, (i + 1) * vocabulary));
  }

  #capture(component: Component, entry: number, values: Reals, captured: Reals, count: number): void {
    const part = this.#parts.get(component);
    if (!part) return;
    const { at, width } = part;
    for (let row = 0; row < count; row++)
      captured.set(values.subarray(row * width, (row + 1) * width), row * this.#size + at + entry * width);
  }

  #norm(name: 'normF' | `blocks.${number}.${'norm1' | 'norm2' | 'post1' | 'post2'}`, x: Reals, rows: number, y: Reals) {
    const { vectors } = this.#weights;
    const weight = vectors.get(`${name}.weight` as TensorName);
    if (!weight) throw new Error(`the weights lack ${name}`);
    normRows(this.#spec, x, rows, weight, vectors.get(`${name}.bias` as TensorName), y);
  }

  #linear(layer: number, name: Linear, x: Reals, rows: number, y: Reals): void {
    const { weight, bias } = this.#linears[layer][name];
    this.#weights.matrices.product(weight, x, rows, bias, y);
  }

  #place(name: string, size: number): Reals {
    let place = this.#places.get(name);
    if (!place || place.length < size) {
      place = new this.#real(size);
      this.#places.set(name, place);
    }
    return place.subarray(0, size);
  }
}
