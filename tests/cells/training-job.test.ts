/** Training as a job through the worker's protocol, on a real device and the cells that ship. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { filesOnDisk } from '../../src/cli/shipped-files.ts';
import { parseRunConfig } from '../../src/engine/config/run-config.ts';
import { GpuContext } from '../../src/gpu/context.ts';
import { findNodeGpu, releaseNodeGpu } from '../../src/gpu/provider-node.ts';
import { jobOf } from '../../src/worker/client.ts';
import { connectClient } from '../../src/worker/test-support/connect-client.ts';
import type { TrainingEvent, TrainingTypes } from '../../src/workloads/cells/jobs/training-types.ts';
import { readCellsNetwork } from '../../src/workloads/cells/network-file.ts';
import { cellsWorkload } from '../../src/workloads/cells/workload.ts';
import { setShippedFiles } from '../../src/workloads/shipped-files.ts';

let shared: GpuContext;
beforeAll(async () => {
  setShippedFiles(filesOnDisk(new URL('../../public/', import.meta.url)));
  shared = await GpuContext.open({ gpu: (await findNodeGpu())! });
});
afterAll(() => {
  shared.destroy();
  releaseNodeGpu();
});

/** Without its own self-test, which trains nothing. */
const hasty = { ...cellsWorkload, selfTest: undefined };
const config = parseRunConfig({ workload: 'cells' }, [cellsWorkload]);

function connect() {
  const client = connectClient({ registry: [hasty], openGpu: async () => shared });
  const training = jobOf<TrainingTypes>(client, 'cells', 'training');
  const events: TrainingEvent[] = [];
  const ended = new Promise<void>((resolve) => {
    training.on((event) => {
      events.push(event);
      if (event.type === 'ended') resolve();
    });
  });
  return { client, training, events, ended };
}

test('a training judges itself, stands beside baselines, and gives its network to runs and to files', async () => {
  const { client, training, events, ended } = connect();
  await client.init();
  await expect(training.tell('save')).rejects.toThrow('No network has been trained');
  const wish = { config, width: 16, heads: 1, layers: 1, batch: 2, judgeEvery: 2, validation: 0.01, steps: 4 };
  await expect(training.start({ ...wish, width: 12 })).rejects.toMatchObject({ field: 'width' });
  const reply = await training.start(wish);
  expect(reply.spec).toMatchObject({ width: 16, genes: 64, bins: 16 });
  expect(reply.cells).toEqual({ training: 2376, validation: 24, heldOut: 600 });
  expect(reply.plan.buffers.map(({ name }) => name)).toContain('judge.tokens');
  await ended;
  const last = events.at(-1)!;
  expect(last).toMatchObject({ type: 'ended', early: false, error: undefined, report: { step: 4 } });
  const judged = events.filter((event) => event.type === 'judged').at(-1)!;
  expect(judged.judgements.map(({ step }) => step)).toEqual([2, 4]);
  const baselines = events.find((event) => event.type === 'baselines')!;
  const score = events.find((event) => event.type === 'score')!;
  for (const scores of [baselines.scores, score.baselines]) expect(scores.map(({ id }) => id)).toContain('mixture');
  expect(score.score.nll).toMatchObject({ cells: 600 });
  const saved = await training.tell('save');
  const network = readCellsNetwork(saved.name, saved.bytes);
  expect(network.provenance.heldOutNll).toBe(score.score.nll.nats);
  const used = await training.tell('use');
  expect(used.role).toBe('network');
});
