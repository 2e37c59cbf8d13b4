/** `lockstep train` and `lockstep evaluate` from flags to files, on a real device with tiny numbers. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { guessMemoryClass } from '../../../batch/memory-class.ts';
import { sizesFor } from '../../../batch/sizes.ts';
import { decodeCsv } from '../../../bundle/csv.ts';
import { type OpenGpu, openGpu } from '../../../cli/gpu.ts';
import { runCli } from '../../../cli/program.ts';
import { gaussianWorkload } from '../../../engine/test-support/gaussian.ts';
import { Trainer } from '../../../nn/training/trainer.ts';
import { gaussian } from '../tasks/gaussian.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../training/checkpoint-file.ts';
import { optimiserWith, recipeFor } from '../training/recipe.ts';
import { scalingOf } from '../training/scaling.ts';
import { trainingSetup } from '../training/setup.ts';
import { velocityTraining } from '../training/velocity-training.ts';
import { decodeNetwork } from '../weights/network-file.ts';
import { addFlowCommands } from './index.ts';

/** One device for all commands: compiling kernels anew for each would take most of the time. */
const shared = vi.hoisted(() => ({ device: undefined as Promise<OpenGpu> | undefined, opened: 0, released: 0 }));
vi.mock(import('../../../cli/gpu.ts'), async (importOriginal) => {
  const original = await importOriginal();
  return {
    ...original,
    openGpu: async (backend) => {
      shared.device ??= original.openGpu(backend);
      const { gpu } = await shared.device;
      shared.opened++;
      return { gpu, release: () => shared.released++ };
    },
  };
});

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'lockstep-train-'));
});
afterAll(async () => {
  rmSync(scratch, { recursive: true });
  (await shared.device)?.release();
});
afterEach(async () => {
  // Every command lets go of the device and of all its memory.
  expect(shared.released).toBe(shared.opened);
  expect((await shared.device)?.gpu.ledger.current ?? 0).toBe(0);
});

async function cli(args: readonly string[], interrupted = false) {
  const text = { out: '', err: '' };
  const sink = (key: 'out' | 'err') => ({
    write: (part: string) => {
      text[key] += part;
    },
  });
  const onInterrupt = (stop: () => void) => {
    if (interrupted) stop();
    return () => {};
  };
  const io = { out: sink('out'), err: sink('err'), onInterrupt };
  return {
    code: await runCli(args, { registry: [gaussianWorkload()], io, version: '1', commands: [addFlowCommands] }),
    ...text,
  };
}

const TINY = ['--steps', '40', '--batch', '64', '--width', '16', '--depth', '2', '--simulations', '1000'];
const at = (name: string) => join(scratch, name);
const train = (name: string, ...flags: string[]) =>
  cli(['train', '--task', 'gaussian', ...TINY, '--backend', 'vulkan', '--output', at(name), ...flags]);
const network = (name: string) => decodeNetwork(name, new Uint8Array(readFileSync(at(name))));

test('train writes a network that says where it comes from and how good it is; evaluate compares ways to sample it', async () => {
  const flags = [
    '--evaluate',
    '2',
    '--samples',
    '20',
    '--learning-rate',
    '0.01',
    '--size',
    'flow.trainingTileGroups=64',
  ];
  const { code, out, err } = await train('a.safetensors', ...flags);
  expect(err).toContain('40 steps in f32');
  expect(code).toBe(0);
  expect(out).toMatch(/C2ST [01]\.\d{3} over 2 observations, self-control/);
  const { model, provenance } = network('a.safetensors');
  expect(model.net).toMatchObject({ width: 16, depth: 2 });
  expect(provenance).toMatchObject({
    simulations: 1000,
    steps: 40,
    batch: 64,
    seed: 1,
    shoulder: 0.1,
    precision: 'f32',
    c2stObservations: 2,
  });
  expect(provenance.adapter).toMatch(/\w/);
  expect(provenance.evaluation).toMatchObject({ solver: 'midpoint', evaluations: 20, precision: 'f32', samples: 20 });
  const scores = Object.values(provenance.evaluation!.c2st);
  expect(provenance.c2st).toBeCloseTo((scores[0] + scores[1]) / 2, 12);
  // Forty steps are no training.
  expect(provenance.c2st).toBeGreaterThan(0.7);
  expect(existsSync(`${at('a.safetensors')}.checkpoint`)).toBe(false);

  const tables = ['--csv', at('t.csv'), '--markdown', at('t.md')];
  const ways = ['--record', '--solver', 'rk4', 'midpoint', '--samples', '20', '--observations', '2'];
  const table = await cli(['evaluate', '--network', at('a.safetensors'), ...ways, '--backend', 'vulkan', ...tables]);
  expect(table.err).not.toContain('error');
  expect(table.code).toBe(0);
  const { header, rows } = decodeCsv('t.csv', readFileSync(at('t.csv'), 'utf8'));
  expect(rows).toHaveLength(4);
  const column = (name: string) => rows.map((row) => row[header.indexOf(name)]);
  expect(new Set(column('evaluations'))).toEqual(new Set(['20', '40']));
  // The numbers that training wrote into the file, from the file.
  const same = rows.filter((row) => row[header.indexOf('solver')] === 'midpoint');
  expect(same.map((row) => Number(row[header.indexOf('c2st')]))).toEqual(scores);
  const recorded = network('a.safetensors');
  expect(recorded.model).toEqual(model);
  expect(recorded.provenance.evaluation).toMatchObject({ solver: 'rk4', evaluations: 40 });
  const first = rows.filter((row) => row[header.indexOf('solver')] === 'rk4');
  expect(Object.values(recorded.provenance.evaluation!.c2st).map(String)).toEqual(
    first.map((row) => row[header.indexOf('c2st')]),
  );
  expect(
    readFileSync(at('t.md'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| gaussian')),
  ).toHaveLength(2);
});

test('train and evaluate measure observations of the prior predictive, and say where the prior cuts', async () => {
  const flags = ['--prior-predictive', '3', '--samples', '20', '--shoulder', '0.5'];
  const { code, out } = await train('b.safetensors', ...flags);
  expect(code).toBe(0);
  expect(out).toMatch(/^predictive-1: C2ST [01]\.\d{3}, .* % of the samples outside the prior$/m);
  expect(out).toMatch(/worst [01]\.\d{3} \(predictive-[123]\), at the edge of the prior [123] of 3, C2ST [01]\.\d{3} /);
  const { provenance } = network('b.safetensors');
  expect(provenance).toMatchObject({ shoulder: 0.5, c2stObservations: 3 });
  expect(Object.keys(provenance.evaluation!.c2st)).toEqual(['predictive-1', 'predictive-2', 'predictive-3']);
  const wanted = ['evaluate', '--network', at('b.safetensors'), ...flags.slice(0, 4), '--backend', 'vulkan'];
  const table = await cli([...wanted, '--skip-self-control', '--csv', at('p.csv')]);
  expect(table.err).toContain('3 observations from the prior predictive');
  const { header, rows } = decodeCsv('p.csv', readFileSync(at('p.csv'), 'utf8'));
  const column = (name: string) => rows.map((row) => row[header.indexOf(name)]);
  expect(column('self_control')).toEqual(['', '', '']);
  expect(column('c2st').map(Number)).toEqual(Object.values(provenance.evaluation!.c2st));
  expect(column('rejected_frac').map(Number)).toEqual(Object.values(provenance.evaluation!.rejected!));
});

test('a training that was cut short goes on to the same weights, bit for bit', async () => {
  const flags = ['--evaluate', '0'];
  expect((await train('whole.safetensors', ...flags)).code).toBe(0);
  const base = recipeFor('gaussian', { batch: 64, width: 16, depth: 2, simulations: 1000 });
  const recipe = { ...base, optimiser: optimiserWith(base.optimiser, { steps: 40 }) };
  const scaling = scalingOf(gaussian, recipe);
  const device = await openGpu('vulkan');
  const sizes = sizesFor(guessMemoryClass(device.gpu.report));
  const setup = trainingSetup(device.gpu.report, gaussian, recipe, sizes, scaling);
  const trainer = await Trainer.open(device.gpu, velocityTraining(setup));
  await trainer.advance(Number.POSITIVE_INFINITY, 17);
  const state = await trainer.state();
  trainer.close();
  device.release();
  const checkpoint = { recipe, scaling, normParts: sizes['flow.normParts'], state, elapsedMs: 5000 };
  const bytes = encodeCheckpoint(checkpoint);
  expect(decodeCheckpoint('x', bytes)).toEqual(checkpoint);
  // Older ones say nothing of shoulders and had none.
  const { shoulder: _, ...older } = recipe;
  const before = encodeCheckpoint({ ...checkpoint, recipe: older as typeof recipe });
  expect(decodeCheckpoint('x', before).recipe).toEqual({ ...recipe, shoulder: 0 });
  const path = `${at('cut.safetensors')}.checkpoint`;
  writeFileSync(path, bytes);

  const wrong = await train('cut.safetensors', '--resume', '--seed', '7', ...flags);
  expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('--seed: the training') });
  expect(existsSync(path)).toBe(true);
  const resumed = await train('cut.safetensors', '--resume', ...flags);
  expect(resumed.err).toContain('Going on from step 17');
  expect(resumed.code).toBe(0);
  expect(network('cut.safetensors').model).toEqual(network('whole.safetensors').model);
  expect(network('cut.safetensors').provenance.seconds).toBeGreaterThanOrEqual(5);
  expect(existsSync(path)).toBe(false);
});

test('Ctrl-C leaves the network so far and a checkpoint to go on with', async () => {
  const args = ['train', '--task', 'gaussian', ...TINY, '--backend', 'vulkan', '--output', at('int.safetensors')];
  const { code, err } = await cli(args, true);
  expect(code).toBe(130);
  expect(err).toContain('--resume');
  expect(network('int.safetensors').provenance.steps).toBe(0);
  expect((await cli(args)).err).toContain('holds an unfinished training');
  expect((await cli([...args, '--resume', '--evaluate', '0'])).code).toBe(0);
  expect(network('int.safetensors').provenance.steps).toBe(40);
  expect((await cli(args)).err).toContain('is there already');
});

describe('what is wrong is said with its flag, and nothing is written', () => {
  test.each([
    [['--batch', '100'], '--batch: expected a power of two'],
    [['--width', '20'], '--width: expected a multiple of 8'],
    [['--learning-rate', 'fast'], '--learning-rate: expected a number'],
    [['--steps', '0'], '--steps: expected a whole number from 1'],
    [['--simulations', '10'], '--simulations'],
    [['--evaluate', '1000'], '--evaluate'],
    [['--shoulder', '-1'], '--shoulder: expected a number from 0 to 100, got -1'],
    [['--task', 'gaussian_linear', '--shoulder', '0.1'], '--shoulder: the prior of gaussian_linear has no edges'],
    [['--prior-predictive', '0'], '--prior-predictive: expected a whole number from 1 to 100'],
    [['--prior-predictive', '2', '--evaluate', '2'], 'cannot be used with'],
    [['--size', 'flow.tile=3'], '--size: there is no "flow.tile"'],
    [['--size', 'flow.normParts=0'], '--size: flow.normParts: expected a whole number'],
    [['--size', 'flow.trainingBatch=128'], '--size: flow.trainingBatch changes the network'],
    [['--task', 'three_moons'], '--task: expected one of gaussian, two_moons'],
    [['--resume'], '--resume: there is no unfinished training'],
    [['--resume', '--replace'], 'cannot be used with'],
  ])('%j', async (flags, message) => {
    const { code, err } = await train('wrong.safetensors', ...flags);
    expect(err).toContain(message);
    expect(code).toBe(2);
    expect(existsSync(at('wrong.safetensors'))).toBe(false);
  });

  test('a folder that is not there, before anything is trained', async () => {
    const { code, err } = await train('no/such/folder.safetensors', '--evaluate', '0');
    expect(err).toContain('--output: cannot write');
    expect(err).not.toContain('Training gaussian');
    expect(code).toBe(2);
  });

  test('networks that cannot be evaluated', async () => {
    writeFileSync(at('bad.safetensors'), 'no network');
    const { code, err } = await cli(['evaluate', '--network', at('bad.safetensors')]);
    expect(err).toContain('bad.safetensors');
    expect(code).toBe(2);
    expect((await cli(['evaluate', '--network', at('absent')])).err).toContain('--network: cannot read');
  });
});
