import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BundleFile } from '../../../bundle/types.ts';
import { runCli } from '../../../cli/program.ts';
import { gaussianWorkload } from '../../../engine/test-support/gaussian.ts';
import { runFiles } from '../run-files.ts';
import { labelledItems, labelledProblem } from '../test-support/labelled-run.ts';
import { readVectors } from '../vectors/files/read-vector.ts';
import { addActivationsCommands } from './index.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-extract-'));
  const { entries } = await runFiles(labelledProblem, { items: labelledItems() } as never);
  for (const entry of entries) {
    const { path, bytes } = (await entry.make()) as BundleFile;
    mkdirSync(join(folder, 'run', dirname(path)), { recursive: true });
    writeFileSync(join(folder, 'run', path), bytes);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

async function extract(...args: string[]) {
  const text = { out: '', err: '' };
  const sink = (key: 'out' | 'err') => ({
    write: (part: string) => {
      text[key] += part;
    },
  });
  const io = { out: sink('out'), err: sink('err'), onInterrupt: () => () => {} };
  const code = await runCli(['extract-vectors', ...args], {
    registry: [gaussianWorkload()],
    commands: [addActivationsCommands],
    io,
    version: '1.2.3',
  });
  return { code, ...text };
}

const run = () => join(folder, 'run');
const tree = 'extraction/own/curiosity/my_model/vectors';

test('an earlier run gives the vectors that it had itself, and its table', async () => {
  const { code, out, err } = await extract('--from', run(), '--json', join(folder, 'table.json'));
  expect([code, err]).toEqual([0, expect.not.stringContaining('error')]);
  expect(out).toMatch(/response\[:5\]\s+residual\s+2\s+probe\s+1\.000/);
  expect(out).toContain('labels shuffled');
  const scores = (path: string) => JSON.parse(readFileSync(path, 'utf8')).scores as { position: string }[];
  const sorted = (path: string) =>
    scores(path).toSorted((a, b) => (a.position < b.position ? -1 : Number(a.position > b.position)));
  expect(sorted(join(folder, 'table.json'))).toEqual(sorted(join(run(), tree, 'table.json')));
  const vector = `${tree}/prompt_-1/residual/probe/layer1.npy`;
  expect(readFileSync(join(folder, 'run-vectors', vector))).toEqual(readFileSync(join(run(), vector)));
});

test('positions, methods and layers are those that are asked for', async () => {
  const output = join(folder, 'some');
  const { code } = await extract(
    ...['--from', run(), '--vectors', output, '--position', 'prompt[-1]', '--layers', '1', '2'],
    ...['--methods', 'mean_diff', 'ica', '--rows', 'unit', '--zero-massive', '--folds', '3'],
  );
  expect(code).toBe(0);
  expect(readdirSync(join(output, tree)).sort()).toEqual(['controls.csv', 'prompt_-1', 'scores.csv', 'table.json']);
  expect(readdirSync(join(output, tree, 'prompt_-1/residual')).sort()).toEqual(['ica', 'mean_diff']);
  const file = join(output, tree, 'prompt_-1/residual/ica/control_vector.gguf');
  expect(readVectors(file, new Uint8Array(readFileSync(file))).vectors.map(({ layer }) => layer)).toEqual([2, 3]);
  const { options, counts } = JSON.parse(readFileSync(join(output, tree, 'table.json'), 'utf8'));
  expect([options.rows, options.zeroMassive, counts.folds]).toEqual(['unit', true, 3]);
});

test.each([
  [['--from', 'nowhere'], 'has no activations of texts with labels'],
  [['--position', 'all[:]'], 'it has activations at prompt[-1], response[:5] alone'],
  [['--layers', 'x'], 'expected a number'],
  [['--folds', '1'], 'expected a whole number from 2'],
  [['--methods', 'pca'], 'Allowed choices'],
])('%s is refused', async (args, words) => {
  const { code, err } = await extract(...(args[0] === '--from' ? [] : ['--from', run()]), ...args);
  expect(code).not.toBe(0);
  expect(err).toContain(words);
});
