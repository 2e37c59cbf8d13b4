/** `lockstep train --workload activations` from flags to a folder, on a real device with tiny numbers. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { OpenGpu } from '../../../cli/gpu.ts';
import { runCli } from '../../../cli/program.ts';
import { activationsWorkload } from '../workload.ts';
import { addActivationsCommands } from './index.ts';

/** One device for all commands: compiling kernels anew for each would take most of the time. */
const shared = vi.hoisted(() => ({ device: undefined as Promise<OpenGpu> | undefined }));
vi.mock(import('../../../cli/gpu.ts'), async (importOriginal) => {
  const original = await importOriginal();
  return {
    ...original,
    openGpu: async (backend) => {
      shared.device ??= original.openGpu(backend);
      return { gpu: (await shared.device).gpu, release: () => undefined };
    },
  };
});

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'lockstep-stories-'));
});
afterAll(async () => {
  rmSync(scratch, { recursive: true });
  const device = await shared.device;
  expect(device?.gpu.ledger.current ?? 0).toBe(0);
  device?.release();
});

const SMALL = ['laneLinearRows=2', 'laneLinearQuads=1', 'laneGradientQuads=1', 'laneTrainingQueries=1'];
const TINY = [
  ...['--width', '16', '--heads', '2', '--layers', '1', '--hidden', '16', '--batch', '2', '--length', '20'],
  ...['--stories', '200', '--judge-every', '2', '--steps', '4'],
  ...['--size', ...SMALL.map((size) => `activations.${size}`)],
];

async function train(name: string, flags: readonly string[], interrupted = false) {
  const text = { out: '', err: '' };
  const sink = (key: 'out' | 'err') => ({
    write: (part: string) => {
      text[key] += part;
    },
  });
  const io = {
    out: sink('out'),
    err: sink('err'),
    onInterrupt: (stop: () => void) => {
      if (interrupted) stop();
      return () => {};
    },
  };
  const args = ['train', '--workload', 'activations', ...TINY, '--output', join(scratch, name)];
  const options = { registry: [activationsWorkload], io, version: '1', commands: [addActivationsCommands] };
  return { code: await runCli([...args, '--backend', 'vulkan', ...flags], options), ...text };
}

const file = (model: string, name: string) => readFileSync(join(scratch, model, name));

test('it writes a folder that says how well it knows stories it has not seen, and stories as it learns', async () => {
  const { code, out, err } = await train('one', []);
  expect(err).toContain('200 texts to learn from, 200 to judge, 500 held out');
  expect(code).toBe(0);
  expect(readdirSync(join(scratch, 'one')).sort()).toEqual([
    'config.json',
    'model.safetensors',
    'provenance.json',
    'tokenizer.json',
    'tokenizer_config.json',
  ]);
  const provenance = JSON.parse(file('one', 'provenance.json').toString());
  expect(provenance).toMatchObject({ steps: 4, heldOutTexts: 500, recipe: { width: 16, length: 20 } });
  expect(out).toContain(provenance.heldOutLoss.toFixed(4));
  expect(err.match(/One day Lily was at the park\./g)).toHaveLength(2);
  expect(existsSync(join(scratch, 'one.training'))).toBe(false);
});

test('what is cut short is gone on with to the same weights, under the flags that it began with', async () => {
  expect((await train('two', [], true)).code).toBe(130);
  const again = await train('two', []);
  expect(again).toMatchObject({ code: 2, err: expect.stringContaining('unfinished training') });
  const other = await train('two', ['--seed', '2', '--resume']);
  expect(other).toMatchObject({ code: 2, err: expect.stringContaining('began with 1, not 2') });
  expect((await train('two', ['--resume'])).code).toBe(0);
  expect(file('two', 'model.safetensors').equals(file('one', 'model.safetensors'))).toBe(true);
});

test('it keeps checkpoints from the first weights to the model, whatever cuts it short, and none of them changes it', async () => {
  expect((await train('four', ['--checkpoints', '4'], true)).code).toBe(130);
  const { code, out } = await train('four', ['--checkpoints', '4', '--resume']);
  expect(code).toBe(0);
  expect(out).toContain('4 checkpoints');
  const names = readdirSync(join(scratch, 'four', 'checkpoints')).sort();
  expect(names).toEqual([0, 1, 3, 4].map((step) => `step-00000${step}.safetensors`));
  const weights = names.map((name) => file('four', `checkpoints/${name}`).toString('base64'));
  expect(new Set(weights).size).toBe(4);
  expect(file('four', `checkpoints/${names[3]}`).equals(file('four', 'model.safetensors'))).toBe(true);
  expect(file('four', 'model.safetensors').equals(file('one', 'model.safetensors'))).toBe(true);
  expect((await train('four', ['--replace'])).code).toBe(0);
  expect(readdirSync(join(scratch, 'four', 'checkpoints'))).toEqual([]);
});

test.each([
  [['--checkpoints', '1'], 'checkpoints'],
  [['--checkpoints', '6'], 'checkpoints'],
  [['--heads', '3'], 'heads'],
  [['--learning-rate', 'much'], 'learning-rate'],
  [['--hidden', '18'], 'hidden'],
  [['--size', 'activations.trainingBatch=8'], 'batch'],
])('%s is refused by its name', async (flags, word) => {
  const { code, err } = await train('refused', flags);
  expect(code).toBe(2);
  expect(err).toContain(word);
  expect(existsSync(join(scratch, 'refused'))).toBe(false);
});
