/** A path from its training to its analysis by the command line: what `train --checkpoints` writes is what `--path` reads. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeNpy } from '../../src/bundle/npy.ts';
import { runCli } from '../../src/cli/program.ts';
import { addActivationsCommands } from '../../src/workloads/activations/commands/index.ts';
import { activationsWorkload } from '../../src/workloads/activations/workload.ts';
import { pathRole } from '../../src/workloads/analysis/files/path-role.ts';
import { analysisWorkload } from '../../src/workloads/analysis/workload.ts';
import { archiveOf } from '../../src/workloads/join-parts.ts';

let scratch: string;
const NAMES = [0, 1, 3, 4].map((step) => `step-00000${step}.safetensors`);
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'lockstep-path-'));
  const tiny = ['--width', '16', '--heads', '2', '--layers', '1', '--hidden', '16', '--batch', '2', '--length', '20'];
  await cli('train', 'activations', [
    ...tiny,
    ...['--stories', '200', '--judge-every', '4', '--steps', '4', '--learning-rate', '0.02', '--checkpoints', '4'],
    ...['--output', join(scratch, 'model')],
  ]);
}, 240_000);
afterAll(() => rmSync(scratch, { recursive: true }));

async function cli(command: string, workload: string, flags: readonly string[]): Promise<void> {
  const text = { err: '' };
  const io = {
    out: { write: () => undefined },
    err: {
      write: (part: string) => {
        text.err += part;
      },
    },
    onInterrupt: () => () => undefined,
  };
  const registry = [activationsWorkload, analysisWorkload];
  const args = [command, '--workload', workload, '--backend', 'vulkan', ...flags];
  const code = await runCli(args, { registry, io, version: '1', commands: [addActivationsCommands] } as never);
  expect(code, text.err).toBe(0);
}

const array = (metric: string, name: string) => {
  const path = join(scratch, 'run', 'metrics', metric, `${name}.npy`);
  return Array.from(decodeNpy(name, new Uint8Array(readFileSync(path))).data);
};

test('its last checkpoint is the model, in losses too', async () => {
  const sizes = ['landscapeGrid=3', 'permutations=20', 'resamples=50'];
  await cli('run', 'analysis', [
    ...['--model', join(scratch, 'model'), '--path', join(scratch, 'model', 'checkpoints')],
    ...['--metrics', 'trajectory,landscape,representations', '--plane', 'path', '--stories', '4', '--longest', '12'],
    ...['--size', ...sizes.map((size) => `analysis.${size}`)],
    ...['--output-dir', join(scratch, 'run')],
  ]);
  const centre = array('landscape', 'loss')[4];
  const losses = array('trajectory', 'loss');
  expect(losses).toHaveLength(4);
  expect(losses[3]).toBeCloseTo(centre, 5);
  expect(array('landscape', 'path_loss')[3]).toBeCloseTo(centre, 5);
  expect(losses[0] - losses[3]).toBeGreaterThan(0.01);
}, 240_000);

test('an archive of them is the same path', async () => {
  const bytesOf = (name: string) => new Uint8Array(readFileSync(join(scratch, 'model', 'checkpoints', name)));
  const parts = NAMES.map((name) => ({ name: `stories-4/checkpoints/${name}`, bytes: async () => bytesOf(name) }));
  const model = { name: 'stories-4/model.safetensors', bytes: async () => bytesOf(NAMES[3]) };
  const { input, what } = await pathRole.read('stories-4.zip', await archiveOf([...parts, model]));
  expect(what).toBe('4 checkpoints, step-000000 to step-000004');
  expect(input.checkpoints.map(({ name }) => `${name}.safetensors`)).toEqual(NAMES);
  await expect(pathRole.read('one.zip', await archiveOf([model]))).rejects.toThrow('0 checkpoints');
});
