/** Locks of processes that live, of processes that are gone, and of many that want one at the same time. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { LockedError, takeLock } from './folder-lock.ts';

let scratch: string;
let path: string;
let locks = 0;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'lockstep-lock-'));
});
beforeEach(() => {
  const folder = join(scratch, `${locks++}`);
  mkdirSync(folder);
  path = join(folder, 'lock.json');
});
afterAll(() => rmSync(scratch, { recursive: true }));

const left = (holder: object) => writeFileSync(path, JSON.stringify(holder));
const own = { pid: process.pid, host: hostname() };

test('a second taker is refused and told who holds it; freed, it can be taken again, and nothing else is left', async () => {
  const free = await takeLock(path);
  await expect(takeLock(path)).rejects.toThrow(`process ${process.pid}`);
  await free();
  expect(readdirSync(join(path, '..'))).toEqual([]);
  await (await takeLock(path))();
});

test('of many that come at once exactly one gets it, also where a dead process has left its own', async () => {
  for (const stale of [false, true]) {
    if (stale) left({ pid: 2 ** 22 + 1, host: hostname() });
    const takers = await Promise.allSettled(Array.from({ length: 20 }, () => takeLock(path)));
    const got = takers.filter((taker) => taker.status === 'fulfilled');
    expect(got).toHaveLength(1);
    for (const taker of takers) if (taker.status === 'rejected') expect(taker.reason).toBeInstanceOf(LockedError);
    await got[0].value();
  }
  expect(readdirSync(join(path, '..'))).toEqual([]);
});

test('a lock of which the process is gone, or of an earlier boot, or with its number taken by another since, is no hindrance', async () => {
  const boot = 'another boot';
  for (const holder of [
    { pid: 2 ** 22 + 1, host: hostname() },
    own,
    { pid: process.ppid, host: hostname(), boot },
    {},
  ]) {
    left(holder);
    await (await takeLock(path))();
  }
  left({ pid: process.ppid, host: hostname() });
  await expect(takeLock(path)).rejects.toThrow(`process ${process.ppid}`);
});

if (process.platform === 'linux')
  test('a number that another process got since is told from the one that took the lock', async () => {
    left({ pid: process.ppid, host: hostname(), born: '1' });
    await (await takeLock(path))();
  });

test('of another machine it holds so long as it is renewed', async () => {
  left({ pid: 1, host: 'elsewhere' });
  await expect(takeLock(path)).rejects.toThrow('process 1 on elsewhere');
  const old = new Date(Date.now() - 130_000);
  utimesSync(path, old, old);
  await (await takeLock(path))();
});

test('what another has taken meanwhile is not freed', async () => {
  const free = await takeLock(path);
  left({ pid: process.ppid, host: hostname() });
  await free();
  expect(JSON.parse(readFileSync(path, 'utf8')).pid).toBe(process.ppid);
});
