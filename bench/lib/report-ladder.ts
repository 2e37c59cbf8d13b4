/** The ladder as a page of Markdown. */

import { formatBytes } from '../../src/engine/bytes.ts';
import type { ShearShape } from '../../src/workloads/shear/gpu/shape.ts';
import type { SamplerSpec } from '../../src/workloads/shear/model-spec.ts';
import type { WorkEstimate } from '../../src/workloads/workload.ts';
import type { Ceilings } from './ceilings.ts';
import type { Machine } from './machine.ts';
import type { Rung } from './rung.ts';
import { figure, table } from './table.ts';

export interface Ladder {
  readonly shape: ShearShape;
  readonly sampler: SamplerSpec;
  readonly rungs: readonly Rung[];
  readonly twin: Pick<Rung, 'itemsPerSecond' | 'gradientsPerSecond' | 'essPerSecond'>;
  readonly ceilings: Ceilings;
  readonly work: WorkEstimate & { readonly exponentialsPerGradient: number };
  readonly simulateMsPerItem: number;
}

export interface LadderContext extends Machine {
  readonly loadAfter: number;
  readonly adapter: string;
  readonly runtime: string;
  readonly rounds: number;
}

const percent = (value: number) => `${figure(100 * value)} %`;

export function ladderReport(
  { shape, sampler, rungs, twin, ceilings, work, simulateMsPerItem }: Ladder,
  c: LadderContext,
): string {
  // The exponential counts as one operation in the work; here it has a ceiling of its own.
  const arithmetic = work.flopPerUnit - work.exponentialsPerGradient;
  const ofFlops = (rate: number) => (rate * arithmetic) / ceilings.flops;
  const ofExponentials = (rate: number) => (rate * work.exponentialsPerGradient) / ceilings.exponentials;
  const fastest = rungs.reduce((best, rung) => (rung.barePerSecond > best.barePerSecond ? rung : best));
  return [
    `# Ladder of batch sizes: ${c.adapter}, ${c.runtime}`,
    '',
    `Adapter: **${c.adapter}** (${c.runtime}). ${c.cpu}, ${c.threads} threads; load ${c.loadBefore} before, ${c.loadAfter} after. ${c.date}, commit ${c.commit}.`,
    `Preset level0: 48 × 48 px, 6 Gaussians, 2×2 points a pixel, 4 parameters, ${sampler.chains} chains × (${sampler.warmup} + ${sampler.draws}) transitions of ${sampler.steps} ${sampler.integrator} step(s): ${work.unitsPerItem} gradients an item.`,
    `Shape: ${shape.threadsPerChain} thread(s) a chain, ${shape.posteriorsPerWorkgroup} posterior(s) a workgroup. Medians of ${c.rounds} runs.`,
    'From start to the end of collect: upload, fit, warm-up, sampling, readback, conversion. Simulating the images is not in it',
    `(${figure(simulateMsPerItem)} ms an item on the CPU). ESS: bulk, of the parameter that mixes worst. "Of bare": gradients/s over those of the bare`,
    'gradient kernel with as many chains, timed right before and after each run, [least – greatest]; "by CPU time" leaves out waiting (software adapters only).',
    '',
    table(
      [
        'batch',
        'items/s',
        'gradients/s',
        'ESS/s',
        'GPU memory',
        'bare gradients/s',
        'of bare',
        'by CPU time',
        'FMA ceiling',
        'exp2 ceiling',
      ],
      [
        ...rungs.map((r) => [
          String(r.batch),
          figure(r.itemsPerSecond),
          figure(r.gradientsPerSecond),
          figure(r.essPerSecond),
          formatBytes(r.bytes),
          figure(r.barePerSecond),
          `${percent(r.ratio.median)} [${figure(100 * r.ratio.low)} – ${figure(100 * r.ratio.high)}]`,
          percent(r.cpuRatio),
          percent(ofFlops(r.gradientsPerSecond)),
          percent(ofExponentials(r.gradientsPerSecond)),
        ]),
        [
          'f64 twin, one thread',
          figure(twin.itemsPerSecond),
          figure(twin.gradientsPerSecond),
          figure(twin.essPerSecond),
          ...Array.from({ length: 6 }, () => '–'),
        ],
      ],
    ),
    '',
    '## Where the time goes (ms)',
    'Looked at every 100 ms: a fit shorter than that counts with the transitions.',
    '',
    table(
      ['batch', 'start', 'fit', 'transitions', 'collect', 'total', 'device busy'],
      rungs.map(({ batch, ms }) => [
        String(batch),
        ...[ms.start, ms.fit, ms.transitions, ms.collect, ms.total].map(figure),
        percent(ms.busy / ms.total),
      ]),
    ),
    '',
    '## Work and ceilings',
    table(['', 'per second'], ceilingRows(ceilings)),
    '',
    `A gradient: ${figure(work.flopPerUnit / 1e6)} MFLOP (${figure(work.exponentialsPerGradient)} of them exponentials), ${figure(work.bytesPerUnit)} B of stamp: ${figure(work.flopPerUnit / work.bytesPerUnit)} FLOP a byte.`,
    `The bare kernel at its best (batch ${fastest.batch}) reaches ${percent(ofFlops(fastest.barePerSecond))} of the FMA ceiling and ${percent(ofExponentials(fastest.barePerSecond))} of the exp2 ceiling at once,`,
    `so ${percent(ofFlops(fastest.barePerSecond) + ofExponentials(fastest.barePerSecond))} of what the adapter could do of both, one after the other, and ${percent((fastest.barePerSecond * work.bytesPerUnit) / ceilings.copyBytes)} of its copy bandwidth.`,
  ].join('\n');
}

export function ceilingRows(ceilings: Ceilings): string[][] {
  return [
    ['multiply-adds, f32 vec4 (each 2 FLOP)', `${figure(ceilings.flops / 1e9)} GFLOP`],
    ['exp2, f32 vec4', `${figure(ceilings.exponentials / 1e9)} G`],
    ['buffer copy (read + written)', `${figure(ceilings.copyBytes / 1e9)} GB`],
  ];
}
