/** What `tune` and `sizes` refuse, and that they do so before anything is measured; whose values `sizes` lists. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { guessMemoryClass, MEMORY_CLASS_LABELS } from '../batch/memory-class.ts';
import { gaussianWorkload } from '../engine/test-support/gaussian.ts';
import { NoAdapterError } from '../gpu/errors.ts';
import { closeTestContexts, openTestContext } from '../gpu/testing.ts';
import { runCli } from './program.ts';
import { sizesCommand } from './sizes-command.ts';

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'lockstep-tune-'));
});
afterAll(() => {
  rmSync(scratch, { recursive: true });
  closeTestContexts();
});

function terminal() {
  const text = { out: '', err: '' };
  const sink = (key: 'out' | 'err') => ({
    write: (part: string) => {
      text[key] += part;
    },
  });
  return { text, io: { out: sink('out'), err: sink('err'), onInterrupt: () => () => {} } };
}

async function cli(...args: string[]) {
  const { text, io } = terminal();
  return { code: await runCli(args, { registry: [gaussianWorkload()], io, version: '1.2.3' }), ...text };
}

/** Nothing has been said but why not: no adapter was opened, no trial was run. */
async function expectRefused(args: readonly string[], message: string): Promise<void> {
  const { code, out, err } = await cli('tune', ...args);
  expect(err).toMatch(new RegExp(`^error: ${args[0]}: [^\\n]*\\n$`));
  expect(err).toContain(message);
  expect({ code, out }).toEqual({ code: 2, out: '' });
}

describe('lockstep tune refuses before it begins', () => {
  test.each(['--csv', '--markdown'])('%s in a folder that is not there, on a folder, under a file', async (flag) => {
    await expectRefused([flag, join(scratch, 'nope', 'x.csv')], `the folder ${join(scratch, 'nope')} does not exist`);
    await expectRefused([flag, scratch], 'it is a folder');
    writeFileSync(join(scratch, 'file'), '');
    await expectRefused([flag, join(scratch, 'file', 'x.csv')], 'is not a folder');
    expect(readdirSync(scratch), 'asking makes nothing').toEqual(['file']);
  });

  test('a batch size, which its help leaves out', async () => {
    await expectRefused(['--batch-size', '2'], 'tune looks for the batch size itself');
    expect((await cli('tune', '--help')).out).not.toContain('--batch-size <n>');
    expect((await cli('run', '--help')).out).toContain('--batch-size <n>');
  });

  test('a number of items beyond that is none', async () => {
    await expectRefused(['--beyond', '0'], 'expected a whole number of items, 1 or more, or nothing, got "0"');
    await expectRefused(['--beyond', 'all'], 'got "all"');
  });
  test('a price that is none', async () => {
    await expectRefused(['--price', 'cheap'], 'got "cheap"');
  });
});

describe('lockstep sizes', () => {
  const sizes = async (flags: Record<string, string>, open?: Parameters<typeof sizesCommand>[1]) => {
    const { text, io } = terminal();
    const given = new Map(Object.entries(flags));
    const code = await sizesCommand({ workload: gaussianWorkload(), given, base: {}, io }, open);
    return { code, first: text.out.split('\n')[0], ...text };
  };

  test('lists the class that a run would guess from the adapter, and lets go of it', async () => {
    let released = 0;
    const gpu = await openTestContext();
    const { code, first, out } = await sizes({}, async () => ({ gpu, release: () => released++ }));
    const guess = guessMemoryClass(gpu.report);
    expect(first).toBe(
      `Memory class ${guess} (${MEMORY_CLASS_LABELS[guess]}), guessed from the adapter, ${gpu.report.name}.`,
    );
    expect(out).not.toContain('*');
    expect({ code, released }).toEqual({ code: 0, released: 1 });
  });

  test('without an adapter, or with --backend cpu, lists those of the twin', async () => {
    const none = async () => {
      throw new NoAdapterError('There is none.', 'Install one.');
    };
    expect((await sizes({}, none)).first).toContain('Memory class cpu');
    const never = async () => expect.fail('the device was opened');
    expect((await sizes({ backend: 'cpu' }, never)).first).toContain('Memory class cpu');
    expect((await sizes({ backend: 'cpu', 'memory-class': '24GB' }, never)).first).toContain('Memory class cpu');
    expect((await sizes({ 'memory-class': '24GB' }, never)).first).toContain('Memory class 24GB (24 GB), as given');
  });

  test('marks the sizes that were given, and refuses those that a run would', async () => {
    const { code, out } = await cli('sizes', '--memory-class', '16GB', '--size', 'shear.peekSlots=3');
    expect(code).toBe(0);
    expect(out).toMatch(/shear\.peekSlots +3 \* /);
    const wrong = await cli('sizes', '--memory-class', '16GB', '--size', 'shear.peekSlots=0');
    expect(wrong).toMatchObject({ code: 2, out: '', err: expect.stringContaining('error: --size: shear.peekSlots') });
  });
});
