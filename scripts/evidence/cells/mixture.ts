/** Rules and steps at real size: cells of an exact mixture of 200 genes, judged as generated cells are. */
import type { GpuContext } from '../../../src/gpu/context.ts';
import { pearson } from '../../../src/stats/correlation.ts';
import { frechetDistance } from '../../../src/stats/expression/frechet.ts';
import { correlationAgreement } from '../../../src/stats/expression/gene-correlation.ts';
import { geneMoments } from '../../../src/stats/expression/moments.ts';
import { fitComponents, project } from '../../../src/stats/expression/pca.ts';
import { threefry2x32 } from '../../../src/stats/threefry.ts';
import { namedMmd } from '../../../src/stats/two-sample/kernel-mmd.ts';
import { meanSlicedWasserstein } from '../../../src/stats/two-sample/mean-sliced-wasserstein.ts';
import type { Points } from '../../../src/stats/two-sample/points.ts';
import { MixturePredictor } from '../../../src/workloads/cells/sampling/mixture-predictor.ts';
import type { RevealRule } from '../../../src/workloads/cells/sampling/rules.ts';
import { exponential, markdownTable } from '../table.ts';
import { readMixture } from './files.ts';
import { sampled } from './sampled.ts';

const CELLS = 4000;
const COMPONENTS = 50;
const SEED = 5;

const ROWS: readonly (readonly [RevealRule, number])[] = [
  ['first-hitting', 200],
  ['tweedie', 128],
  ['tweedie', 64],
  ['tweedie', 32],
  ['tweedie', 16],
  ['tweedie', 8],
  ['tweedie', 4],
  ['tweedie', 1],
  ['euler', 64],
  ['balanced', 64],
  ['balanced', 32],
  ['balanced', 16],
  ['balanced', 8],
  ['origin', 16],
  ['origin', 100],
  ['origin', 1000],
];

/** Cells of the mixture itself: a class by its prior, then every gene by its table. */
export function trueCells({ tables, genes, bins }: MixturePredictor, cells: number, stream: number): Uint8Array {
  const { classes, logPrior, logProb } = tables;
  const pick = (logs: Float64Array, word: number) => {
    let below = 0;
    for (let i = 0; i < logs.length; i++) {
      below += Math.exp(logs[i]);
      if ((word + 0.5) / 2 ** 32 < below) return i;
    }
    return logs.length - 1;
  };
  const found = new Uint8Array(cells * genes);
  for (let cell = 0; cell < cells; cell++) {
    const k = pick(logPrior.subarray(0, classes), threefry2x32([SEED, stream], [cell, genes])[0]);
    for (let gene = 0; gene < genes; gene++) {
      const at = (k * genes + gene) * bins;
      found[cell * genes + gene] = pick(logProb.subarray(at, at + bins), threefry2x32([SEED, stream], [cell, gene])[0]);
    }
  }
  return found;
}

/** Hands on a table line by line: a row takes seconds. */
export async function mixtureEvidence(
  gpu: GpuContext | undefined,
  folder: string,
  print: (line: string) => void,
): Promise<void> {
  const predictor = new MixturePredictor(await readMixture(folder));
  const { genes, bins } = predictor;
  const points = (values: Uint8Array): Points => ({ values: Uint16Array.from(values), dim: genes });
  const real = points(trueCells(predictor, CELLS, 1));
  const moments = geneMoments(real);
  const components = fitComponents(moments, COMPONENTS);
  const projected = geneMoments(project(components, real));
  const row = (name: string, cells: Uint8Array): string[] => {
    const generated = points(cells);
    const own = geneMoments(generated);
    const { mse, slope } = correlationAgreement(moments, own);
    return [
      name,
      mse.toFixed(5),
      slope.toFixed(3),
      meanSlicedWasserstein(real, generated, SEED).toFixed(3),
      exponential(namedMmd('st3', real, generated, SEED)),
      frechetDistance(projected, geneMoments(project(components, generated))).toFixed(2),
      pearson(moments.mean, own.mean).toFixed(4),
    ];
  };
  print(`${CELLS} cells a row, bins of ${genes} genes.\n`);
  const header = ['rule, N', 'corr. MSE', 'slope', 'sliced W2', 'MMD² (st3)', 'FD-50', 'mean-expr. r'];
  print(markdownTable(header, [row('fresh true draws (floor)', trueCells(predictor, CELLS, 2))]));
  for (const [rule, steps] of ROWS) {
    const settings = { genes, bins, rule, schedule: 'loglinear', steps, temperature: 1, guidance: 1 } as const;
    const cells = await sampled(gpu, settings, predictor, { cells: CELLS, firstSeed: 1 });
    print(`| ${row(`${rule} ${steps}`, cells).join(' | ')} |`);
  }
}
