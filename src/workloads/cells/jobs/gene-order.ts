/** Genes, or cells, that go together beside each other, so that a picture of them shows structure. */

/** Clusters while they are joined: leaves from left to right. */
interface Cluster {
  readonly leaves: readonly number[];
}

/**
 * Order of the leaves of average-linkage clustering (UPGMA by nearest-neighbour chains; Murtagh, Computer Journal 26 (1983) 354) at distance
 * 1 − r; of two clusters that are joined, the ends that correlate most meet. Equal for equal correlations.
 * @param correlation [n][n] symmetric
 */
export function clusteredOrder(correlation: ArrayLike<number>, n: number): Uint32Array<ArrayBuffer> {
  const distance = Float64Array.from({ length: n * n }, (_, i) => 1 - correlation[i]);
  const clusters: (Cluster | undefined)[] = Array.from({ length: n }, (_, leaf) => ({ leaves: [leaf] }));
  const chain: number[] = [];
  for (let left = n; left > 1; left--) {
    if (chain.length === 0) chain.push(clusters.findIndex((cluster) => cluster !== undefined));
    for (;;) {
      const last = chain[chain.length - 1];
      const nearest = nearestTo(last, chain[chain.length - 2], distance, clusters);
      if (nearest === chain[chain.length - 2]) break;
      chain.push(nearest);
    }
    const b = chain.pop()!;
    const a = chain.pop()!;
    join(Math.min(a, b), Math.max(a, b), distance, clusters, correlation, n);
  }
  return Uint32Array.from(clusters.find((cluster) => cluster !== undefined)?.leaves ?? []);
}

/** The nearest other cluster; of equals the one before in the chain, else the first. */
function nearestTo(
  at: number,
  before: number | undefined,
  distance: Float64Array,
  clusters: readonly unknown[],
): number {
  const n = clusters.length;
  let best = before ?? -1;
  for (let other = 0; other < n; other++) {
    if (other === at || clusters[other] === undefined) continue;
    if (best < 0 || distance[at * n + other] < distance[at * n + best]) best = other;
  }
  return best;
}

function join(
  a: number,
  b: number,
  distance: Float64Array,
  clusters: (Cluster | undefined)[],
  correlation: ArrayLike<number>,
  n: number,
): void {
  const [left, right] = [clusters[a]!.leaves, clusters[b]!.leaves];
  const [sizeA, sizeB] = [left.length, right.length];
  for (let other = 0; other < n; other++) {
    const mean = (sizeA * distance[a * n + other] + sizeB * distance[b * n + other]) / (sizeA + sizeB);
    distance[a * n + other] = mean;
    distance[other * n + a] = mean;
  }
  clusters[a] = { leaves: meeting(left, right, correlation, n) };
  clusters[b] = undefined;
}

/** Of the four ways to lay two rows beside each other the one whose meeting ends correlate most. */
function meeting(
  left: readonly number[],
  right: readonly number[],
  correlation: ArrayLike<number>,
  n: number,
): readonly number[] {
  const [first, last] = [left[0], left[left.length - 1]];
  const [begin, end] = [right[0], right[right.length - 1]];
  const r = (a: number, b: number) => correlation[a * n + b];
  const ways = [r(last, begin), r(last, end), r(first, begin), r(first, end)];
  const best = ways.indexOf(Math.max(...ways));
  const one = best >= 2 ? [...left].reverse() : left;
  const other = best % 2 === 1 ? [...right].reverse() : right;
  return [...one, ...other];
}
