/**
 * Causal attention in f64, s = σ qkᵀ, a = softmax s, o = av: ṡ = σ(q̇kᵀ + qk̇ᵀ), ȧ = a∘(ṡ − ⟨a,ṡ⟩), ȯ = ȧv + av̇; ā = ōvᵀ, v̄ = aᵀō,
 * s̄ = a∘(ā − ⟨a,ā⟩), q̄ = σ s̄k, k̄ = σ s̄ᵀq; and of these, along the direction, ā′ = ō′vᵀ + ōv̇ᵀ, v̄′ = ȧᵀō + aᵀō′,
 * s̄′ = ȧ∘(ā − ⟨a,ā⟩) + a∘(ā′ − ⟨ȧ,ā⟩ − ⟨a,ā′⟩), q̄′ = σ(s̄′k + s̄k̇), k̄′ = σ(s̄′ᵀq + s̄ᵀq̇).
 */
import type { Attention, Slice } from '../graph.ts';
import type { Numbers, Row } from './row.ts';

/** Where a head's numbers of one value lie: `from + position · stride`, `head` of them. */
interface Place {
  readonly value: string;
  readonly from: number;
  readonly stride: number;
}

interface HeadPlaces {
  readonly q: Place;
  readonly k: Place;
  readonly v: Place;
  readonly o: Place;
}

function placesOf(op: Attention, row: Row, h: number): HeadPlaces {
  const g = Math.floor((h * op.kvHeads) / op.heads);
  const of = ({ value, from }: Slice, own: number): Place => ({
    value,
    from: from + own * op.head,
    stride: row.width(value),
  });
  return { q: of(op.q, h), k: of(op.k, g), v: of(op.v, g), o: of({ value: op.out, from: 0 }, h) };
}

/** Σ a[i] b[i] of `count` numbers each. */
function along(a: Float64Array, atA: number, b: Float64Array, atB: number, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += a[atA + i] * b[atB + i];
  return sum;
}

/** into += factor · from. */
function addTo(into: Float64Array, atInto: number, factor: number, from: Float64Array, at: number, count: number) {
  for (let i = 0; i < count; i++) into[atInto + i] += factor * from[at + i];
}

/** [query][key] of a head. */
const square = (pattern: Float64Array, h: number, n: number) => pattern.subarray(h * n * n, (h + 1) * n * n);

const at = ({ from, stride }: Place, position: number) => from + position * stride;

export function attentionForward(op: Attention, row: Row): void {
  const n = row.length;
  const pattern = row.values.of(op.pattern).fill(0);
  const out = row.values.of(op.out).fill(0);
  for (let h = 0; h < op.heads; h++) {
    const places = placesOf(op, row, h);
    const [q, k, v] = [places.q, places.k, places.v].map(({ value }) => row.values.of(value));
    const a = square(pattern, h, n);
    for (let t = 0; t < n; t++) {
      let most = Number.NEGATIVE_INFINITY;
      for (let j = 0; j <= t; j++) {
        const score = op.scale * along(q, at(places.q, t), k, at(places.k, j), op.head);
        a[t * n + j] = score;
        most = Math.max(most, score);
      }
      let total = 0;
      for (let j = 0; j <= t; j++) {
        const power = Math.exp(a[t * n + j] - most);
        a[t * n + j] = power;
        total += power;
      }
      for (let j = 0; j <= t; j++) {
        a[t * n + j] /= total;
        addTo(out, at(places.o, t), a[t * n + j], v, at(places.v, j), op.head);
      }
    }
  }
}

/** Into tangents that hold 0. */
export function attentionTangent(op: Attention, row: Row): void {
  const n = row.length;
  const [pattern, moved, out] = [row.values.of(op.pattern), row.tangents.of(op.pattern), row.tangents.of(op.out)];
  for (let h = 0; h < op.heads; h++) {
    const places = placesOf(op, row, h);
    const names = [places.q.value, places.k.value, places.v.value];
    const [q, k, v] = names.map((name) => row.values.of(name));
    const [dq, dk, dv] = names.map((name) => row.tangents.of(name));
    const [a, da] = [square(pattern, h, n), square(moved, h, n)];
    for (let t = 0; t < n; t++) {
      let mean = 0;
      for (let j = 0; j <= t; j++) {
        const [atQ, atK] = [at(places.q, t), at(places.k, j)];
        const ds = op.scale * (along(dq, atQ, k, atK, op.head) + along(q, atQ, dk, atK, op.head));
        da[t * n + j] = ds;
        mean += a[t * n + j] * ds;
      }
      for (let j = 0; j <= t; j++) {
        da[t * n + j] = a[t * n + j] * (da[t * n + j] - mean);
        addTo(out, at(places.o, t), da[t * n + j], v, at(places.v, j), op.head);
        addTo(out, at(places.o, t), a[t * n + j], dv, at(places.v, j), op.head);
      }
    }
  }
}

/** @param turned adjoints' tangents too: behind `attentionTangent` */
export function attentionBackward(op: Attention, row: Row, turned: boolean): void {
  for (let h = 0; h < op.heads; h++) {
    const places = placesOf(op, row, h);
    const of = (numbers: Numbers): HeadNumbers => [
      numbers.of(places.q.value),
      numbers.of(places.k.value),
      numbers.of(places.v.value),
      numbers.of(places.o.value),
    ];
    const n = row.length;
    const a = square(row.values.of(op.pattern), h, n);
    const da = turned ? square(row.tangents.of(op.pattern), h, n) : undefined;
    const [values, adjoints] = [of(row.values), of(row.adjoints)];
    for (let t = 0; t < n; t++) {
      const { by, scores } = scoresBack(op, places, values, adjoints, a.subarray(t * n, t * n + t + 1), t);
      for (let j = 0; j <= t; j++) {
        const [atQ, atK] = [at(places.q, t), at(places.k, j)];
        addTo(adjoints[0], atQ, op.scale * scores[j], values[1], atK, op.head);
        addTo(adjoints[1], atK, op.scale * scores[j], values[0], atQ, op.head);
        addTo(adjoints[2], at(places.v, j), a[t * n + j], adjoints[3], at(places.o, t), op.head);
      }
      if (!da) continue;
      const pattern = { a: a.subarray(t * n, t * n + t + 1), da: da.subarray(t * n, t * n + t + 1) };
      turnBack(
        op,
        places,
        { values, adjoints, tangents: of(row.tangents), turns: of(row.turns) },
        pattern,
        by,
        scores,
        t,
      );
    }
  }
}

/** Of q, k, v and the output. */
type HeadNumbers = readonly [Float64Array, Float64Array, Float64Array, Float64Array];

/** ā and s̄ of a query. */
function scoresBack(
  op: Attention,
  places: HeadPlaces,
  [, , v]: HeadNumbers,
  [, , , back]: HeadNumbers,
  a: Float64Array,
  t: number,
): { by: Float64Array; scores: Float64Array } {
  const by = a.map((_, j) => along(back, at(places.o, t), v, at(places.v, j), op.head));
  const mean = along(a, 0, by, 0, a.length);
  return { by, scores: a.map((p, j) => p * (by[j] - mean)) };
}

/** ā′, s̄′ of a query, and what follows of them. */
function turnBack(
  op: Attention,
  places: HeadPlaces,
  of: Readonly<Record<'values' | 'adjoints' | 'tangents' | 'turns', HeadNumbers>>,
  { a, da }: { readonly a: Float64Array; readonly da: Float64Array },
  by: Float64Array,
  scores: Float64Array,
  t: number,
): void {
  const { values, adjoints, tangents, turns } = of;
  const atO = at(places.o, t);
  const dby = a.map((_, j) => {
    const atV = at(places.v, j);
    return along(turns[3], atO, values[2], atV, op.head) + along(adjoints[3], atO, tangents[2], atV, op.head);
  });
  const mean = along(a, 0, by, 0, a.length);
  const dmean = along(da, 0, by, 0, a.length) + along(a, 0, dby, 0, a.length);
  for (let j = 0; j < a.length; j++) {
    const dscore = da[j] * (by[j] - mean) + a[j] * (dby[j] - dmean);
    const [atQ, atK, atV] = [at(places.q, t), at(places.k, j), at(places.v, j)];
    addTo(turns[0], atQ, op.scale * dscore, values[1], atK, op.head);
    addTo(turns[0], atQ, op.scale * scores[j], tangents[1], atK, op.head);
    addTo(turns[1], atK, op.scale * dscore, values[0], atQ, op.head);
    addTo(turns[1], atK, op.scale * scores[j], tangents[0], atQ, op.head);
    addTo(turns[2], atV, da[j], adjoints[3], atO, op.head);
    addTo(turns[2], atV, a[j], turns[3], atO, op.head);
  }
}
