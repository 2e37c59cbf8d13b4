/**
 * Causal attention in f64, s = σ qkᵀ, a = softmax s, o = av: ṡ = σ(q̇kᵀ + qk̇ᵀ), ȧ = a∘(ṡ − ⟨a,ṡ⟩), ȯ = ȧv + av̇; ā = ōvᵀ, v̄ = aᵀō,
 * s̄ = a∘(ā − ⟨a,ā⟩), q̄ = σ s̄k, k̄ = σ s̄ᵀq; and of these, along the direction, ā′ = ō′vᵀ + ōv̇ᵀ, v̄′ = ȧᵀō + aᵀō′,
 * s̄′ = ȧ∘(ā − ⟨a,ā⟩) + a∘(ā′ − ⟨ȧ,ā⟩ − ⟨a,ā′⟩), q̄′ = σ(s̄′k + s̄k̇), k̄′ = σ(s̄′ᵀq + s̄ᵀq̇).
 */
import type { Attention } from '../graph.ts';
import { type Numbers, placeIn, type Row } from './row.ts';

/** Numbers of one head at positions. */
interface HeadOf {
  q(t: number, i: number): number;
  k(t: number, i: number): number;
  v(t: number, i: number): number;
  o(t: number, i: number): number;
}

/** Where a head's numbers lie. */
function head(op: Attention, row: Row, h: number) {
  const g = Math.floor((h * op.kvHeads) / op.heads);
  const width = op.heads * op.head;
  return {
    q: (t: number, i: number) => placeIn(row, op.q, t, h * op.head + i),
    k: (t: number, i: number) => placeIn(row, op.k, t, g * op.head + i),
    v: (t: number, i: number) => placeIn(row, op.v, t, g * op.head + i),
    o: (t: number, i: number) => t * width + h * op.head + i,
  };
}

function numbersAt(op: Attention, row: Row, numbers: Numbers, h: number): HeadOf {
  const place = head(op, row, h);
  const [q, k, v, o] = [op.q.value, op.k.value, op.v.value, op.out].map((name) => numbers.of(name));
  return {
    q: (t, i) => q[place.q(t, i)],
    k: (t, i) => k[place.k(t, i)],
    v: (t, i) => v[place.v(t, i)],
    o: (t, i) => o[place.o(t, i)],
  };
}

const sum = (count: number, term: (i: number) => number) => {
  let total = 0;
  for (let i = 0; i < count; i++) total += term(i);
  return total;
};

/** [query][key] of a head. */
const square = (pattern: Float64Array, h: number, n: number) => pattern.subarray(h * n * n, (h + 1) * n * n);

export function attentionForward(op: Attention, row: Row): void {
  const n = row.length;
  const pattern = row.values.of(op.pattern).fill(0);
  const out = row.values.of(op.out);
  for (let h = 0; h < op.heads; h++) {
    const x = numbersAt(op, row, row.values, h);
    const place = head(op, row, h);
    const a = square(pattern, h, n);
    for (let t = 0; t < n; t++) {
      const scores = Array.from({ length: t + 1 }, (_, k) => op.scale * sum(op.head, (i) => x.q(t, i) * x.k(k, i)));
      const most = Math.max(...scores);
      const powers = scores.map((s) => Math.exp(s - most));
      const total = powers.reduce((all, p) => all + p, 0);
      for (let k = 0; k <= t; k++) a[t * n + k] = powers[k] / total;
      for (let i = 0; i < op.head; i++) out[place.o(t, i)] = sum(t + 1, (k) => a[t * n + k] * x.v(k, i));
    }
  }
}

export function attentionTangent(op: Attention, row: Row): void {
  const n = row.length;
  const [pattern, moved, out] = [row.values.of(op.pattern), row.tangents.of(op.pattern), row.tangents.of(op.out)];
  for (let h = 0; h < op.heads; h++) {
    const [x, dx] = [numbersAt(op, row, row.values, h), numbersAt(op, row, row.tangents, h)];
    const place = head(op, row, h);
    const [a, da] = [square(pattern, h, n), square(moved, h, n)];
    for (let t = 0; t < n; t++) {
      const ds = Array.from(
        { length: t + 1 },
        (_, k) => op.scale * sum(op.head, (i) => dx.q(t, i) * x.k(k, i) + x.q(t, i) * dx.k(k, i)),
      );
      const along = sum(t + 1, (k) => a[t * n + k] * ds[k]);
      for (let k = 0; k <= t; k++) da[t * n + k] = a[t * n + k] * (ds[k] - along);
      for (let i = 0; i < op.head; i++)
        out[place.o(t, i)] = sum(t + 1, (k) => da[t * n + k] * x.v(k, i) + a[t * n + k] * dx.v(k, i));
    }
  }
}

/** @param turned adjoints' tangents too: behind `attentionTangent` */
export function attentionBackward(op: Attention, row: Row, turned: boolean): void {
  const n = row.length;
  const { scale, head: size } = op;
  const [pattern, moved] = [row.values.of(op.pattern), turned ? row.tangents.of(op.pattern) : undefined];
  const into = (numbers: Numbers) => [op.q.value, op.k.value, op.v.value].map((name) => numbers.of(name));
  const [dq, dk, dv] = into(row.adjoints);
  const [tq, tk, tv] = turned ? into(row.turns) : [];
  for (let h = 0; h < op.heads; h++) {
    const [x, back] = [numbersAt(op, row, row.values, h), numbersAt(op, row, row.adjoints, h)];
    const place = head(op, row, h);
    const a = square(pattern, h, n);
    const dx = turned ? numbersAt(op, row, row.tangents, h) : undefined;
    const turn = turned ? numbersAt(op, row, row.turns, h) : undefined;
    for (let t = 0; t < n; t++) {
      const by = Array.from({ length: t + 1 }, (_, k) => sum(size, (i) => back.o(t, i) * x.v(k, i)));
      const along = sum(t + 1, (k) => a[t * n + k] * by[k]);
      const scores = by.map((value, k) => a[t * n + k] * (value - along));
      for (let k = 0; k <= t; k++)
        for (let i = 0; i < size; i++) {
          dq[place.q(t, i)] += scale * scores[k] * x.k(k, i);
          dk[place.k(k, i)] += scale * scores[k] * x.q(t, i);
          dv[place.v(k, i)] += a[t * n + k] * back.o(t, i);
        }
      if (!dx || !turn || !moved) continue;
      const da = square(moved, h, n);
      const dby = by.map((_, k) => sum(size, (i) => turn.o(t, i) * x.v(k, i) + back.o(t, i) * dx.v(k, i)));
      const dalong = sum(t + 1, (k) => da[t * n + k] * by[k] + a[t * n + k] * dby[k]);
      for (let k = 0; k <= t; k++) {
        const dscore = da[t * n + k] * (by[k] - along) + a[t * n + k] * (dby[k] - dalong);
        for (let i = 0; i < size; i++) {
          tq[place.q(t, i)] += scale * (dscore * x.k(k, i) + scores[k] * dx.k(k, i));
          tk[place.k(k, i)] += scale * (dscore * x.q(t, i) + scores[k] * dx.q(t, i));
          tv[place.v(k, i)] += da[t * n + k] * back.o(t, i) + a[t * n + k] * turn.o(t, i);
        }
      }
    }
  }
}
