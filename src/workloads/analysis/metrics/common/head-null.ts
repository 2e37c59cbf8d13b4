/** What statistics of heads come to if a head looked at all keys alike: what they are held against. */
import { HEAD_STATISTICS } from '../../../../nn/graph/machine.ts';

/** [HEAD_STATISTICS.length], means over queries t ≥ 1 of all texts. NaN where there is none. */
export function uniformHeadStatistics(texts: readonly ArrayLike<number>[]): Float64Array<ArrayBuffer> {
  const sums = new Float64Array(HEAD_STATISTICS.length);
  let queries = 0;
  for (const ids of texts) {
    queries += ids.length - 1;
    for (let t = 1; t < ids.length; t++) {
      let [duplicate, induction] = [0, 0];
      for (let k = 0; k <= t; k++) {
        if (k < t && ids[k] === ids[t]) duplicate++;
        if (k > 0 && ids[k - 1] === ids[t]) induction++;
      }
      const keys = t + 1;
      const own = [Math.log(keys), 1, t / 2, 1 / keys, 1 / keys, duplicate / keys, induction / keys];
      for (let i = 0; i < own.length; i++) sums[i] += own[i];
    }
  }
  return sums.map((sum) => sum / queries);
}
