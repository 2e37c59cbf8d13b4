/** Child processes: what they print and send, and that one which hangs is ended with all it started. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runNode } from '../child.mjs';
import { root } from '../locate.mjs';

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'lockstep-child-'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

function script(name: string, text: string): string[] {
  const path = join(scratch, `${name}.mjs`);
  writeFileSync(path, text);
  return [path];
}

test('its messages come, its output goes into the log, and its exit code is handed on', async () => {
  const messages: unknown[] = [];
  const log = join(scratch, 'talks.log');
  const talks = script(
    'talks',
    "console.log('said'); process.send({ a: 1 }); process.send({ b: 2 }); process.exitCode = 3;",
  );
  expect(await runNode(talks, { log, onMessage: (message) => messages.push(message) })).toEqual({
    code: 3,
    hung: false,
  });
  expect(messages).toEqual([{ a: 1 }, { b: 2 }]);
  expect(readFileSync(log, 'utf8')).toBe('said\n');
});

test('without a log it prints where we print, drivers’ own messages left out', async () => {
  const noise =
    'Warning: Vulkan shaderUniform*ArrayDynamicIndexing required.\\n - While initializing adapter (backend=BackendType::Vulkan)\\n' +
    '    at InitializeImpl (/x/PhysicalDeviceVk.cpp:257)\\n\\n';
  const [inner] = script('noisy', `console.log('out'); process.stderr.write('a\\n${noise}b'); process.exitCode = 4;`);
  const module = JSON.stringify(pathToFileURL(join(root, 'scripts/child.mjs')).href);
  const [outer] = script(
    'hands-on',
    `import { runNode } from ${module}; process.exitCode = (await runNode([${JSON.stringify(inner)}])).code;`,
  );
  expect(spawnSync(process.execPath, [outer], { encoding: 'utf8' })).toMatchObject({
    ...{ status: 4, stdout: 'out\n', stderr: 'a\nb' },
  });
});

test('one that sends nothing any more is ended, and so is the process that it started', async () => {
  const pidFile = join(scratch, 'pid');
  const forever = 'setInterval(() => {}, 1000);';
  const hangs = script(
    'hangs',
    `import { spawn, spawnSync } from 'node:child_process'; import { writeFileSync } from 'node:fs';
     const child = spawn(process.execPath, ['-e', ${JSON.stringify(forever)}]);
     writeFileSync(${JSON.stringify(pidFile)}, String(child.pid)); process.send({}); ${forever}`,
  );
  const began = performance.now();
  await runNode(script('ends', ''));
  // Ten times what a process needs to begin here, so that it hangs only once it has begun, whatever the machine.
  const silentLimitMs = 1_000 + 10 * (performance.now() - began);
  const { hung, code } = await runNode(hangs, { onMessage: () => {}, silentLimitMs });
  expect(hung).toBe(true);
  expect(code).not.toBe(0);
  const pid = Number(readFileSync(pidFile, 'utf8'));
  // The signal has been sent; the system may need a moment to take the process away.
  await expect.poll(() => alive(pid), { timeout: 60_000 }).toBe(false);
});

test('told to end, it ends its child and rejects, so that nothing more is started', async () => {
  const inner = script('waits', 'process.send({}); setInterval(() => {}, 1000);');
  const child = pathToFileURL(join(root, 'scripts/child.mjs')).href;
  const [outer] = script(
    'outer',
    `import { runNode } from ${JSON.stringify(child)};
     await runNode(${JSON.stringify(inner)}, { onMessage: () => console.log('ready') }).catch(({ name }) => console.log(name));`,
  );
  const process_ = spawn(process.execPath, [outer], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said: string[] = [];
  process_.stdout.on('data', (data: Buffer) => {
    said.push(...data.toString().trim().split('\n'));
    if (said.length === 1) process_.kill('SIGINT');
  });
  await new Promise((resolve) => process_.on('close', resolve));
  expect(said).toEqual(['ready', 'Interrupted']);
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A zombie only waits for somebody to ask how it ended.
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, 'utf8'));
}
