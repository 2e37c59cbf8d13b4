/** Statistics of patterns and of logits read early, in f64. */

import type { Graph, Linear, Norm } from '../graph.ts';
import { HEAD_STATISTICS, LENS_STATISTICS } from '../machine.ts';
import { linearForward } from './linear.ts';
import { normForward } from './norm.ts';
import { outputAt, softmaxOf } from './output.ts';
import { type Parameters, Row } from './row.ts';

/** [head × HEAD_STATISTICS.length]: means over queries t ≥ 1. */
export function headStatisticsOf(row: Row, pattern: string): Float64Array {
  const { length: n, ids } = row;
  const { heads } = row.graph;
  const a = row.values.of(pattern);
  const each = HEAD_STATISTICS.length;
  const out = new Float64Array(heads * each);
  for (let h = 0; h < heads; h++) {
    for (let t = 1; t < n; t++) {
      let [entropy, distance, duplicate, induction] = [0, 0, 0, 0];
      for (let k = 0; k <= t; k++) {
        const p = a[(h * n + t) * n + k];
        if (p > 0) entropy -= p * Math.log(p);
        distance += p * (t - k);
        if (k < t && ids[k] === ids[t]) duplicate += p;
        if (k > 0 && ids[k - 1] === ids[t]) induction += p;
      }
      const own = [
        entropy,
        entropy / Math.log(t + 1),
        distance,
        a[(h * n + t) * n],
        a[(h * n + t) * n + t - 1],
        duplicate,
        induction,
      ];
      for (let i = 0; i < each; i++) out[h * each + i] += own[i] / (n - 1);
    }
  }
  return out;
}

/** The operations that turn the last residual into logits. */
function ending(graph: Graph): { norm: Norm; head: Linear } {
  const norm = graph.operations.find((op) => op.kind === 'norm' && op.out === graph.final);
  const head = graph.operations.find((op) => op.kind === 'linear' && op.out === graph.output);
  if (!norm || !head) throw new RangeError('a network without a last norm has no lens');
  return { norm: norm as Norm, head: head as Linear };
}

/** [position × LENS_STATISTICS.length], 0 where there is no next token. */
export function lensOf(row: Row, value: string, parameters: Parameters): Float64Array {
  const { norm, head } = ending(row.graph);
  const read = new Row(row.graph, row.length, 0, row.ids, row.targets);
  read.values.set(norm.x, row.values.of(value));
  normForward(norm, read, parameters);
  linearForward(head, read, parameters);
  const each = LENS_STATISTICS.length;
  const out = new Float64Array(row.length * each);
  for (let t = 0; t + 1 < row.length; t++) {
    const [logits, model] = [outputAt(read, t), outputAt(row, t)];
    const [lens, own] = [softmaxOf(logits), softmaxOf(model)];
    const next = row.ids[t + 1];
    let [rank, entropy, divergence] = [1, 0, 0];
    for (let o = 0; o < logits.length; o++) {
      if (logits[o] > logits[next]) rank++;
      if (lens.p[o] > 0) entropy -= lens.p[o] * (logits[o] - lens.logSum);
      if (own.p[o] > 0) divergence += own.p[o] * (model[o] - own.logSum - (logits[o] - lens.logSum));
    }
    out.set([rank, logits[next] - lens.logSum, entropy, divergence], t * each);
  }
  return out;
}
