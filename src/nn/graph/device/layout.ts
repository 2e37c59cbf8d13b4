/**
 * Where everything of a machine lies on the device. Positions of all rows in flight lie one behind the other, without gaps, so there is no
 * padding; a value has rows of `stride` numbers, its width filled up to a multiple of 4 with zeros.
 *
 * | buffer | what it holds |
 * |---|---|
 * | `p:theta`, `p:<vector>` | a vector of θ's size |
 * | `v:<value>`, `t:<value>` | a value, its derivative along a direction [position][stride] |
 * | `v:<pattern>`, `t:<pattern>` | probabilities of an attention [row][head][query][key], capacity: `length` queries, keys filled up to 4; written up to the four that hold the query's own key, 0 beyond that key |
 * | `a:<slot>`, `r:<slot>` | adjoints, and their derivatives: `adjoint(value)`, `second(value)` say in which slot |
 * | `a:patterns`, `r:patterns` | adjoints of one attention's scores, as its probabilities |
 * | `v:norm:<out>` | mean and 1 / s of a norm [position][2] |
 * | `batch` | rows in flight (`batch.wgsl`) |
 * | `weights`, `labels`, `targets`, `picks` | of a seed: ω and labels [position], targets [row][stride], picks |
 * | `losses`, `logSums` | [position] |
 * | `turns:<n>` | cosines and sines of a rotary embedding |
 */
import type { BufferRange } from '../../../gpu/bound-kernel.ts';
import type { PlannedBuffer } from '../../../gpu/plan.ts';
import { type Attention, parameterOf, type Rotary } from '../graph.ts';
import type { MachineOptions } from '../machine.ts';
import { batchWords } from './batch.ts';
import type { Bound } from './flight.ts';
import type { MachineSizes } from './sizes.ts';
import { type AdjointSlots, adjointSlots } from './slots.ts';

const WORD = 4;
/** Offsets of bound stretches are multiples of this many bytes. */
const ALIGNMENT = 256;

export const THETA = 'theta';
/** Buffer through which results come back. */
export const STAGING = 'staging';

/** A tensor as it is bound: it begins `skip` numbers into the stretch. */
export interface BoundTensor {
  readonly bound: BufferRange;
  readonly skip: number;
}

/** Words of picks beside those of positions. */
const PICKS_HEADER = 16;

const filled = (numbers: number) => 4 * Math.ceil(numbers / 4);

export class Layout {
  readonly options: MachineOptions;
  readonly sizes: MachineSizes;
  /** Positions in flight at most. */
  readonly tokens: number;
  readonly #slots: AdjointSlots | undefined;

  constructor(options: MachineOptions, sizes: MachineSizes) {
    const { graph, rows, length, backward, tangents, adjoints, parameterGradients } = options;
    this.options = options;
    this.sizes = sizes;
    this.tokens = rows * length;
    if (backward || tangents)
      this.#slots = adjointSlots(graph, (value) => this.stride(value), adjoints, parameterGradients);
  }

  get graph() {
    return this.options.graph;
  }

  /** Numbers from one position of a value to the next. */
  stride(value: string): number {
    const width = this.graph.widths[value];
    if (width === undefined) throw new RangeError(`there is no value ${value}`);
    return filled(width);
  }

  value(name: string): string {
    this.stride(name);
    return `v:${name}`;
  }

  tangent(name: string): string {
    this.stride(name);
    return `t:${name}`;
  }

  /** Adjoint of a value: its own buffer, of the slot it shares with others. */
  adjoint(name: string): string {
    return `a:${this.#slot(name)}`;
  }

  /** Derivative of the adjoint along the direction. */
  second(name: string): string {
    return `r:${this.#slot(name)}`;
  }

  #slot(name: string): number {
    const slot = this.#slots?.of[name];
    if (slot === undefined) throw new RangeError(`there is no adjoint of ${name}`);
    return slot;
  }

  pattern(attention: Attention): string {
    return `v:${attention.pattern}`;
  }

  patternTangent(attention: Attention): string {
    return `t:${attention.pattern}`;
  }

  /** A tensor of a vector. */
  tensor(name: string, vector: string): BoundTensor {
    const { at, shape } = parameterOf(this.graph, name);
    const numbers = shape.reduce((product, n) => product * n, 1);
    const skip = at % (ALIGNMENT / WORD);
    return {
      bound: { buffer: `p:${vector}`, offset: (at - skip) * WORD, bytes: filled(skip + numbers) * WORD },
      skip,
    };
  }

  turns(rotary: Rotary): string {
    return `turns:${this.rotaries().findIndex((other) => sameTurns(other, rotary))}`;
  }

  /** Rotary embeddings that differ in their angles. */
  rotaries(): readonly Rotary[] {
    const all = this.graph.operations.filter((operation) => operation.kind === 'rotary');
    return all.filter((rotary, index) => all.findIndex((other) => sameTurns(other, rotary)) === index);
  }

  /** Numbers of one row's probabilities. */
  patternNumbers({ heads }: Attention): number {
    return heads * this.options.length * filled(this.options.length);
  }

  /** Numbers of a vector of θ's size. */
  get vectorNumbers(): number {
    const step = ALIGNMENT / WORD;
    return step * Math.ceil(this.graph.size / step);
  }

  /** Every buffer but those of `plan.ts`. */
  buffers(): PlannedBuffer[] {
    const { graph, rows, length, vectors, backward, tangents } = this.options;
    const positions = `${rows} rows × ${length} positions`;
    const buffer = (name: string, numbers: number, formula: string, perRow = numbers / rows): PlannedBuffer => ({
      name,
      bytes: WORD * Math.max(1, numbers),
      role: 'storage',
      bytesPerItem: WORD * Math.floor(perRow),
      formula: `${formula} × 4 B`,
    });
    const perPosition = (name: string, numbers: number) =>
      buffer(name, this.tokens * numbers, `${positions} × ${numbers}`);
    const attentions = graph.operations.filter((operation) => operation.kind === 'attention');
    const norms = graph.operations.filter((operation) => operation.kind === 'norm');
    const patterns = (name: string, attention: Attention) =>
      buffer(
        name,
        rows * this.patternNumbers(attention),
        `${rows} rows × ${attention.heads} heads × ${length} queries × ${filled(length)} keys`,
      );
    const most = attentions.reduce<Attention | undefined>((a, b) => (a && a.heads >= b.heads ? a : b), undefined);
    const each = (letter: 'v' | 't') => [
      ...Object.keys(graph.widths).map((value) => perPosition(`${letter}:${value}`, this.stride(value))),
      ...attentions.map((attention) => patterns(`${letter}:${attention.pattern}`, attention)),
    ];
    const back = (letter: 'a' | 'r') => [
      ...(this.#slots?.strides ?? []).map((stride, slot) => perPosition(`${letter}:${slot}`, stride)),
      ...(most ? [patterns(`${letter}:patterns`, most)] : []),
    ];
    const output = this.stride(graph.output);
    return [
      ...[THETA, ...vectors].map((vector) =>
        buffer(`p:${vector}`, this.vectorNumbers, `${graph.size} parameters filled to ${this.vectorNumbers}`, 0),
      ),
      ...each('v'),
      ...norms.map(({ out }) => perPosition(`v:norm:${out}`, 2)),
      ...(tangents ? each('t') : []),
      ...(backward || tangents ? back('a') : []),
      ...(tangents ? back('r') : []),
      buffer('batch', batchWords(rows, this.tokens), `header, starts and seven words of ${positions}`),
      perPosition('weights', 1),
      perPosition('labels', 1),
      buffer('picks', PICKS_HEADER + 4 * this.tokens, `${PICKS_HEADER} and four words of ${positions}`),
      perPosition('losses', 1),
      perPosition('logSums', 1),
      ...(graph.head.kind === 'squared-error' ? [buffer('targets', rows * output, `${rows} rows × ${output}`)] : []),
      ...this.rotaries().map((rotary, index) =>
        buffer(`turns:${index}`, length * rotary.head, `${length} positions × ${rotary.head}`, 0),
      ),
    ];
  }
}

function sameTurns(a: Rotary, b: Rotary): boolean {
  return a.head === b.head && a.frequencies.every((frequency, i) => frequency === b.frequencies[i]);
}

/** What a vector of a machine holds, bound as a whole. */
export const wholeVector = (vector: string): Bound => `p:${vector}`;
