/** The start of a small GPT-2 in f64, written plainly: embeddings, the first block's attention patterns, and the unembedding after the last norm. */
export class FirstBlock {
  readonly width = 16;
  readonly heads = 4;
  /** @param array weights by their Hugging Face name. */
  constructor(readonly array: (name: string) => Float64Array) {}

  /** Residual stream before the first block, [tokens][width]. */
  embed(ids: readonly number[]): Float64Array {
    const [tokens, positions] = [this.array('transformer.wte.weight'), this.array('transformer.wpe.weight')];
    const d = this.width;
    return Float64Array.from(
      { length: ids.length * d },
      (_, at) => tokens[ids[Math.floor(at / d)] * d + (at % d)] + positions[at],
    );
  }

  /** [heads][tokens][tokens] */
  patterns(ids: readonly number[]): Float64Array[] {
    const [t, d, size] = [ids.length, this.width, this.width / this.heads];
    const x = this.norm(this.embed(ids), 'transformer.h.0.ln_1');
    const [weight, bias] = [
      this.array('transformer.h.0.attn.c_attn.weight'),
      this.array('transformer.h.0.attn.c_attn.bias'),
    ];
    const part = (row: number, column: number) => {
      let sum = bias[column];
      for (let k = 0; k < d; k++) sum += x[row * d + k] * weight[k * 3 * d + column];
      return sum;
    };
    return Array.from({ length: this.heads }, (_, head) => {
      const out = new Float64Array(t * t);
      for (let q = 0; q < t; q++) {
        const scores = Array.from({ length: q + 1 }, (_, k) => {
          let sum = 0;
          for (let c = 0; c < size; c++) sum += part(q, head * size + c) * part(k, d + head * size + c);
          return sum / Math.sqrt(size);
        });
        const most = Math.max(...scores);
        const whole = scores.reduce((sum, s) => sum + Math.exp(s - most), 0);
        scores.forEach((s, k) => {
          out[q * t + k] = Math.exp(s - most) / whole;
        });
      }
      return out;
    });
  }

  /** Logits as the last norm and the unembedding read them off the embeddings, one row a token. */
  lensLogits(ids: readonly number[]): Float64Array[] {
    const d = this.width;
    const x = this.norm(this.embed(ids), 'transformer.ln_f');
    const tokens = this.array('transformer.wte.weight');
    return ids.map((_, t) =>
      Float64Array.from({ length: tokens.length / d }, (_, v) => {
        let sum = 0;
        for (let k = 0; k < d; k++) sum += x[t * d + k] * tokens[v * d + k];
        return sum;
      }),
    );
  }

  norm(x: Float64Array, name: string): Float64Array {
    const d = this.width;
    const [gain, bias] = [this.array(`${name}.weight`), this.array(`${name}.bias`)];
    const out = new Float64Array(x.length);
    for (let from = 0; from < x.length; from += d) {
      const row = x.subarray(from, from + d);
      const mean = row.reduce((sum, v) => sum + v, 0) / d;
      const variance = row.reduce((sum, v) => sum + (v - mean) ** 2, 0) / d;
      for (let k = 0; k < d; k++) out[from + k] = ((row[k] - mean) / Math.sqrt(variance + 1e-5)) * gain[k] + bias[k];
    }
    return out;
  }
}
