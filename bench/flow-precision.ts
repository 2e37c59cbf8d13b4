/**
 * What half precision costs: the networks that ship, in every precision of the adapter, samples against those in f32.
 *
 *     npm run bench:flow-precision -- [--runtime deno] [--tasks gaussian,gaussian_linear,two_moons] [--samples 20000] [--points 10000]
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openGpu } from '../src/cli/gpu.ts';
import { filesOnDisk } from '../src/cli/shipped-files.ts';
import { loadInputs } from '../src/engine/config/load-inputs.ts';
import { parseRunConfig } from '../src/engine/config/run-config.ts';
import { comparePrecisions } from '../src/engine/quality/compare-precisions.ts';
import { mlpLayout } from '../src/nn/mlp.ts';
import { activationBytesASample, parity, weightBytes } from '../src/results/posterior/quality/precision-verdict.ts';
import type { PrecisionComparison } from '../src/results/posterior/quality/types.ts';
import type { LoadedFlow } from '../src/workloads/flow/load.ts';
import { flowWorkload } from '../src/workloads/flow/workload.ts';
import { setShippedFiles } from '../src/workloads/shipped-files.ts';
import { integer, text } from './lib/arguments.ts';
import { load, machine } from './lib/machine.ts';
import { figure, table, writeResults } from './lib/table.ts';

const tasks = text('--tasks', 'gaussian,gaussian_linear,two_moons').split(',');
const samples = integer('--samples', 20_000);
const points = integer('--points', 10_000);

setShippedFiles(filesOnDisk(pathToFileURL(`${join(process.cwd(), 'public')}/`)));
const before = machine();
const { gpu, release } = await openGpu('auto');
const { report } = gpu;
const exponential = (value: number) => value.toExponential(1);
const found: { task: string; network: string; comparison: PrecisionComparison }[] = [];
for (const task of tasks) {
  const config = parseRunConfig({ workload: 'flow', preset: 'quick', params: { task, samples } }, [flowWorkload]);
  const inputs = await loadInputs(flowWorkload, config.params, {});
  const { model, sha256, provenance } = inputs.loaded as LoadedFlow;
  const { net } = model;
  const network = `${mlpLayout(net).parameters.toLocaleString('en-US')} parameters (${net.depth} × ${net.width}), trained on ${provenance.simulations?.toLocaleString('en-US')} simulations in ${provenance.steps?.toLocaleString('en-US')} steps, ${sha256.slice(0, 15)}`;
  let told = '';
  const comparison = await comparePrecisions(
    { workload: flowWorkload, config, inputs, gpu, points },
    {
      signal: new AbortController().signal,
      progress: ({ what }) => {
        if (what !== told) console.log(`${task}: ${what}`);
        told = what;
      },
    },
  );
  found.push({ task, network, comparison });
  write();
}
release();

/** Of the tasks so far: a comparison takes minutes, and none is lost. */
function write(): void {
  const rows = found.flatMap(({ task, comparison: { costs } }) =>
    costs.map((cost, at) => {
      const [{ network: f32 }] = costs;
      const { network } = cost;
      const bytes = (of: typeof weightBytes) =>
        network && f32 ? `${of(network).toLocaleString('en-US')} (×${(of(network) / of(f32)).toFixed(2)})` : '–';
      return [
        `${task}, ${cost.precision}`,
        `${figure(cost.samplesPerSecond)} (×${cost.throughputRatio.toFixed(2)})`,
        bytes(weightBytes),
        bytes(({ matrixBytes }) => matrixBytes),
        bytes(activationBytesASample),
        ...(at === 0
          ? ['–', '–', '–']
          : [exponential(parity(cost)), exponential(cost.largestDifference), exponential(cost.difference99)]),
        at === 0 ? '–' : cost.c2st.value.toFixed(3),
        cost.c2st.control.toFixed(3),
      ];
    }),
  );
  const head = [
    ...[
      'task, precision',
      'samples/s',
      'weights, bytes',
      'hidden matrices',
      'activations a sample',
      'largest, of velocity',
    ],
    ...['largest, of samples', 'at 99 %', 'C2ST against f32', 'f32 against f32'],
  ];
  writeResults(
    `flow-precision-${report.runtime}`,
    `# What half precision costs

Adapter: **${report.name}**, ${report.runtime}. ${before.cpu}, ${before.threads} threads; load ${before.loadBefore} before, ${load()} after. ${before.date}, commit ${before.commit}.
The task's first observation, ${samples.toLocaleString('en-US')} samples, midpoint in ten steps; precisions take turns, ${found[0].comparison.repeats} runs each, the median's speed counts. Differences are of samples
that began from the same noise, over the rms of their mean velocity (end − start; limit 5e-3) and of the samples themselves, which a posterior
narrower than the prior makes larger. C2ST: ${points.toLocaleString('en-US')} samples of other noise on either side (limit 0.51); beside it two independent samples in f32.

${table(head, rows)}

${found.map(({ task, network }) => `- ${task}: ${network}`).join('\n')}
`,
    { machine: before, adapter: report.name, found },
  );
}
