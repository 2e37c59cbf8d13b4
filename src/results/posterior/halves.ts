/**
 * R̂ of independent draws: their first half against their second, as if each were a chain; √((B/W + N − 1)/N) of the draws as they are
 * (Vehtari et al. 2021, eq. 1–4). It says 1 unless the way of drawing changed half-way; NaN for fewer than eight draws, and for draws that
 * are not finite or all equal. Written out here, since what writes files is loaded apart from what ranks draws.
 */
export function halvesRhat(values: ArrayLike<number>): number {
  const n = values.length >> 1;
  if (n < 4) return Number.NaN;
  const [a, b] = [0, n].map((from) => moments(values, from, n));
  const within = (a.variance + b.variance) / 2;
  const between = (n * (a.mean - b.mean) ** 2) / 2;
  return Math.sqrt((between / within + n - 1) / n);
}

function moments(values: ArrayLike<number>, from: number, n: number): { mean: number; variance: number } {
  let [sum, squares] = [0, 0];
  for (let i = from; i < from + n; i++) sum += values[i];
  const mean = sum / n;
  for (let i = from; i < from + n; i++) squares += (values[i] - mean) ** 2;
  return { mean, variance: squares / (n - 1) };
}
