/** The tables of the decoders' benchmark. */
import type { Machine } from '../machine.ts';
import { figure, table } from '../table.ts';
import type { DecodersComparison, DecodersOptions, DecodersResult } from './compare.ts';

export interface DecodersContext extends Machine {
  readonly loadAfter: number;
  readonly runtime: string;
  readonly versions: { readonly jax: string; readonly onnx: string };
}

export function decodersReport(
  comparison: DecodersComparison,
  context: DecodersContext,
  { clock, prompt, drawn }: DecodersOptions,
): string {
  const per = clock === 'wall' ? 's' : 'processor second';
  const { models, ceilings, absent, results } = comparison;
  return [
    '# Tokens of decoders per second, all in one run',
    '',
    `Adapter: **${comparison.adapter}**, ${context.runtime}. ${context.cpu}, ${context.threads} threads; load ${context.loadBefore} before, ${context.loadAfter} after.`,
    `jax-js ${context.versions.jax}, ONNX Runtime Web ${context.versions.onnx}; Wasm on ${comparison.sharedMemory ? `${comparison.threads} threads` : 'one thread (no shared memory here)'}, our CPU path on one. ${context.date}, commit ${context.commit}.`,
    'Absolute figures belong to this machine; the ratios are the point. Medians of alternating rounds.',
    '',
    `Random weights in f32. Drawn: ${drawn} greedy tokens behind a prompt of ${prompt}, whole generations; read: prompts alone and what follows them. B texts at once, all of one length, as suits the others best: keys and values are kept by everybody.`,
    ...(ceilings ? [`The adapter's multiply-adds: ${figure(ceilings.flops / 2e9)} billion/${per} in f32.`] : []),
    ...Object.entries(absent).map(([name, why]) => `${name} does not run here: ${why.split('\n')[0]}`),
    ...models.flatMap((model) =>
      section(
        model,
        results.filter((each) => each.model === model.name),
        ceilings?.flops ?? Number.NaN,
        per,
      ),
    ),
  ].join('\n');
}

const rateOf = (rates: DecodersResult['drawing'], name: string) =>
  rates.find((rate) => rate.name === name)?.median ?? Number.NaN;

function section(
  { name: model, products }: DecodersComparison['models'][number],
  results: readonly DecodersResult[],
  flops: number,
  per: string,
): string[] {
  const head = results.map(({ batch }) => `B = ${batch}`);
  const names = [
    ...new Set(results.flatMap(({ drawing, tooSlow }) => [...drawing.map(({ name }) => name), ...tooSlow])),
  ];
  const rows = (of: readonly string[], cell: (r: DecodersResult, name: string) => string) =>
    of.map((name) => [name, ...results.map((r) => cell(r, name))]);
  const ours = names.filter((name) => name.startsWith('Lockstep') && !name.includes('CPU'));
  /** NaN where none was timed. */
  const best = (r: DecodersResult, which: 'drawing' | 'reading', of: (name: string) => boolean) =>
    r[which].reduce((most, { name, median }) => (of(name) && !(median <= most) ? median : most), Number.NaN);
  const marked = (value: number, sign: string) => (Number.isFinite(value) ? `${figure(value)}${sign}` : '–');
  const foreign = (name: string) => !name.startsWith('Lockstep') && name.endsWith('WebGPU');
  const ratios = (which: 'drawing' | 'reading') => [
    ...rows(ours, (r, name) => marked(rateOf(r[which], name) / best(r, which, foreign), '×')),
  ];
  return [
    '',
    `## ${model}`,
    `${figure(products)} multiply-adds of matrices a token.`,
    '',
    table(
      [`drawn/${per}`, ...head],
      rows(names, (r, name) => figure(rateOf(r.drawing, name))),
    ),
    '',
    table(
      [`read/${per}`, ...head],
      rows(names, (r, name) => figure(rateOf(r.reading, name))),
    ),
    '',
    table(['drawn: of the best other WebGPU', ...head], ratios('drawing')),
    '',
    table(['read: of the best other WebGPU', ...head], ratios('reading')),
    '',
    table(
      ['drawn: of the ceiling', ...head],
      rows(ours, (r, name) => `${figure((200 * products * rateOf(r.drawing, name)) / flops)} %`),
    ),
    '',
    table(
      ['tokens of the f64 twin', ...head],
      rows(names, (r, name) => marked(100 * (r.equal[name] ?? Number.NaN), ' %')),
    ),
  ];
}
