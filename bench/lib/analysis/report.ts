/** The tables of the benchmark of analysis. */
import type { Machine } from '../machine.ts';
import { spread } from '../measure.ts';
import { figure, table } from '../table.ts';
import type { AnalysisComparison, AnalysisOptions, QuantityResult } from './compare.ts';
import { ratioOf } from './turns.ts';

export interface AnalysisContext extends Machine {
  readonly loadAfter: number;
  readonly runtime: string;
  readonly versions: { readonly jax: string; readonly torch: string };
}

export function analysisReport(
  { adapter, parameters, ceilings, results }: AnalysisComparison,
  context: AnalysisContext,
  { texts, length, pathTexts, nodes, rounds }: AnalysisOptions,
): string {
  return [
    '# Derivatives of the model that ships, all in one run',
    '',
    `Adapter: **${adapter}**, ${context.runtime}. ${context.cpu}, ${context.threads} threads; load ${context.loadBefore} before, ${context.loadAfter} after.`,
    `jax-js ${context.versions.jax}, PyTorch ${context.versions.torch}. ${context.date}, commit ${context.commit}.`,
    'Absolute figures belong to this machine; the ratios are the point: theirs over ours, round by round, median (least – greatest).',
    '',
    `${figure(parameters)} parameters. Gradient and Hessian · vector of the mean loss over ${texts} stories of ${length} predictions; integrated gradients of ${pathTexts} stories of ${length} tokens, ${nodes} nodes, from the pad token. Every result is read back to the CPU. ${rounds} rounds.`,
    ...(ceilings
      ? [`The adapter's multiply-adds: ${figure(ceilings.flops / 1e9)} GFLOP/processor second in f32.`]
      : []),
    ...results.flatMap((result) => section(result, ceilings?.flops)),
  ].join('\n');
}

function section({ quantity, flop, turns, errors, absent }: QuantityResult, flops: number | undefined): string[] {
  const ours = turns.find(({ name }) => name === 'Lockstep');
  const ranged = (theirs: readonly number[], own: readonly number[]) => {
    const { median, low, high } = ratioOf(theirs, own);
    return `${figure(median)} (${figure(low)} – ${figure(high)})`;
  };
  return [
    '',
    `## ${quantity[0].toUpperCase()}${quantity.slice(1)}`,
    `${figure(flop / 1e9)} GFLOP.`,
    '',
    table(
      ['', 'from f64', 'ms', 'ms of processors', 'over ours', 'over ours, of processors', 'of the multiply-adds'],
      turns.map(({ name, wall, processor }) => [
        name,
        errors[name].toExponential(1),
        figure(spread(wall).median),
        figure(spread(processor).median),
        ours ? ranged(wall, ours.wall) : '–',
        ours ? ranged(processor, ours.processor) : '–',
        flops ? `${figure((100 * flop) / ((spread(processor).median / 1000) * flops))} %` : '–',
      ]),
    ),
    ...Object.entries(absent).map(([name, why]) => `\n${name} does not give it: ${why.split('\n')[0]}.`),
  ];
}
