import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { setNetcdfThreads } from '../../src/bundle/netcdf-start.ts';
import { netcdfThreads } from '../../src/cli/netcdf-threads.ts';
import { runCli } from '../../src/cli/program.ts';
import { filesOnDisk } from '../../src/cli/shipped-files.ts';
import { buildNetcdfScript } from '../../src/cli/test-support/netcdf-script.ts';
import { commands } from '../../src/workloads/commands.ts';
import { workloads } from '../../src/workloads/index.ts';
import { setShippedFiles } from '../../src/workloads/shipped-files.ts';
import { cases } from './cases.ts';

let built: Awaited<ReturnType<typeof buildNetcdfScript>>;
beforeAll(async () => {
  setShippedFiles(filesOnDisk(new URL('../../public/', import.meta.url)));
  built = await buildNetcdfScript();
  setNetcdfThreads(netcdfThreads(built.script));
});
afterAll(() => {
  setNetcdfThreads(undefined);
  built.remove();
});

test.each(cases)('$name: the right values, or a word on what is wrong and what to do', async ({ args, code, says }) => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-inputs-'));
  try {
    const text = { out: '', err: '' };
    const into = (key: 'out' | 'err') => ({
      write(part: string) {
        text[key] += part;
      },
    });
    const io = { out: into('out'), err: into('err'), onInterrupt: () => () => undefined };
    const ended = await runCli(await args(folder), { registry: workloads, commands, io, version: '1' });
    expect(text.err + text.out).toMatch(says);
    expect(ended).toBe(code);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
