/** The comparison of samplers as a page of Markdown. */
import { formatBytes } from '../../../src/engine/bytes.ts';
import type { Machine } from '../machine.ts';
import { figure, table } from '../table.ts';
import type { FlowComparison, FlowResult } from './compare.ts';
import { OURS_ON_CPU } from './cpu-entrant.ts';
import { EVALUATIONS } from './problem.ts';

export interface FlowContext extends Machine {
  readonly loadAfter: number;
  /** Browser or runtime, with its version. */
  readonly runtime: string;
  readonly versions: { readonly jax: string; readonly onnx: string };
}

/** What has to be reached against jax-js on the same adapter (issue 5, item 6). */
const TARGET = 3;
const OURS = 'Lockstep f32';

export function flowReport(comparison: FlowComparison, context: FlowContext): string {
  const { results, ceilings, flopPerSample, weightBytes } = comparison;
  const head = results.map(({ batch }) => `B = ${batch}`);
  const names = [...new Set(results.flatMap(({ rates, tooSlow }) => [...rates.map(({ name }) => name), ...tooSlow]))];
  const ours = names.filter((name) => name.startsWith('Lockstep') && name !== OURS_ON_CPU);
  const reference = ours.includes(OURS) ? OURS : OURS_ON_CPU;
  const fraction = (r: FlowResult, name: string) => (rateOf(r, name) * flopPerSample) / (ceilings?.flops ?? Number.NaN);
  return [
    '# Samples per second, all in one run',
    '',
    `Adapter: **${comparison.adapter}**, ${context.runtime}. ${context.cpu}, ${context.threads} threads; load ${context.loadBefore} before, ${context.loadAfter} after.`,
    `jax-js ${context.versions.jax}, ONNX Runtime Web ${context.versions.onnx}; Wasm on ${comparison.sharedMemory ? `${comparison.threads} threads` : 'one thread (no shared memory here)'}. ${context.date}, commit ${context.commit}.`,
    'Absolute figures belong to this machine; the ratios are the point. Medians of alternating rounds, [slowest – fastest].',
    '',
    `A sample: a residual perceptron of ${figure(comparison.parameters)} parameters (${comparison.net}), midpoint in ${EVALUATIONS / 2} steps, ${EVALUATIONS} evaluations,`,
    `${figure(flopPerSample / 1e6)} MFLOP. Every contestant starts from the same noise and ends with the same samples (below); compiling and warm-up are left out. jax-js and ONNX`,
    'Runtime with a step or all steps in a compiled function, whichever is faster. "–": a batch would have taken too long.',
    '',
    table(
      ['samples/s', ...head],
      names.map((name) => [name, ...results.map((r) => cell(r, name))]),
    ),
    '',
    `## Ratios of ${reference}`,
    ...(ceilings ? [`Aim: ≥ ${TARGET}× jax-js WebGPU on the same adapter.`, ''] : []),
    table(
      ['', ...head],
      names
        .filter((name) => name !== reference)
        .map((name) => [
          `${reference} / ${name}`,
          ...results.map((r) => `${figure(rateOf(r, reference) / rateOf(r, name))}×`),
        ]),
    ),
    ...(ceilings
      ? [
          '',
          '## Work, memory and ceilings',
          `The adapter's multiply-adds: ${figure(ceilings.flops / 1e9)} GFLOP/s in f32 (f16 is measured against the same). Weights: ${formatBytes(weightBytes.f32)} in f32, ${formatBytes(weightBytes['f16-storage'])} with halves.`,
          `Tile of a workgroup (sample groups of four × neuron groups): ${ours.map((name) => `${name} ${comparison.tiles[name.replace('Lockstep ', '')]}`).join(', ')}.`,
          '',
          table(
            ['of the ceiling', ...head],
            ours.map((name) => [name, ...results.map((r) => `${figure(100 * fraction(r, name))} %`)]),
          ),
          '',
          table(
            ['GPU memory', ...head],
            ours.map((name) => [name, ...results.map((r) => formatBytes(r.bytes[name] ?? Number.NaN))]),
          ),
        ]
      : []),
    '',
    '## Agreement before timing',
    'Largest difference from the f64 twin over the root mean square of the samples (the first 64); 1e-5 is the limit, 5e-3 with halves.',
    '',
    table(
      ['', ...head],
      names
        .filter((name) => !name.startsWith('f64'))
        .map((name) => [name, ...results.map((r) => r.errors[name]?.toExponential(1) ?? '–')]),
    ),
    '',
    '## Forms (samples/s in one trial; the fastest is timed above)',
    '',
    table(
      ['', ...head],
      formsOf(results).map(([name, form]) => [
        `${name}, ${form}`,
        ...results.map((r) => figure(r.forms[name]?.[form] ?? Number.NaN)),
      ]),
    ),
  ].join('\n');
}

function formsOf(results: readonly FlowResult[]): [string, string][] {
  const all = results.flatMap(({ forms }) =>
    Object.entries(forms).flatMap(([name, rates]) => Object.keys(rates).map((form) => `${name}\n${form}`)),
  );
  return [...new Set(all)].map((each) => each.split('\n') as [string, string]);
}

function rateOf(r: FlowResult, name: string): number {
  return r.rates.find((rate) => rate.name === name)?.median ?? Number.NaN;
}

function cell(r: FlowResult, name: string): string {
  const rate = r.rates.find((each) => each.name === name);
  return rate ? `${figure(rate.median)} [${figure(rate.low)} – ${figure(rate.high)}]` : '–';
}
