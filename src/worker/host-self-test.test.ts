/** The self-test through the worker's protocol: a report for every device, and no run on one that failed. */
import { afterAll, expect, test } from 'vitest';
import { openWrongContext } from '../engine/test-support/wrong-device.ts';
import { closeTestContexts, openTestContext } from '../gpu/testing.ts';
import { tinyRun as config, connectHost } from './test-support/connect-host.ts';

afterAll(closeTestContexts);

test('a device is tried once, when somebody uses the page; a run starts, and a new device is tried anew', async () => {
  const { ask, tell, arrival, reports, messages, devices } = connectHost(openTestContext);
  await ask('init');
  expect(reports(messages)).toEqual([]);
  tell('prepare');
  tell('prepare');
  const report = await arrival((all) => reports(all)[0]);
  expect(report.precisions).toMatchObject([{ precision: 'f32', passed: true }]);
  expect(devices[0].ledger.current).toBe(0);
  expect(await ask('run', config)).toMatchObject({ type: 'reply' });
  expect(await arrival((all) => all.find(({ type }) => type === 'finished'))).toMatchObject({
    outcome: { state: 'finished' },
  });
  devices[0].device.destroy();
  await devices[0].lost;
  expect(await ask('run', config)).toMatchObject({ type: 'reply' });
  expect(await arrival((all) => reports(all)[1])).toMatchObject({ precisions: [{ passed: true }] });
  expect(reports(messages)).toHaveLength(2);
  expect(devices).toHaveLength(2);
});

test('a run and the tuner are refused on a device that computes wrongly, with what failed', async () => {
  const { ask, arrival, reports, devices } = connectHost(() =>
    openWrongContext((wgsl) => wgsl.replaceAll('15u), 26u), 6u)', '15u), 26u), 7u)')),
  );
  await ask('init');
  const askings = [() => ask('run', config), () => ask('job', config.workload, 'tuning', { config })];
  for (const asking of askings) {
    const refusal = await asking();
    expect(refusal).toMatchObject({
      type: 'refusal',
      error: {
        name: 'SelfTestError',
        message: expect.stringMatching(
          /^The self-test of f32 on .* failed\. Random bits: wrong words of 512 is 512, allowed 0;/,
        ),
        kept: expect.stringContaining('Nothing was started'),
        todo: expect.stringContaining('driver'),
      },
    });
  }
  expect((await arrival((all) => reports(all)[0])).precisions[0].passed).toBe(false);
  expect(devices[0].ledger.current).toBe(0);
});
