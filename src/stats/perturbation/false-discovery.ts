/**
 * Adjusted p values of Benjamini and Hochberg (J. R. Stat. Soc. B 57 (1995) 289), SciPy's false_discovery_control: the smallest false
 * discovery rate at which each test is still a discovery.
 */
export function benjaminiHochberg(pValues: ArrayLike<number>): Float64Array {
  const n = pValues.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => pValues[a] - pValues[b] || a - b);
  const adjusted = new Float64Array(n);
  let lowest = 1;
  for (let k = n - 1; k >= 0; k--) {
    lowest = Math.min(lowest, (pValues[order[k]] * n) / (k + 1));
    adjusted[order[k]] = lowest;
  }
  return adjusted;
}
