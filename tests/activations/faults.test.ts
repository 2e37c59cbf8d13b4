/** Devices that run out of memory or are lost in the middle of texts: the run goes on, and every text has its bits. */
import { afterAll, describe, expect, test } from 'vitest';
import {
  bitsOf,
  closeFaultyDevices,
  faultyRun,
  type Subject,
  survive,
  undisturbedRun,
} from '../../src/engine/test-support/faulty-run.ts';
import type { DecoderForm } from '../../src/nn/transformer/decoder.ts';
import type { Workload } from '../../src/workloads/workload.ts';
import { smallLoaded, withForm } from './small-run.ts';

afterAll(closeFaultyDevices);

const ITEMS = 6;

function subjectOf(form: DecoderForm): Subject {
  const workload = withForm(form, { 'activations.slots': 3 });
  const inputs = { loaded: smallLoaded('llama', ITEMS) };
  const held: Workload = {
    ...workload,
    configure: (params, _inputs, options) => workload.configure(params, inputs, options),
  };
  const params = { maxNewTokens: 10, temperature: 1, components: 'all', position: 'response[:5], prompt[-1]' };
  // How many submits a chunk takes is a matter of time here; the first ones are there however fast it is.
  return { workload: held, params, chunkSubmits: 0, submit: { first: 1, middle: 2, collect: 0, nextChunk: 0 } };
}

describe.each(['fused', 'layered'] as const)('%s', (form) => {
  const subject = subjectOf(form);

  test.each([1, 2])('out of memory at submit %i: halved, with equal bits', async (submit) => {
    const { run, kinds } = await survive({ subject, chunk: 4, faults: { outOfMemoryAtSubmit: submit } });
    expect(kinds).toEqual(['split']);
    expect(run.timings.map(({ items }) => items)).toEqual([2, 2, 2]);
    expect(bitsOf(run)).toEqual((await undisturbedRun(subject)).bits);
  });

  test.each([1, 2])('lost after submit %i: opened again, with equal bits', async (submit) => {
    const { run, kinds } = await survive({ subject, chunk: ITEMS, faults: { loseAfterSubmits: submit } });
    expect(kinds).toEqual(['loss', 'reopened', 'retry']);
    expect(bitsOf(run)).toEqual((await undisturbedRun(subject)).bits);
  });

  test('what is held is what was planned, whatever the chunk', async () => {
    for (const chunk of [1, 3, ITEMS]) {
      const { run, devices } = await faultyRun({ subject, chunk, ownDevice: true });
      await run.run();
      expect(devices[0].ledger.peak).toBe(run.plan.totalBytes);
      expect(devices[0].ledger.current).toBe(0);
    }
  });
});
