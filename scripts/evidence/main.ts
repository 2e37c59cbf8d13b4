/** Prints the tables of docs/validation.md. Arguments: the folder of GalSim's sets, then names of parts (all without them). */
import { openGpu } from '../../src/cli/gpu.ts';
import type { ParamValues } from '../../src/workloads/params.ts';
import { convergenceTable, measureConvergence, measureRanks } from './calibration.ts';
import { readNoiseFree, readNoisyBatch } from './galsim.ts';
import { measureSet, setTable, stampTable } from './noise-free.ts';
import { biasTable, measureBatch, posteriorTable } from './noisy-batch.ts';
import { markdownTable } from './table.ts';

const SEED = 42;
const EXCEPTIONS_SHOWN = 3;
const [folder, ...wanted] = process.argv.slice(2);
const has = (part: string) => wanted.length === 0 || wanted.includes(part);
const print = (...lines: string[]) => console.log(`${lines.join('\n\n')}\n`);

const { gpu, release } = await openGpu('auto');
try {
  print(`Adapter: ${gpu.report.name} (${gpu.report.runtime}).`);
  if (has('noise-free')) {
    const figures = [];
    for (const set of await readNoiseFree(folder)) {
      for (const accuracy of ['draft', 'standard', 'fine']) figures.push(await measureSet(gpu, set, accuracy));
    }
    print('## Noise-free stamps, by set', setTable(figures));
    print('## Noise-free stamps, one by one', stampTable(figures, ['standard', 'fine']));
  }
  if (has('noisy-batch')) {
    const figures = await measureBatch(gpu, await readNoisyBatch(folder), 2000);
    print('## Posteriors of noisy stamps', posteriorTable(figures));
    print('## Fits and pooled bias of noisy stamps', biasTable(figures));
    print(`${figures.gradients} gradients in ${figures.seconds.toFixed(0)} s.`);
  }
  if (has('ranks')) {
    const rows = [];
    for (const freeParameters of ['4', '6']) {
      for (const { parameter, p, ofBand } of await measureRanks(gpu, 'level0', 256, SEED, { freeParameters }))
        rows.push([`${parameter}, ${freeParameters} free`, p.toFixed(3), ofBand.toFixed(2)]);
    }
    print(
      '## Ranks of 256 truths drawn from the prior',
      markdownTable(['parameter', 'KS p', 'largest ECDF difference / 95 % band'], rows),
    );
  }
  if (has('convergence')) {
    const runs: [string, ParamValues][] = [
      ['level0', {}],
      ['level0-ngmix', {}],
      ['quick', {}],
      ['level0', { freeParameters: '6' }],
      ['level0', { freeParameters: '8' }],
      ['level0', { integrator: 'leapfrog' }],
      ['level0', { integrator: 'minimal-norm' }],
    ];
    const figures = [];
    for (const [preset, changes] of runs) figures.push(await measureConvergence(gpu, preset, SEED, changes));
    print('## Convergence', convergenceTable(figures));
    for (const { label, exceptions } of figures) {
      if (exceptions.length === 0) continue;
      const shown = exceptions.slice(0, EXCEPTIONS_SHOWN).map((each) => `- ${each}`);
      print(`${label}, ${exceptions.length} not converged, among them:`, shown.join('\n'));
    }
  }
} finally {
  release();
}
