/** Prints what the sampler of cells reaches. Arguments: the folder of the oracles, names of parts (all without them), `--twin` for the CPU. */
import { openGpu } from '../../../src/cli/gpu.ts';
import { lawEvidence } from './laws.ts';
import { metricEvidence } from './metrics.ts';
import { mixtureEvidence } from './mixture.ts';
import { scheduleEvidence } from './schedules.ts';

const [folder, ...rest] = process.argv.slice(2);
const wanted = rest.filter((word) => !word.startsWith('--'));
const has = (part: string) => wanted.length === 0 || wanted.includes(part);
const print = (...lines: string[]) => console.log(`${lines.join('\n\n')}\n`);

const device = rest.includes('--twin') ? undefined : await openGpu('auto');
try {
  print(device ? `Adapter: ${device.gpu.report.name} (${device.gpu.report.runtime}).` : 'The f64 twin.');
  if (has('schedules')) print('## Schedules and rules', scheduleEvidence(folder));
  if (has('laws')) print('## Exact laws', await lawEvidence(device?.gpu, folder));
  if (has('metrics')) await metricEvidence(folder, print);
  if (has('mixture')) {
    print('## A mixture of 200 genes');
    await mixtureEvidence(device?.gpu, folder, console.log);
  }
} finally {
  device?.release();
}
