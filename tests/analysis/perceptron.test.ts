/** A perceptron and its rows as a run takes them: read, refused with what to do, analysed to the loss that its own twin has. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { defaultSizes } from '../../src/batch/sizes.ts';
import { decodeNpy, encodeNpy } from '../../src/bundle/npy.ts';
import { decodeSafetensors, encodeSafetensors, type Tensor } from '../../src/bundle/safetensors.ts';
import { mlpForward } from '../../src/nn/mlp-twin.ts';
import { analysisFiles } from '../../src/workloads/analysis/files/roles.ts';
import { loadAnalysis } from '../../src/workloads/analysis/load.ts';
import { METRICS } from '../../src/workloads/analysis/metrics/index.ts';
import { openTwin } from '../../src/workloads/analysis/open.ts';
import type { AnalysisProblem } from '../../src/workloads/analysis/problem.ts';
import { toldOf } from '../../src/workloads/analysis/result.ts';
import { runFiles } from '../../src/workloads/analysis/run-files.ts';
import { twoMoons } from '../../src/workloads/flow/tasks/two-moons.ts';
import { heldOutRows } from '../../src/workloads/flow/training/held-out-rows.ts';
import { decodeNetwork } from '../../src/workloads/flow/weights/network-file.ts';
import { loadedFrom, readFiles } from './roles.ts';

const bytesOf = (path: string) => new Uint8Array(readFileSync(path));
const network = ['two_moons.safetensors', bytesOf('public/networks/two_moons.safetensors')] as const;
const rows = ['rows.npy', bytesOf('public/examples/two-moons-rows.npy')] as const;
const few = ['few.npy', encodeNpy(decodeNpy(...rows).data.slice(0, 3 * 17), [3, 17])] as const;

/** Everything that a run of these metrics in f64 tells. */
async function run(metrics: string, given: Parameters<typeof readFiles>[0]) {
  const params = { metrics };
  const loaded = await loadedFrom(given, params);
  const sizes = { ...defaultSizes, 'analysis.resamples': 20 };
  const problem = loaded.code.configured(params, {}, loaded, { sizes }).prepare(7) as AnalysisProblem;
  const items = [];
  for (const { index } of problem.items) {
    const session = await openTwin({ ...problem, stage: index });
    await session.start([index]);
    while ((await session.advance(1000)).phase !== 'done');
    items.push(...(await session.collect()));
    session.close();
  }
  return { problem, items };
}

describe('the way in', () => {
  test('takes θ in the order of its file, and rows as inputs and targets', async () => {
    const { graph, theta, items, about } = await loadedFrom({ network, rows });
    const { tensors } = decodeSafetensors(...network);
    for (const { name, at } of graph.parameters) {
      const { data } = tensors.get(name)!;
      expect(theta.subarray(at, at + data.length), name).toEqual(data);
    }
    expect(items).toHaveLength(64);
    expect([items[0].numbers!.length, items[0].targets!.length]).toEqual([15, 2]);
    expect(about).toContain('a perceptron of 5 layers of 64');
  });

  test('gives the loss that the network has in its own experiment, and says what it cannot measure', async () => {
    const { model } = decodeNetwork(...network);
    const { problem, items } = await run('attention,gradients', { network, rows: few });
    const squares = problem.file.items.flatMap(({ numbers, targets }) =>
      Array.from(mlpForward(model.net, model.weights, numbers!).output, (v, k) => (v - targets![k]) ** 2),
    );
    const loss = squares.reduce((sum, s) => sum + s, 0) / squares.length;
    const [attention, gradients] = items;
    expect(attention.attributes.objection).toContain('no attention and no tokens');
    const seen = toldOf(gradients).headlines.find(({ key }) => key === 'loss')!.value;
    expect(Math.abs(seen / loss - 1)).toBeLessThan(1e-12);
  });

  test('keeps the rows with the run', async () => {
    const { problem, items } = await run('sharpness', { network, rows: few });
    // biome-ignore lint/suspicious/noExplicitAny: of a finished run only its items are read.
    const { entries } = await runFiles(problem, { items } as any);
    const file = await entries.find(({ path }) => path === 'metrics/rows.npy')!.make();
    expect((file as { bytes: Uint8Array }).bytes).toEqual(few[1]);
    expect(entries.map(({ path }) => path)).not.toContain('metrics/texts.json');
  });

  test('objects to metrics of tokens in a sentence, and to no other', async () => {
    const loaded = await loadedFrom({ network, rows });
    const { planned } = await import('../../src/workloads/analysis/configured.ts');
    const { readAnalysisParams } = await import('../../src/workloads/analysis/params.ts');
    const params = readAnalysisParams({});
    const objected = METRICS.flatMap(({ id }) => {
      const { objection } = planned(id, params, loaded, defaultSizes);
      if (objection !== undefined) expect(objection, id).toMatch(/^.{20,}\.$/);
      return objection === undefined ? [] : [id];
    });
    expect(objected).toContain('attention');
    for (const id of ['integrated-gradients', 'jacobian', 'gradients', 'fisher', 'ggn', 'hessian', 'landscape'])
      expect(objected).not.toContain(id);
  });
});

describe('is refused', () => {
  test.each([
    ['a network without rows', { network }, 'takes rows of 17 numbers: 15 inputs, then 2 targets'],
    ['rows without a network', { rows }, 'a language model reads texts'],
    [
      'rows of another network',
      { network, rows: ['wide.csv', new TextEncoder().encode('1,2,3\n4,5,6\n')] as const },
      'wide.csv has rows of 3 numbers, and two_moons.safetensors takes 17',
    ],
    [
      'texts beside a network',
      { network, rows, texts: ['texts.txt', new TextEncoder().encode('one text\n')] as const },
      'texts.txt has no say',
    ],
  ])('%s', async (_, given, message) => {
    const files = await readFiles(given as Parameters<typeof readFiles>[0]);
    await expect(loadAnalysis({}, { files })).rejects.toThrow(message);
  });

  const changed = (change: (tensors: Map<string, Tensor>, metadata: Record<string, string>) => void) => {
    const { tensors, metadata } = decodeSafetensors(...network);
    const [own, told] = [new Map(tensors), { ...metadata }];
    change(own, told);
    return encodeSafetensors({ tensors: own, metadata: told });
  };
  const read = (name: string, bytes: Uint8Array<ArrayBuffer>) => readFiles({ network: [name, bytes] });

  test.each([
    ['a missing tensor', changed((all) => all.delete('layers.1.bias')), 'the tensor layers.1.bias of shape [64]'],
    [
      'an activation without curvature',
      changed((_, told) => {
        told.net = told.net.replace('silu', 'relu');
      }),
      'curvature is not computed here',
    ],
    [
      'no perceptron',
      changed((all, told) => {
        delete told.net;
        all.delete('output.weight');
      }),
      'it is no perceptron',
    ],
  ])('a network with %s', async (_, bytes, message) => {
    await expect(read('net.safetensors', bytes)).rejects.toThrow(message);
  });

  test('a network that does not say its activation is taken with a warning', async () => {
    const bytes = changed((_, told) => {
      delete told.net;
    });
    const { warnings, theta } = await loadedFrom({ network: ['bare.safetensors', bytes], rows });
    expect(warnings).toEqual([expect.stringContaining('silu is taken')]);
    expect(theta).toEqual((await loadedFrom({ network, rows })).theta);
  });
});

test('rows are told from texts by what they hold', () => {
  const { recognises } = analysisFiles.find(({ role }) => role === 'rows')!;
  expect(recognises!('', 'a.npy')).toBe(true);
  expect(recognises!('input_1,target_1\n0.5,-1e-3\n', 'a.csv')).toBe(true);
  expect(recognises!('1.5;2\n', 'a.csv')).toBe(true);
  expect(recognises!('prompt,label\n"Once there were 2",positive\n', 'a.csv')).toBe(false);
  expect(recognises!('Once upon a time\n', 'a.txt')).toBe(false);
});

test('rows are those of flow matching: the first do not hang on how many, and the network knows them better than nothing', () => {
  const file = decodeNetwork(...network);
  const [short, long] = [heldOutRows(file, twoMoons, 4, 3), heldOutRows(file, twoMoons, 400, 3)];
  expect(long.subarray(0, short.length)).toEqual(short);
  expect(heldOutRows(file, twoMoons, 4, 4)).not.toEqual(short);
  let [error, size] = [0, 0];
  for (let at = 0; at < long.length; at += 17) {
    const { output } = mlpForward(file.model.net, file.model.weights, long.subarray(at, at + 15));
    for (const k of [0, 1]) {
      error += (output[k] - long[at + 15 + k]) ** 2;
      size += long[at + 15 + k] ** 2;
    }
  }
  expect(error).toBeLessThan(0.7 * size);
  // u = θ − ε, both standardised and independent: 2 a number.
  expect(size / 800).toBeGreaterThan(1.7);
  expect(size / 800).toBeLessThan(2.3);
});
