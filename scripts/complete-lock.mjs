/**
 * Completes package-lock.json with the packages of other platforms. A registry that does not carry them (many mirrors do not)
 * makes npm write a lock file without them, and `npm ci` then refuses that file on every machine. Run it after `npm install`;
 * `--check` only reports. Entries are written as npm writes them, less the checksum, which npm takes from the registry.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './locate.mjs';

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm64', 'x64', 'arm', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x'];
const libraries = ['glibc', 'musl'];

/** @param {Record<string, any>} packages the lock file's `packages` @returns {{ name: string, version: string, dev: boolean }[]} */
function missingFromLock(packages) {
  const missing = new Map();
  for (const [path, entry] of Object.entries(packages))
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {}))
      if (!(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages))
        missing.set(name, { name, version, dev: entry.dev === true });
  return [...missing.values()];
}

/** @param {{ name: string, version: string, dev: boolean }} missing */
function entryOf({ name, version, dev }) {
  const words = name.split(/[/-]/);
  const one = (/** @type {string[]} */ known) => known.filter((word) => words.includes(word)).slice(0, 1);
  const [os, cpu, libc] = [one(systems), one(processors), one(libraries)];
  if (os.length === 0 || cpu.length === 0 || !/^\d/.test(version))
    throw new Error(
      `${name}@${version} is in no lock file entry, and its name does not tell its platform: add it by hand.`,
    );
  return { version, cpu, ...(dev ? { dev } : {}), ...(libc.length > 0 ? { libc } : {}), optional: true, os };
}

const path = join(root, 'package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8'));
const missing = missingFromLock(lock.packages);
for (const { name, version } of missing) console.log(`${name}@${version} is missing from package-lock.json`);
if (process.argv.includes('--check')) {
  if (missing.length > 0) console.error('npm ci would refuse this lock file: run node scripts/complete-lock.mjs');
  process.exitCode = missing.length > 0 ? 1 : 0;
} else if (missing.length > 0) {
  for (const one of missing) lock.packages[`node_modules/${one.name}`] = entryOf(one);
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  writeFileSync(path, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
}
