/** Two runs side by side: how far their posteriors differ, in units of what the sampler itself leaves uncertain. */
import type { ItemSummary } from './item-summary.ts';

/** One parameter of one realization in two runs. */
export interface Difference {
  readonly runId: string;
  readonly parameter: string;
  /** Index of the realization in each run. */
  readonly indexA: number;
  readonly indexB: number;
  readonly meanA: number;
  readonly meanB: number;
  /** (mean B − mean A) / √(MCSE A² + MCSE B²); 0 where both means are equal to the bit, NaN where an MCSE is unknown. */
  readonly z: number;
  /** sd B / sd A. */
  readonly sdRatio: number;
}

export interface RunDifferences {
  /** Largest |z| first; unknown ones before all others, so that they are not overlooked. */
  readonly rows: readonly Difference[];
  /** Realizations in both runs, in A only, in B only. */
  readonly matched: number;
  readonly onlyA: number;
  readonly onlyB: number;
  /** Rows whose mean and sd are equal to the bit. */
  readonly identical: number;
  /** Root mean square of z over the rows that are not identical: about 1 when only the sampler's noise differs. */
  readonly rms: number;
  /** Share of |z| > 3 among them: 0.27 % by chance for independent runs. */
  readonly beyond3: number;
}

/** Matches realizations by their run id, i.e. by truth and seed, and parameters by name. */
export function compareRuns(a: readonly ItemSummary[], b: readonly ItemSummary[]): RunDifferences {
  const others = new Map(b.map((summary) => [summary.info.runId, summary]));
  const rows: Difference[] = [];
  let matched = 0;
  for (const one of a) {
    const other = others.get(one.info.runId);
    if (!other) continue;
    matched++;
    for (const first of one.parameters) {
      const second = other.parameters.find(({ name }) => name === first.name);
      if (!second) continue;
      rows.push({
        runId: one.info.runId,
        parameter: first.name,
        indexA: one.info.index,
        indexB: other.info.index,
        meanA: first.mean,
        meanB: second.mean,
        z: first.mean === second.mean ? 0 : (second.mean - first.mean) / Math.hypot(first.mcse, second.mcse),
        sdRatio: second.sd / first.sd,
      });
    }
  }
  const size = ({ z }: Difference) => (Number.isNaN(z) ? Number.POSITIVE_INFINITY : Math.abs(z));
  rows.sort((p, q) => (size(p) === size(q) ? 0 : size(q) - size(p)));
  const known = rows.filter((row) => !isIdentical(row) && Number.isFinite(row.z));
  return {
    rows,
    matched,
    onlyA: a.length - matched,
    onlyB: b.length - matched,
    identical: rows.filter(isIdentical).length,
    rms: Math.sqrt(known.reduce((sum, { z }) => sum + z * z, 0) / known.length),
    beyond3: known.filter(({ z }) => Math.abs(z) > 3).length / known.length,
  };
}

function isIdentical({ meanA, meanB, sdRatio }: Difference): boolean {
  return meanA === meanB && sdRatio === 1;
}
