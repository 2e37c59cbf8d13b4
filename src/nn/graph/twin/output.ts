/** What a row's output comes to in f64: losses, and where passes back begin. */
import type { Seed } from '../machine.ts';
import type { Row } from './row.ts';

/** log Σ exp, and the probabilities, of the logits at a position. */
export function softmaxOf(logits: Float64Array): { logSum: number; p: Float64Array } {
  const most = logits.reduce((all, value) => Math.max(all, value), Number.NEGATIVE_INFINITY);
  const powers = logits.map((value) => Math.exp(value - most));
  const total = powers.reduce((all, value) => all + value, 0);
  return { logSum: most + Math.log(total), p: powers.map((value) => value / total) };
}

export function outputAt(row: Row, t: number, numbers = row.values): Float64Array {
  const width = row.width(row.graph.output);
  return numbers.of(row.graph.output).subarray(t * width, (t + 1) * width);
}

/** [position], 0 where there is no next token; of a squared error the mean over outputs. */
export function lossesOf(row: Row): Float64Array {
  if (row.graph.head.kind === 'squared-error') {
    const y = outputAt(row, 0);
    return Float64Array.of(y.reduce((sum, value, o) => sum + (value - row.targets[o]) ** 2, 0) / y.length);
  }
  return Float64Array.from({ length: row.length }, (_, t) => {
    if (t + 1 >= row.length) return 0;
    const logits = outputAt(row, t);
    return softmaxOf(logits).logSum - logits[row.ids[t + 1]];
  });
}

/** Adds z̄ of a seed to the row's adjoints, and where `turned` its tangent to `turns`. @param r which row it is */
export function plantSeed(seed: Seed, row: Row, r: number, turned: boolean): void {
  const { graph, length, adjoints, turns, tangents } = row;
  if (seed.kind === 'value') {
    const into = adjoints.of(seed.value);
    for (let i = 0; i < into.length; i++) into[i] += seed.numbers[r][i];
    return;
  }
  const [back, turn] = [adjoints.of(graph.output), turns.of(graph.output)];
  const width = row.width(graph.output);
  if (seed.kind === 'outputs' || seed.kind === 'class') {
    for (const { position, index, weight } of seed.picks.filter((pick) => pick.row === r)) {
      if (seed.kind === 'outputs') {
        back[position * width + index] += weight;
        continue;
      }
      const { p } = softmaxOf(outputAt(row, position));
      const root = weight * Math.sqrt(p[index]);
      for (let o = 0; o < width; o++) back[position * width + o] += root * (Number(o === index) - p[o]);
    }
    return;
  }
  const weights = seed.weights[r];
  if (graph.head.kind === 'squared-error') {
    if (seed.kind === 'labels' || seed.kind === 'empirical-fisher')
      throw new RangeError(`a squared error has no seed of ${seed.kind}`);
    for (let o = 0; o < width; o++) {
      const along = tangents.of(graph.output)[o];
      const off = outputAt(row, 0)[o] - row.targets[o];
      back[o] += 2 * weights[0] * (seed.kind === 'gauss-newton' ? along : off);
      if (turned) turn[o] += 2 * weights[0] * along;
    }
    return;
  }
  for (let t = 0; t < length; t++) {
    const last = t + 1 >= length;
    if (last && seed.kind !== 'labels') continue;
    const label = seed.kind === 'labels' ? seed.labels[r][t] : row.ids[t + 1];
    const { p } = softmaxOf(outputAt(row, t));
    const moved = outputAt(row, t, tangents);
    const pz = p.reduce((sum, value, o) => sum + value * moved[o], 0);
    const onLabel = pz - moved[label];
    for (let o = 0; o < width; o++) {
      const off = p[o] - Number(o === label);
      const curved = p[o] * (moved[o] - pz);
      const z = seed.kind === 'gauss-newton' ? curved : seed.kind === 'empirical-fisher' ? off * onLabel : off;
      back[t * width + o] += weights[t] * z;
      if (turned) turn[t * width + o] += weights[t] * curved;
    }
  }
}
