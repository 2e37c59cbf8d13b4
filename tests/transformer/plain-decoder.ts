/**
 * A decoder written down as plainly as its equations, f64, without a cache: every position anew. For tests of what is fast.
 */
import { type Component, capturedParts } from '../../src/nn/transformer/capture.ts';
import { rotaryFrequencies } from '../../src/nn/transformer/rotary.ts';
import { type DecoderSpec, windowOf } from '../../src/nn/transformer/spec.ts';

type Row = number[];
type Weights = ReadonlyMap<string, Float32Array>;

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};
const plus = (a: Row, b: Row) => a.map((value, i) => value + b[i]);

function product(weights: Weights, name: string, x: Row): Row {
  const w = weights.get(`${name}.weight`) ?? weights.get(name);
  if (!w) throw new Error(`no weights ${name}`);
  const bias = weights.get(`${name}.bias`);
  const outputs = w.length / x.length;
  return Array.from(
    { length: outputs },
    (_, o) => dot(w.subarray(o * x.length, (o + 1) * x.length), x) + (bias?.[o] ?? 0),
  );
}

function normed({ norm }: DecoderSpec, weights: Weights, name: string, x: Row): Row {
  const w = weights.get(`${name}.weight`);
  if (!w) throw new Error(`no weights ${name}`);
  const bias = weights.get(`${name}.bias`);
  const mean = norm.kind === 'layer' ? x.reduce((sum, v) => sum + v, 0) / x.length : 0;
  const square = x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length;
  return x.map((v, i) => ((v - mean) / Math.sqrt(square + norm.epsilon)) * (w[i] + norm.unit) + (bias?.[i] ?? 0));
}

const capped = (x: number, cap?: number) => (cap === undefined ? x : cap * Math.tanh(x / cap));
const ACTIVATIONS = {
  gelu: (x: number) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  silu: (x: number) => x / (1 + Math.exp(-x)),
};

function turned(spec: DecoderSpec, x: Row, position: number): Row {
  if (!spec.rotary) return x;
  const frequencies = rotaryFrequencies(spec);
  const half = spec.head / 2;
  return x.map((value, i) => {
    const [head, c] = [Math.floor(i / spec.head) * spec.head, i % spec.head];
    const angle = position * frequencies[c % half];
    return c < half
      ? value * Math.cos(angle) - x[head + c + half] * Math.sin(angle)
      : value * Math.cos(angle) + x[head + c - half] * Math.sin(angle);
  });
}

export interface PlainSteering {
  readonly vectors: ArrayLike<number>;
  readonly strength: number;
  /** First position that is steered. */
  readonly from: number;
}

/** Logits and captured rows of every position. */
export function plainDecoder(
  spec: DecoderSpec,
  weights: Weights,
  ids: readonly number[],
  components: readonly Component[] = [],
  steering?: PlainSteering,
): { readonly logits: Row[]; readonly rows: Row[] } {
  const { width, layers, heads, kvHeads, head } = spec;
  const embedding = weights.get('embedding');
  const learned = weights.get('positions');
  if (!embedding) throw new Error('no embedding');
  const captured: Record<Component, Row[][]> = {
    residual: [],
    attn_contribution: [],
    mlp_contribution: [],
    k_proj: [],
    v_proj: [],
  };
  let xs: Row[] = ids.map((id, position) =>
    Array.from(
      { length: width },
      (_, k) => embedding[id * width + k] * spec.embeddingScale + (learned?.[position * width + k] ?? 0),
    ),
  );
  captured.residual.push(xs);
  for (let layer = 0; layer < layers; layer++) {
    const at = (name: string) => `blocks.${layer}.${name}`;
    const h = xs.map((x) => normed(spec, weights, at('norm1'), x));
    const [qs, ks, vs] = ['q', 'k', 'v'].map((name) => h.map((x) => product(weights, at(name), x)));
    captured.k_proj.push(ks);
    captured.v_proj.push(vs);
    const [tq, tk] = [qs, ks].map((rows) => rows.map((row, position) => turned(spec, row, position)));
    const window = windowOf(spec, layer) ?? Number.POSITIVE_INFINITY;
    const attention = xs.map((_, i) => {
      const out: Row = [];
      for (let q = 0; q < heads; q++) {
        const kv = Math.floor((q * kvHeads) / heads) * head;
        const own = tq[i].slice(q * head, (q + 1) * head);
        const seen = xs.map((_, j) => j).filter((j) => j <= i && i - j < window);
        const scores = seen.map((j) => capped(spec.scale * dot(own, tk[j].slice(kv, kv + head)), spec.scoreCap));
        const most = Math.max(...scores);
        const p = scores.map((s) => Math.exp(s - most));
        const sum = p.reduce((a, b) => a + b, 0);
        for (let c = 0; c < head; c++) out.push(seen.reduce((o, j, n) => o + (p[n] / sum) * vs[j][kv + c], 0));
      }
      const y = product(weights, at('o'), out);
      return spec.norm.post ? normed(spec, weights, at('post1'), y) : y;
    });
    captured.attn_contribution.push(attention);
    xs = xs.map((x, i) => plus(x, attention[i]));
    const mlp = xs.map((x) => {
      const h2 = normed(spec, weights, at('norm2'), x);
      const up = product(weights, at('up'), h2);
      const activation = ACTIVATIONS[spec.mlp.activation];
      const gate = spec.mlp.gated ? product(weights, at('gate'), h2) : undefined;
      const inner = gate ? up.map((value, i) => activation(gate[i]) * value) : up.map(activation);
      const y = product(weights, at('down'), inner);
      return spec.norm.post ? normed(spec, weights, at('post2'), y) : y;
    });
    captured.mlp_contribution.push(mlp);
    xs = xs.map((x, i) => {
      const added = plus(x, mlp[i]);
      if (!steering || i < steering.from) return added;
      return added.map((value, k) => value + steering.strength * steering.vectors[layer * width + k]);
    });
    captured.residual.push(xs);
  }
  const logits = xs.map((x) =>
    product(weights, spec.tied ? 'embedding' : 'unembedding', normed(spec, weights, 'normF', x)).map((logit) =>
      capped(logit, spec.logitCap),
    ),
  );
  const { parts } = capturedParts(spec, components);
  const rows = ids.map((_, i) => parts.flatMap(({ component }) => captured[component].flatMap((entry) => entry[i])));
  return { logits, rows };
}
