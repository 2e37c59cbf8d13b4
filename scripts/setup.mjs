/**
 * Brings a bare machine to the point where the page starts and the tests run: Node's version, npm dependencies, browsers and
 * drivers. Imports nothing from npm: it runs on a clone that has no node_modules yet.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium, findFirefox, findLavapipe, findNcdump, findPython, root } from './locate.mjs';

/** Something is missing that only the user can put right; the message holds the commands. */
export class SetupError extends Error {
  /** @override */
  name = 'SetupError';
}

/**
 * What can be asked for: how it is found, what Debian and Ubuntu call it, and what to type elsewhere. `snap` marks packages that
 * are empty shells of a snap on Ubuntu, where apt does not help.
 */
const systemTools = {
  chromium: {
    title: 'Chromium',
    find: findChromium,
    packages: ['chromium', 'fonts-dejavu-core'],
    snap: true,
    byHand: 'npx playwright install --with-deps chromium',
  },
  'firefox-esr': {
    title: 'Firefox',
    find: findFirefox,
    packages: ['firefox-esr'],
    snap: true,
    byHand: 'install Firefox from https://www.mozilla.org/firefox/ and set FIREFOX_PATH to its executable',
  },
  lavapipe: {
    title: 'the lavapipe Vulkan driver (Mesa)',
    find: () => (process.platform === 'linux' ? findLavapipe() : 'not needed: this system brings its own driver'),
    packages: ['mesa-vulkan-drivers', 'libvulkan1'],
    snap: false,
    byHand:
      'install your distribution’s Mesa Vulkan drivers (the file lvp_icd.*.json must appear in /usr/share/vulkan/icd.d)',
  },
  'python-readers': {
    title: 'Python with xarray, h5netcdf and netCDF4, and ncdump',
    find: () => findNcdump() && findPython(),
    packages: ['python3-xarray', 'python3-h5netcdf', 'python3-netcdf4', 'netcdf-bin'],
    snap: false,
    byHand: 'python3 -m pip install xarray h5netcdf netCDF4, and install the netCDF tools (ncdump)',
  },
};

/** Throws SetupError when this Node is older than `engines.node` of package.json asks. */
export function ensureNode() {
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node.match(/\d+(\.\d+)*/)[0];
  const [major, minor] = wanted.split('.').map(Number);
  const [haveMajor, haveMinor] = process.versions.node.split('.').map(Number);
  if (haveMajor > major || (haveMajor === major && haveMinor >= (minor ?? 0))) return;
  throw new SetupError(
    `Lockstep needs Node ${wanted} or newer; this is Node ${process.versions.node}.\nInstall a newer one from https://nodejs.org (or: nvm install 22) and run the command again.`,
  );
}

/**
 * Whether node_modules holds what package-lock.json asks for. npm ends an install by writing node_modules/.package-lock.json, so
 * an interrupted one is seen too. Contents are compared, not times: a fresh checkout touches the lock file without changing it.
 * Optional packages may be missing (those of other platforms are).
 */
function dependenciesInstalled() {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    return path in installed ? installed[path].version === entry.version : entry.optional || entry.devOptional;
  });
}

/**
 * Runs `npm ci` when node_modules is missing or is not what package-lock.json asks for.
 * @returns {boolean} whether anything was installed
 */
export function ensureDependencies() {
  if (dependenciesInstalled()) return false;
  console.error('Installing dependencies (npm ci) …');
  const npm = process.env.npm_execpath;
  const arguments_ = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...arguments_], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', arguments_, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (result.status !== 0)
    throw new SetupError(
      'npm ci did not finish: see its message above. Nothing was started. Once that is solved, run the command again.',
    );
  return true;
}

/** 'debian', 'ubuntu' or undefined: the systems on which apt-get is used. */
function aptDistribution() {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get') || !existsSync('/etc/os-release'))
    return undefined;
  const release = readFileSync('/etc/os-release', 'utf8');
  return /^(ID|ID_LIKE)=.*ubuntu/m.test(release) ? 'ubuntu' : 'debian';
}

/** How to become root without being asked: [] as root, ['sudo', '-n'] where sudo needs no password, else undefined. */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : undefined;
}

/** @param {string[]} prefix @param {string[]} packages */
function aptInstall(prefix, packages) {
  console.error(`Installing through apt-get: ${packages.join(' ')} …`);
  const apt = (/** @type {string[]} */ ...rest) => {
    const command = [
      ...prefix,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      '-o',
      'DPkg::Lock::Timeout=300',
      ...rest,
    ];
    spawnSync(command[0], command.slice(1), { stdio: ['ignore', 'ignore', 2] });
  };
  apt('update', '-qq');
  apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
}

/**
 * Finds each of `names`, installs what is missing where that can be done without asking, and throws SetupError with the exact
 * commands where it cannot.
 * @param {(keyof typeof systemTools)[]} names
 * @returns {Record<string, string>} path of each
 */
export function ensureSystem(names) {
  const missing = () => names.map((name) => systemTools[name]).filter((tool) => !tool.find());
  const distribution = aptDistribution();
  const throughApt = missing().filter((tool) => distribution === 'debian' || (distribution === 'ubuntu' && !tool.snap));
  const packages = throughApt.flatMap((tool) => tool.packages);
  if (packages.length > 0) {
    const prefix = rootPrefix();
    if (prefix) aptInstall(prefix, packages);
  }
  const stillMissing = missing();
  if (stillMissing.length > 0) {
    const lines = stillMissing.map((tool) =>
      throughApt.includes(tool)
        ? `  ${tool.title}:\n    sudo apt-get update && sudo apt-get install -y --no-install-recommends ${tool.packages.join(' ')}`
        : `  ${tool.title}:\n    ${tool.byHand}`,
    );
    throw new SetupError(`The tests need what is missing here:\n${lines.join('\n')}\nThen run the command again.`);
  }
  return Object.fromEntries(names.map((name) => [name, /** @type {string} */ (systemTools[name].find())]));
}
