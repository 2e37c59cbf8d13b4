/** One process at a time in a folder: a lock file that is made exclusively, says who holds it, and is taken over where nobody does. */
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, open, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';

/** What the file says. Older ones have no more than process and host. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Linux: of the boot, so that a number that another process got after a restart is not taken for the same. */
  readonly boot?: string;
  /** Linux: when the process began, in ticks since the boot, for the same reason. */
  readonly born?: string;
  readonly token?: string;
}

/** Another process holds the lock. */
export class LockedError extends Error {
  override readonly name = 'LockedError';
  constructor(holder: Pick<Holder, 'pid' | 'host'>) {
    const elsewhere =
      holder.host === hostname() ? '' : ` on ${holder.host}, which has renewed its lock within the last two minutes,`;
    super(`process ${holder.pid}${elsewhere}`);
  }
}

/** A process of another machine cannot be asked: it renews its lock so often, and is gone when it has not for so long. */
const RENEW_MS = 20_000;
const LEASE_MS = 120_000;
/** Contenders give way to one another for a moment. */
const ATTEMPTS = 50;
const PAUSE_MS = 20;
/** The right to remove a dead process's lock is used within this time, or its holder has died over it. */
const RIGHT_MS = 10_000;

/** Tokens of the locks that this process holds. */
const held = new Set<string>();

/**
 * Takes the lock; resolves to what frees it. Its folder must be there.
 * @throws LockedError where another has it; the system's error where it cannot be written
 */
export async function takeLock(path: string): Promise<() => Promise<void>> {
  const token = randomUUID();
  const own: Holder = { pid: process.pid, host: hostname(), boot: bootId(), born: bornOf(process.pid), token };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await created(path, JSON.stringify(own), token)) return keep(path, token);
    const found = await read(path);
    if (!found) continue;
    if (found.holder && isLive(found.holder, found.renewedMs)) throw new LockedError(found.holder);
    await removeStale(path, found.text);
  }
  throw new LockedError((await read(path))?.holder ?? own);
}

function keep(path: string, token: string): () => Promise<void> {
  held.add(token);
  const renew = () => void utimes(path, new Date(), new Date()).catch(() => undefined);
  const timer = setInterval(renew, RENEW_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    // Not a lock that another has made since: the folder may have been removed meanwhile, and used again.
    if (held.delete(token) && (await read(path))?.holder?.token === token) await rm(path, { force: true });
  };
}

/** Makes the file with all of its text or not at all, and not where there is one. */
async function created(path: string, text: string, token: string): Promise<boolean> {
  const whole = `${path}.${token}.partial`;
  try {
    await writeFile(whole, text);
    await link(whole, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    // Some file systems have no links.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(codeOf(error))) throw error;
  } finally {
    await rm(whole, { force: true });
  }
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** The lock as it is now; undefined where there is none. */
async function read(path: string) {
  try {
    const [text, { mtimeMs }] = [await readFile(path, 'utf8'), await stat(path)];
    return { text, renewedMs: mtimeMs, holder: holderIn(text) };
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return undefined;
    throw error;
  }
}

/** Undefined for a file that names nobody. */
function holderIn(text: string): Holder | undefined {
  try {
    const { pid, host, ...more } = JSON.parse(text) as Holder;
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host, ...more } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Removes the lock of a process that is gone, and no other: two that find the same one would each remove what the other has made since, so a
 * second file, made exclusively for this very text, says who may.
 */
async function removeStale(path: string, text: string): Promise<void> {
  const right = `${path}.${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
  try {
    await (await open(right, 'wx')).close();
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    const made = await stat(right).catch(() => undefined);
    if (made && Date.now() - made.mtimeMs > RIGHT_MS) await rm(right, { force: true });
    await wait(PAUSE_MS);
    return;
  }
  if ((await read(path))?.text === text) await rm(path, { force: true });
  await rm(right, { force: true });
}

function isLive({ pid, host, boot, born, token }: Holder, renewedMs: number): boolean {
  if (host !== hostname()) return Date.now() - renewedMs < LEASE_MS;
  if (boot !== undefined && boot !== bootId()) return false;
  if (pid === process.pid) return token !== undefined && held.has(token);
  return isAlive(pid) && (born === undefined || born === bornOf(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A process that was killed and whose parent has not asked how it ended yet runs no more. Told by Linux only.
    return statOf(pid)?.[0] !== 'Z';
  } catch (error) {
    // It is there but belongs to somebody else.
    return codeOf(error) === 'EPERM';
  }
}

/** When a process began; undefined where the system does not tell. */
function bornOf(pid: number): string | undefined {
  // State is the third field of proc(5)'s stat, the start the 22nd.
  return statOf(pid)?.[19];
}

/** Fields of /proc/<pid>/stat from the third on: "4148 (node) Z 1 …"; the name in brackets may hold brackets of its own. */
function statOf(pid: number): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return undefined;
  }
}

function bootId(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}
