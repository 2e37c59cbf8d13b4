/** The comparison of networks as a page of Markdown. */
import { formatBytes } from '../../../src/engine/bytes.ts';
import type { Machine } from '../machine.ts';
import { figure, table } from '../table.ts';
import { type CellsComparison, type CellsOptions, type CellsResult, ONLY_REVEALING, TOLERANCE } from './compare.ts';
import { OURS_ON_CPU } from './cpu-entrant.ts';
import { OURS } from './device.ts';
import { STEPS } from './problem.ts';

export interface CellsContext extends Machine {
  readonly loadAfter: number;
  /** Browser or runtime, with its version. */
  readonly runtime: string;
  readonly versions: { readonly jax: string; readonly onnx: string };
}

/** What has to be reached against jax-js on the same adapter (issue 13, item 7). */
const TARGET = 5;

export function cellsReport(comparison: CellsComparison, context: CellsContext, { clock }: CellsOptions): string {
  const per = clock === 'wall' ? 's' : 'processor second';
  const { networks, ceilings, absent, samplings } = comparison;
  return [
    '# Evaluations of a score network per second, all in one run',
    '',
    `Adapter: **${comparison.adapter}**, ${context.runtime}. ${context.cpu}, ${context.threads} threads; load ${context.loadBefore} before, ${context.loadAfter} after.`,
    `jax-js ${context.versions.jax}, ONNX Runtime Web ${context.versions.onnx}; Wasm on ${comparison.sharedMemory ? `${comparison.threads} threads` : 'one thread (no shared memory here)'}, our CPU path on one. ${context.date}, commit ${context.commit}.`,
    'Absolute figures belong to this machine; the ratios are the point. Medians of alternating rounds, [slowest – fastest].',
    ...(clock === 'processor'
      ? [
          'Rates go by seconds of processors (two of them a second of the wall at best), since the machine did other work.',
        ]
      : []),
    '',
    'An evaluation: all logits of one cell by a network of size S (width 128, 4 blocks, 4 heads, 16 bins), random weights, no time and no labels. B cells are evaluated at once.',
    `"Only what reveals": logits of the genes that reveal in one of ${STEPS} steps; what is before the last block is the same. "–": a batch would have taken too long.`,
    ...(ceilings ? [`The adapter's multiply-adds: ${figure(ceilings.flops / 1e9)} GFLOP/${per} in f32.`] : []),
    ...Object.entries(absent).map(([name, why]) => `${name} does not run here: ${why.split('\n')[0]}`),
    ...networks.flatMap((network) => section(network, comparison, per)),
    ...(samplings.length > 0
      ? [
          '',
          `## Whole samplings: ${samplings[0].cells} cells of ${samplings[0].genes} genes in ${STEPS} steps`,
          table(
            ['', `cells/${per}`, 'of the first', 'tokens of the first'],
            samplings.map(({ name, rate, equal }) => [
              name,
              figure(rate),
              `${figure(rate / samplings[0].rate)}×`,
              `${figure(100 * equal)} %`,
            ]),
          ),
        ]
      : []),
  ].join('\n');
}

function section(
  { genes, parameters, flop }: CellsComparison['networks'][number],
  { results, ceilings }: CellsComparison,
  per: string,
): string[] {
  const own = results.filter((each) => each.genes === genes);
  const head = own.map(({ batch }) => `B = ${batch}`);
  const names = [...new Set(own.flatMap(({ rates, tooSlow }) => [...rates.map(({ name }) => name), ...tooSlow]))];
  const reference = names.includes(OURS) ? OURS : OURS_ON_CPU;
  const ours = names.filter((name) => name.startsWith('Lockstep') && !name.startsWith(OURS_ON_CPU));
  const rows = (of: readonly string[], cell: (r: CellsResult, name: string) => string) =>
    of.map((name) => [name, ...own.map((r) => cell(r, name))]);
  return [
    '',
    `## ${genes} genes`,
    `${figure(parameters)} parameters, ${figure(flop / 1e9)} GFLOP an evaluation.`,
    '',
    table([`evaluations/${per}`, ...head], rows(names, cell)),
    '',
    ...(reference === OURS ? [`Aim: ≥ ${TARGET}× jax-js WebGPU on the same adapter.`, ''] : []),
    table(
      [`${reference} /`, ...head],
      rows(
        names.filter((name) => name !== reference),
        (r, name) => (rateOf(r, name) > 0 ? `${figure(rateOf(r, reference) / rateOf(r, name))}×` : '–'),
      ),
    ),
    '',
    table(
      [`GFLOP/${per}`, ...head],
      rows(
        names.filter((name) => !name.includes(ONLY_REVEALING)),
        (r, name) => {
          const rate = rateOf(r, name) * flop;
          const share =
            ceilings && ours.includes(name) ? ` (${figure((100 * rate) / ceilings.flops)} % of the ceiling)` : '';
          return `${figure(rate / 1e9)}${share}`;
        },
      ),
    ),
    ...(ours.length > 0
      ? [
          '',
          table(
            ['Device memory', ...head],
            rows(ours, (r, name) => formatBytes(r.bytes[name] ?? Number.NaN)),
          ),
        ]
      : []),
    '',
    `Agreement before timing: largest difference from the f64 twin over the root mean square of the logits of two cells; ${TOLERANCE.f32.toExponential(0)} is the limit, ${TOLERANCE.half.toExponential(0)} in halves.`,
    '',
    table(
      ['', ...head],
      rows(
        names.filter((name) => !name.includes(ONLY_REVEALING)),
        (r, name) => r.errors[name]?.toExponential(1) ?? '–',
      ),
    ),
  ];
}

function rateOf(r: CellsResult, name: string): number {
  return r.rates.find((rate) => rate.name === name)?.median ?? Number.NaN;
}

function cell(r: CellsResult, name: string): string {
  const rate = r.rates.find((each) => each.name === name);
  return rate ? `${figure(rate.median)} [${figure(rate.low)} – ${figure(rate.high)}]` : '–';
}
