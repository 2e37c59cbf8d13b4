/** Operations that take numbers one by one, tables among them: values, tangents, adjoints and their tangents in f64. */
import type { Activate, Add, Embed, Multiply, Positions, Rotary } from '../graph.ts';
import { parameterOf } from '../graph.ts';
import type { Numbers, Parameters, Row } from './row.ts';

const GELU = Math.sqrt(2 / Math.PI);

/** φ. */
export function activated(kind: Activate['activation'], x: number): number {
  if (kind === 'silu') return x * (1 / (1 + Math.exp(-x)));
  return 0.5 * x * (1 + Math.tanh(GELU * (x + 0.044715 * x ** 3)));
}

/** φ′. */
export function slopeAt(kind: Activate['activation'], x: number): number {
  if (kind === 'silu') {
    const s = 1 / (1 + Math.exp(-x));
    return s * (1 + x * (1 - s));
  }
  const t = Math.tanh(GELU * (x + 0.044715 * x ** 3));
  return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * GELU * (1 + 0.134145 * x * x);
}

/** φ″. */
export function bendAt(kind: Activate['activation'], x: number): number {
  if (kind === 'silu') {
    const s = 1 / (1 + Math.exp(-x));
    return s * (1 - s) * (2 + x * (1 - 2 * s));
  }
  const t = Math.tanh(GELU * (x + 0.044715 * x ** 3));
  const w1 = GELU * (1 + 0.134145 * x * x);
  const w2 = 0.26829 * GELU * x;
  const u = 1 - t * t;
  return u * w1 + 0.5 * x * u * w2 - x * t * u * w1 * w1;
}

const entryOf = (row: Row, op: Embed | Positions, position: number) =>
  op.kind === 'embed' ? row.ids[position] : position;

function rowsOfTable(op: Embed | Positions, row: Row, from: Float64Array, into: Float64Array): void {
  const { at } = parameterOf(row.graph, op.table);
  const width = row.width(op.out);
  for (let t = 0; t < row.length; t++)
    for (let i = 0; i < width; i++) into[t * width + i] += from[at + entryOf(row, op, t) * width + i];
}

function intoTable(op: Embed | Positions, row: Row, from: Float64Array, gradient: Float64Array): void {
  const { at } = parameterOf(row.graph, op.table);
  const width = row.width(op.out);
  for (let t = 0; t < row.length; t++)
    for (let i = 0; i < width; i++) gradient[at + entryOf(row, op, t) * width + i] += from[t * width + i];
}

const copy = (from: Float64Array, into: Float64Array) => into.set(from);
const add = (from: Float64Array, into: Float64Array) => {
  for (let i = 0; i < into.length; i++) into[i] += from[i];
};

export function tableForward(op: Embed | Positions, row: Row, { theta }: Parameters): void {
  const out = row.values.of(op.out);
  if (op.kind === 'positions') copy(row.values.of(op.x), out);
  else out.fill(0);
  rowsOfTable(op, row, theta, out);
}

export function tableTangent(op: Embed | Positions, row: Row, { direction }: Parameters): void {
  const out = row.tangents.of(op.out);
  if (op.kind === 'positions') copy(row.tangents.of(op.x), out);
  if (direction) rowsOfTable(op, row, direction, out);
}

/** @param back adjoints, or their tangents: tables are linear */
export function tableBackward(op: Embed | Positions, row: Row, back: Numbers, gradient?: Float64Array): void {
  const from = back.of(op.out);
  if (op.kind === 'positions') add(from, back.of(op.x));
  if (gradient) intoTable(op, row, from, gradient);
}

export function addForward(op: Add, numbers: Numbers): void {
  const [a, b, out] = [numbers.of(op.a), numbers.of(op.b), numbers.of(op.out)];
  for (let i = 0; i < out.length; i++) out[i] = a[i] + b[i];
}

export function addBackward(op: Add, back: Numbers): void {
  add(back.of(op.out), back.of(op.a));
  add(back.of(op.out), back.of(op.b));
}

/** Pairs (i, i + head/2) turned by position × frequency, backwards for adjoints. */
export function rotate(op: Rotary, row: Row, from: Float64Array, into: Float64Array, sign: 1 | -1): void {
  const { heads, head, frequencies } = op;
  const width = heads * head;
  for (let t = 0; t < row.length; t++)
    for (let i = 0; i < head / 2; i++) {
      const cos = Math.cos(t * frequencies[i]);
      const sin = sign * Math.sin(t * frequencies[i]);
      for (let h = 0; h < heads; h++) {
        const at = t * width + h * head + i;
        const a = from[at];
        const b = from[at + head / 2];
        into[at] += a * cos - b * sin;
        into[at + head / 2] += a * sin + b * cos;
      }
    }
}

export function activationForward(op: Activate, row: Row): void {
  const [x, out] = [row.values.of(op.x), row.values.of(op.out)];
  for (let i = 0; i < out.length; i++) out[i] = activated(op.activation, x[i]);
}

export function activationTangent(op: Activate, row: Row): void {
  const [x, dx, out] = [row.values.of(op.x), row.tangents.of(op.x), row.tangents.of(op.out)];
  for (let i = 0; i < out.length; i++) out[i] = slopeAt(op.activation, x[i]) * dx[i];
}

export function activationBackward(op: Activate, row: Row): void {
  const [x, back, into] = [row.values.of(op.x), row.adjoints.of(op.out), row.adjoints.of(op.x)];
  for (let i = 0; i < into.length; i++) into[i] += slopeAt(op.activation, x[i]) * back[i];
}

export function activationTurn(op: Activate, row: Row): void {
  const [x, dx] = [row.values.of(op.x), row.tangents.of(op.x)];
  const [back, turn, into] = [row.adjoints.of(op.out), row.turns.of(op.out), row.turns.of(op.x)];
  for (let i = 0; i < into.length; i++) {
    into[i] += bendAt(op.activation, x[i]) * dx[i] * back[i] + slopeAt(op.activation, x[i]) * turn[i];
  }
}

export function multiplyForward(op: Multiply, row: Row): void {
  const [a, b, out] = [row.values.of(op.a), row.values.of(op.b), row.values.of(op.out)];
  for (let i = 0; i < out.length; i++) out[i] = a[i] * b[i];
}

export function multiplyTangent(op: Multiply, { values, tangents }: Row): void {
  const [a, b, da, db, out] = [
    values.of(op.a),
    values.of(op.b),
    tangents.of(op.a),
    tangents.of(op.b),
    tangents.of(op.out),
  ];
  for (let i = 0; i < out.length; i++) out[i] = da[i] * b[i] + a[i] * db[i];
}

export function multiplyBackward(op: Multiply, { values, adjoints }: Row): void {
  const [a, b, back, ba, bb] = [
    values.of(op.a),
    values.of(op.b),
    adjoints.of(op.out),
    adjoints.of(op.a),
    adjoints.of(op.b),
  ];
  for (let i = 0; i < back.length; i++) {
    ba[i] += back[i] * b[i];
    bb[i] += back[i] * a[i];
  }
}

export function multiplyTurn(op: Multiply, { values, tangents, adjoints, turns }: Row): void {
  const [a, b, da, db] = [values.of(op.a), values.of(op.b), tangents.of(op.a), tangents.of(op.b)];
  const [back, turn, ta, tb] = [adjoints.of(op.out), turns.of(op.out), turns.of(op.a), turns.of(op.b)];
  for (let i = 0; i < back.length; i++) {
    ta[i] += turn[i] * b[i] + back[i] * db[i];
    tb[i] += turn[i] * a[i] + back[i] * da[i];
  }
}
