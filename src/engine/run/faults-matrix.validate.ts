/**
 * Losses of a device at every moment of a run of shear posteriors: each device that takes a lost one's place compiles kernels for two seconds.
 * `faults-matrix.test.ts` holds the same on an experiment whose kernel is compiled at once, and one of these moments.
 */
import { afterAll, expect, test } from 'vitest';
import {
  closeFaultyDevices,
  eventsOfKind,
  expectAsUndisturbed,
  expectChunkAgain,
  expectRescueAgain,
  momentsOf,
  steady,
  survive,
} from '../test-support/faulty-run.ts';

afterAll(closeFaultyDevices);

const { chunkSubmits, submit } = steady;

test.each(momentsOf(steady))(
  'device lost %s: another is opened and the chunk in flight starts again',
  (_, loseAfterSubmits, again) => expectChunkAgain(steady, loseAfterSubmits, again),
);

test('device lost each time in another chunk: the run goes on', async () => {
  const faulty = await survive({ faults: { loseAfterSubmits: chunkSubmits + 3, loseTimes: 2 } });
  await expectAsUndisturbed(faulty);
  expect(faulty.devices).toHaveLength(3);
  expect(eventsOfKind(faulty.run, 'loss').map(({ items }) => items)).toEqual([
    [2, 3],
    [4, 5],
  ]);
});

test('device lost while posteriors are sampled again: they start that rescue anew', () =>
  expectRescueAgain({ params: { draws: 200, realizations: 2 } }, chunkSubmits + 200 + submit.middle));
