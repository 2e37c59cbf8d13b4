/** `lockstep train --workload cells` from flags to a network in a file, on a real device with tiny numbers. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { OpenGpu } from '../../../cli/gpu.ts';
import { runCli } from '../../../cli/program.ts';
import { readCellsNetwork } from '../network-file.ts';
import { cellsWorkload } from '../workload.ts';
import { addCellsCommands } from './index.ts';

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

const FILE = fileURLToPath(new URL('../../../../public/examples/regulatory.h5ad', import.meta.url));

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'lockstep-cells-'));
});
afterAll(async () => {
  rmSync(scratch, { recursive: true });
  const device = await shared.device;
  expect(device?.gpu.ledger.current).toBe(0);
  device?.release();
});

const TINY = ['--genes', '8', '--width', '16', '--heads', '1', '--layers', '1', '--batch', '4', '--judge-every', '4'];

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
  const args = ['train', '--workload', 'cells', '--data', FILE, ...TINY, '--output', join(scratch, name)];
  const options = { registry: [cellsWorkload], io, version: '1', commands: [addCellsCommands] };
  return { code: await runCli([...args, '--backend', 'vulkan', ...flags], options), ...text };
}

const network = (name: string) => readCellsNetwork(name, new Uint8Array(readFileSync(join(scratch, name))));

test('it writes a network that says what it is about and how well it knows cells it has not seen', async () => {
  const { code, out, err } = await train('one.safetensors', ['--steps', '8', '--cell-type-column', 'none']);
  expect(err).toContain('8 genes, 16 bins, 7 perturbations; 144 cells to train on, 16 to judge, 40 held out');
  expect(code).toBe(0);
  const { spec, subject, provenance } = network('one.safetensors');
  expect(spec).toMatchObject({ variant: 'lockstep', width: 16, layers: 1, perturbations: 7, cellTypes: 0 });
  expect(subject).toMatchObject({ cellTypes: [], bins: { kind: 'octave', count: 16 } });
  expect(provenance).toMatchObject({ source: 'regulatory.h5ad', heldOutCells: 40, seed: 1, splitSeed: 0 });
  expect(out).toContain(`at most ${(provenance.heldOutNll as number).toFixed(4)}`);
  expect(out).toContain('Mixture of 12');
  expect(existsSync(join(scratch, 'one.safetensors.training'))).toBe(false);
});

test('what is cut short is gone on with, under the flags that it began with', async () => {
  const cut = await train('two.safetensors', ['--steps', '8'], true);
  expect(cut.code).toBe(130);
  expect(existsSync(join(scratch, 'two.safetensors.training'))).toBe(true);
  const again = await train('two.safetensors', ['--steps', '8']);
  expect(again).toMatchObject({ code: 2, err: expect.stringContaining('unfinished training') });
  const other = await train('two.safetensors', ['--steps', '8', '--seed', '2', '--resume']);
  expect(other).toMatchObject({ code: 2, err: expect.stringContaining('began with 1, not 2') });
  const data = await train('two.safetensors', ['--steps', '8', '--bin-count', '12', '--resume']);
  expect(data).toMatchObject({ code: 2, err: expect.stringContaining('began with other cells') });
  const rest = await train('two.safetensors', ['--steps', '8', '--resume']);
  expect(rest.code).toBe(0);
  const whole = await train('whole.safetensors', ['--steps', '8']);
  expect(whole.code).toBe(0);
  expect([...network('two.safetensors').weights]).toEqual([...network('whole.safetensors').weights]);
});

test.each([
  [['--width', '20'], 'width'],
  [['--learning-rate', 'much'], 'learning-rate'],
  [['--size', 'cells.trainingBatch=8'], 'batch'],
  [['--perturbation-column', 'colour'], 'colour'],
])('%s is refused by its name', async (flags, word) => {
  const { code, err } = await train('refused.safetensors', ['--steps', '1', ...flags]);
  expect(code).toBe(2);
  expect(err).toContain(word);
  expect(existsSync(join(scratch, 'refused.safetensors'))).toBe(false);
});
