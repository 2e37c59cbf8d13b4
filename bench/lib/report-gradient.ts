/** The gradient comparison as a page of Markdown. */
import type { BatchResult, Comparison } from './compare.ts';
import type { Machine } from './machine.ts';
import { figure, table } from './table.ts';

export interface GradientContext extends Machine {
  readonly loadAfter: number;
  /** Browser or runtime, with its version. */
  readonly runtime: string;
  readonly jax: string;
}

/** What has to be reached against jax-js at batches of 64 and more. */
const TARGETS = { webgpu: 30, wasm: 3 };

export function gradientReport(
  { adapter, sharedMemory, threads, compileMs, batches }: Comparison,
  context: GradientContext,
): string {
  const names = batches[0].rates.map(({ name }) => name);
  const head = ['gradients/s', ...batches.map(({ batch }) => `B = ${batch}`)];
  const rates = names.map((name) => [name, ...batches.map((b) => cell(b, name))]);
  const best = (b: BatchResult) => fastest(b);
  const against = names.filter((name) => !name.startsWith('fused'));
  const ratios = [
    ['best shape', ...batches.map((b) => best(b).name.replace('fused, ', ''))],
    ...against.map((name) => [
      `fused / ${name}`,
      ...batches.map((b) => `${figure(best(b).median / rateOf(b, name))}×`),
    ]),
  ];
  return [
    '# Gradients per second, all in one page',
    '',
    `Adapter: **${adapter}**, ${context.runtime}. ${context.cpu}, ${context.threads} threads; load ${context.loadBefore} before, ${context.loadAfter} after.`,
    `jax-js ${context.jax}, its Wasm on ${sharedMemory ? `${threads} threads (memory is shared)` : 'one thread (no shared memory here)'}. ${context.date}, commit ${context.commit}.`,
    'Absolute figures belong to this machine; the ratios are the point. Medians of alternating rounds, [slowest – fastest].',
    '',
    'Every evaluation: 48 × 48 px, 6 Gaussians, 4 parameters, its own stamp, each result feeding the next. "2×2": four points a pixel, as ours',
    'always has; "one point": a quarter of that work, which only jax-js is given here. jax-js in the faster of its forms (below).',
    '',
    table(head, rates),
    '',
    '## Ratios of the fastest shape',
    `Aim at B = 64 and 256: ≥ ${TARGETS.webgpu}× jax-js webgpu, ≥ ${TARGETS.wasm}× jax-js wasm, the same rule on both sides (2×2).`,
    '',
    table(['', ...head.slice(1)], ratios),
    '',
    '## Agreement before timing',
    'Largest difference from the f64 twin over the largest gradient of all stamps, per parameter; 1e-5 is the limit.',
    '',
    table(
      ['', ...head.slice(1)],
      Object.keys(batches[0].errors).map((name) => [name, ...batches.map((b) => b.errors[name].toExponential(1))]),
    ),
    '',
    '## Forms of the jax-js model (gradients/s in one trial; the fastest is timed above)',
    table(
      ['', ...head.slice(1)],
      Object.keys(batches[0].forms).flatMap((name) =>
        Object.keys(batches[0].forms[name].rates).map((form) => [
          `${name}, ${form}`,
          ...batches.map((b) => formCell(b, name, form)),
        ]),
      ),
    ),
    '',
    `Linking and compiling a shape: ${Object.entries(compileMs)
      .map(([shape, ms]) => `${shape} threads ${figure(ms)} ms`)
      .join(', ')}.`,
  ].join('\n');
}

function rateOf(b: BatchResult, name: string): number {
  return b.rates.find((rate) => rate.name === name)?.median ?? Number.NaN;
}

function fastest(b: BatchResult) {
  const fused = b.rates.filter(({ name }) => name.startsWith('fused'));
  return fused.reduce((best, rate) => (rate.median > best.median ? rate : best));
}

function cell(b: BatchResult, name: string): string {
  const rate = b.rates.find((each) => each.name === name);
  return rate ? `${figure(rate.median)} [${figure(rate.low)} – ${figure(rate.high)}]` : '–';
}

function formCell(b: BatchResult, name: string, form: string): string {
  const { best, rates } = b.forms[name];
  const text = figure((rates as Record<string, number>)[form] ?? Number.NaN);
  return form === best ? `**${text}**` : text;
}
