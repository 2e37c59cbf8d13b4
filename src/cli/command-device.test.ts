/** A device lost under a command: another takes its place, tried as the first was, and none stays open. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { shear, tinyParams } from '../engine/test-support/faulty-run.ts';
import type { GpuContext } from '../gpu/context.ts';
import { closeTestContexts, openNullContext, openTestContext } from '../gpu/testing.ts';
import type { Workload } from '../workloads/workload.ts';
import { CommandDevice } from './command-device.ts';
import type { OpenGpu } from './gpu.ts';
import { runCli } from './program.ts';

/** What commands open, one after the other. */
const given = vi.hoisted(() => ({ devices: [] as GpuContext[], opened: 0, released: 0 }));
vi.mock(import('./gpu.ts'), async (importOriginal) => ({
  ...(await importOriginal()),
  openGpu: async () => {
    given.opened++;
    const gpu = given.devices[given.opened - 1];
    return { gpu, release: () => given.released++ };
  },
}));
afterAll(closeTestContexts);

/** Opens devices, and counts those that nobody has let go of. */
function opener() {
  const counts = { opened: 0, open: 0 };
  const open = async (): Promise<OpenGpu> => {
    const gpu = await openNullContext();
    counts.opened++;
    counts.open++;
    const release = () => {
      counts.open--;
      gpu.destroy();
    };
    return { gpu, release };
  };
  return { open, counts };
}

describe('the device of a command', () => {
  test('is let go of before another takes its place, and at the end', async () => {
    const { open, counts } = opener();
    const tried: GpuContext[] = [];
    const device = new CommandDevice(open, async (gpu) => tried.push(gpu));
    const first = await device.open();
    expect(tried).toEqual([]);
    const second = await device.reopen();
    expect((await first.lost).reason).toBe('destroyed');
    expect(device.gpu).toBe(second);
    expect(tried).toEqual([second]);
    expect(counts).toEqual({ opened: 2, open: 1 });
    device.release();
    device.release();
    expect(counts.open).toBe(0);
  });

  test('that fails when it is tried is not gone on with, and let go of at the end', async () => {
    const { open, counts } = opener();
    const device = new CommandDevice(open, async () => {
      throw new Error('computes wrongly');
    });
    await device.open();
    await expect(device.reopen()).rejects.toThrow('computes wrongly');
    device.release();
    expect(counts).toEqual({ opened: 2, open: 0 });
  });

  test('that opens after the command has ended is closed', async () => {
    const { open, counts } = opener();
    let go = () => {};
    const slow = async () => {
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      return open();
    };
    const device = new CommandDevice(slow, async () => undefined);
    const opening = device.open();
    device.release();
    go();
    await expect(opening).rejects.toThrow('had ended');
    expect(counts).toEqual({ opened: 1, open: 0 });
  });
});

describe('lockstep run', () => {
  let scratch: string;
  beforeAll(() => {
    scratch = mkdtempSync(join(tmpdir(), 'lockstep-loss-'));
  });
  afterAll(() => rmSync(scratch, { recursive: true }));

  /** The experiment, whose device goes away once as a chunk begins. */
  function losing(chunk: number): Workload {
    let chunks = 0;
    return {
      ...shear,
      selfTest: undefined,
      open: async (gpu, ...given) => {
        const session = await shear.open(gpu, ...given);
        const start = session.start.bind(session);
        session.start = (items) => {
          if (++chunks === chunk) gpu.destroy();
          return start(items);
        };
        return session;
      },
    };
  }

  async function run(workload: Workload, name: string) {
    const text = { out: '', err: '' };
    const sink = (key: 'out' | 'err') => ({
      write: (part: string) => {
        text[key] += part;
      },
    });
    const folder = join(scratch, name);
    const config = join(scratch, 'config.json');
    const params = { ...tinyParams, realizations: 2, rescue: false };
    writeFileSync(config, JSON.stringify({ workload: 'shear', batch: { size: 1 }, params }));
    const args = ['run', '--config', config, '--output-dir', folder];
    const io = { out: sink('out'), err: sink('err'), onInterrupt: () => () => {} };
    const code = await runCli(args, { registry: [workload], io, version: '1.2.3' });
    return { code, ...text, folder, result: /result (sha256:\w+)/.exec(text.out)?.[1] };
  }

  test('goes on with another device and comes to the same result', async () => {
    // The run after the loss goes on where the calm one was: compiling kernels anew would take most of the time.
    const [calmly, lost] = [await openTestContext(), await openTestContext()];
    given.devices.push(calmly, lost, calmly);
    const calm = await run(losing(0), 'calm');
    const { code, err, result, folder } = await run(losing(2), 'lost');
    expect(err).toContain('warning: Shear: the device went away while 1 realization was under way');
    expect(err).toContain('was opened again');
    expect(code).toBe(0);
    expect(result).toBe(calm.result);
    expect(given).toMatchObject({ opened: 3, released: 3 });
    expect(calmly.ledger.current).toBe(0);
    const { events } = JSON.parse(readFileSync(join(folder, 'failures.json'), 'utf8'));
    expect(events.map(({ kind }: { kind: string }) => kind)).toEqual(['loss', 'reopened', 'retry']);
  });
});
