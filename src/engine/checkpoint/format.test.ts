/** Files of a checkpoint: bit for bit, or refused. */
import { expect, test } from 'vitest';
import type { PosteriorItem } from '../../results/posterior/item.ts';
import { posteriorResults } from '../../results/posterior/kind.ts';
import type { FinishedItem } from '../run/run-options.ts';
import { MemoryFiles } from '../test-support/memory-files.ts';
import { decodeChunk, encodeChunk } from './chunk.ts';
import { DamagedError, peekFrame } from './frame.ts';
import { type CheckpointHead, decodeHead, encodeHead } from './head.ts';
import { readCheckpoint } from './read.ts';
import { CheckpointWriter } from './writer.ts';

const COUNT = 8;
const SEAL = 'sha256:a head';
const kind = posteriorResults();

function finished(index: number, attempts = 1, draws = 2): FinishedItem {
  const wave = Float64Array.from({ length: COUNT * draws }, (_, i) => Math.sin(i + 100 * index + attempts));
  const item: PosteriorItem = {
    info: { index, runId: `g1_${index}`, seed: 42 + index, truth: { g1: -0, g2: 0.1, x: Number.NaN } },
    chains: COUNT,
    draws,
    parameters: [
      { name: 'single', values: wave.map(Math.fround) },
      { name: 'double', values: wave },
      { name: 'broken', values: wave.with(3, Number.NaN).with(4, Number.NEGATIVE_INFINITY).with(5, -0) },
    ],
    stats: [
      { name: 'lp', values: Float32Array.from(wave) },
      { name: 'n_steps', values: new Int32Array(COUNT * draws).fill(7) },
      { name: 'diverging', values: new Uint8Array(COUNT * draws).fill(1, 5, 6) },
    ],
    fit: { mean: [-0, 1e-300], sd: [Number.POSITIVE_INFINITY, 0.1], chi2: Number.NaN, dataCount: 9 },
    gradients: 12345,
  };
  return { stored: kind.stored(item), attempts };
}

const bytesOf = async (pieces: readonly Uint8Array[]) =>
  new Uint8Array(await new Blob([...pieces] as BlobPart[]).arrayBuffer());

const head: CheckpointHead = {
  kind: 'head',
  config: '{}',
  title: 'Shear · quick · seed 42',
  itemName: { one: 'realization', many: 'realizations' },
  items: 3,
  startedAt: '2026-11-21T00:00:00.000Z',
  place: { version: '0.1.0', runtime: 'node v20', mode: 'webgpu', adapter: 'SwiftShader (software)' },
  shape: { threadsPerChain: 1, posteriorsPerWorkgroup: 1, maxTransitionsPerDispatch: 1 },
  shaders: 'sha256:0',
  inputs: { images: { name: 'stamps.npy', sha256: 'sha256:1' } },
};

test('a chunk comes back bit for bit, −0, NaN and infinities included', async () => {
  const items = [finished(0), finished(1, 2, 4), finished(2)];
  const back = decodeChunk(await bytesOf(await encodeChunk(items, null, SEAL)), SEAL);
  expect(back.finished).toEqual(items);
  const item = kind.restored(back.finished[0].stored);
  expect(Object.is(item.fit.mean[0], -0)).toBe(true);
  expect(Object.is(item.info.truth.g1, -0)).toBe(true);
});

test('a file cut short anywhere, or with any one bit turned, is refused', async () => {
  const whole = await bytesOf(await encodeChunk([finished(0, 1, 1)], null, SEAL));
  for (let length = 0; length < whole.length; length++) {
    expect(() => decodeChunk(whole.slice(0, length), SEAL), `cut to ${length}`).toThrow(DamagedError);
  }
  for (let bit = 0; bit < 8 * whole.length; bit++) {
    whole[bit >> 3] ^= 1 << (bit & 7);
    expect(() => decodeChunk(whole, SEAL), `bit ${bit}`).toThrow(DamagedError);
    whole[bit >> 3] ^= 1 << (bit & 7);
  }
  expect(() => decodeChunk(whole, SEAL)).not.toThrow();
  expect(() => decodeChunk(new Uint8Array([...whole, 0]), SEAL)).toThrow(DamagedError);
});

test('the head comes back, can be peeked at, and is not taken for a chunk', async () => {
  const bytes = await bytesOf(await encodeHead(head));
  expect(decodeHead(bytes)).toEqual(head);
  expect(await peekFrame(new Blob([bytes]))).toEqual(head);
  expect(() => decodeChunk(bytes, SEAL)).toThrow(DamagedError);
  await expect(peekFrame(new Blob([bytes.slice(0, 12)]))).rejects.toThrow(DamagedError);
  await expect(peekFrame(new Blob([bytes.slice(0, 40)]))).rejects.toThrow(DamagedError);
});

async function written(files = new MemoryFiles()) {
  const problems: unknown[] = [];
  const writer = new CheckpointWriter(files, (error) => problems.push(error));
  writer.begin(head);
  writer.add([finished(0), finished(1)], null);
  writer.add([finished(2)], null);
  writer.add([finished(1, 2)], null);
  await writer.flush();
  return { files, problems, writer };
}

test('a later write of an item takes the place of an earlier one', async () => {
  const { files } = await written();
  const checkpoint = await readCheckpoint(files);
  expect(checkpoint.head).toEqual(head);
  expect(checkpoint.finished).toEqual([finished(0), finished(1, 2), finished(2)]);
  expect(checkpoint).toMatchObject({ damaged: [], next: 3 });
});

test('a damaged chunk and a missing one are named, and what they held before stays', async () => {
  const { files } = await written();
  files.files.get('chunk-000002.lockstep')![200] ^= 1;
  const damaged = await readCheckpoint(files);
  expect(damaged.finished).toEqual([finished(0), finished(1), finished(2)]);
  expect(damaged.damaged).toEqual([
    { number: 2, reason: 'chunk-000002.lockstep: its hash does not match its contents' },
  ]);
  files.files.delete('chunk-000001.lockstep');
  const both = await readCheckpoint(files);
  expect(both.finished).toEqual([finished(0), finished(1)]);
  expect(both.damaged.map(({ number, reason }) => [number, reason])).toEqual([
    [1, 'chunk-000001.lockstep: it is missing'],
    [2, 'chunk-000002.lockstep: its hash does not match its contents'],
  ]);
});

test('a damaged chunk that was replaced is not spoken of again', async () => {
  const { files } = await written();
  files.files.get('chunk-000000.lockstep')![200] ^= 1;
  const from = await readCheckpoint(files);
  const writer = new CheckpointWriter(files, () => {}, from);
  for (const { number } of from.damaged) writer.replace(number);
  writer.add([finished(0)], null);
  await writer.flush();
  const again = await readCheckpoint(files);
  expect(again).toMatchObject({ damaged: [], next: 4 });
  expect(again.finished.map(({ stored }) => stored.info.index)).toEqual([0, 1, 2]);
});

test('a chunk of another run in the folder is named and not taken, whatever items it holds', async () => {
  const { files } = await written();
  const other = new MemoryFiles();
  const writer = new CheckpointWriter(other, () => {});
  writer.begin({ ...head, config: '{"seed":43}' });
  writer.add([finished(0, 3)], null);
  await writer.flush();
  files.files.set('chunk-000001.lockstep', other.files.get('chunk-000000.lockstep')!);
  const { finished: taken, damaged } = await readCheckpoint(files);
  expect(damaged).toEqual([{ number: 1, reason: 'chunk-000001.lockstep: it belongs to another run' }]);
  expect(taken).toEqual([finished(0), finished(1, 2)]);
});

test('a file whose number no run of so few files reaches is no chunk: nothing is looked for below it', async () => {
  const { files } = await written();
  files.files.set('chunk-999999999.lockstep', new Uint8Array(100));
  expect(await readCheckpoint(files)).toMatchObject({ damaged: [], next: 3 });
});

test('a damaged head is refused', async () => {
  const { files } = await written();
  files.files.get('head.lockstep')![30] ^= 1;
  await expect(readCheckpoint(files)).rejects.toThrow(DamagedError);
});

test('storage that fills up is told once, what was written stays, and no file follows', async () => {
  const full = (await written()).files;
  const sizes = [...full.files.values()].map(({ length }) => length);
  const { files, problems, writer } = await written(new MemoryFiles(sizes[0] + sizes[1] + 10));
  expect(problems).toHaveLength(1);
  expect((problems[0] as Error).name).toBe('QuotaExceededError');
  expect(writer.broken).toBe(true);
  files.quotaBytes = Number.POSITIVE_INFINITY;
  writer.add([finished(2)], null);
  await writer.flush();
  expect((await readCheckpoint(files)).finished).toEqual([finished(0), finished(1)]);
});
