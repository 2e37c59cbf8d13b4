/**
 * Where this machine keeps what the tests and the command line need. Finders only: nothing here installs or starts anything,
 * and nothing here imports from npm, so it works before `npm ci` has run.
 */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder, without a trailing separator. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '');

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** First of `names` on PATH, as an absolute path. @param {string[]} names */
export function onPath(names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  for (const name of names)
    for (const folder of folders)
      for (const suffix of suffixes) {
        const path = join(folder, name + suffix);
        if (isExecutable(path)) return path;
      }
  return undefined;
}

/** Newest Chromium that `npx playwright install` has put in its cache folder, if any. */
function playwrightChromium() {
  /** @type {Record<string, string>} */
  const caches = {
    linux: join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'ms-playwright'),
    darwin: join(homedir(), 'Library/Caches/ms-playwright'),
    win32: join(process.env.LOCALAPPDATA ?? homedir(), 'ms-playwright'),
  };
  const cache = process.env.PLAYWRIGHT_BROWSERS_PATH ?? caches[process.platform];
  if (!cache || !existsSync(cache)) return undefined;
  const inside = [
    'chrome-linux64/chrome',
    'chrome-linux/chrome',
    'chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
    'chrome-mac-x64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
    'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
    'chrome-win64/chrome.exe',
    'chrome-win/chrome.exe',
  ];
  const revision = (/** @type {string} */ name) => Number(name.split('-')[1]);
  return readdirSync(cache)
    .filter((name) => /^chromium-\d+$/.test(name))
    .sort((a, b) => revision(b) - revision(a))
    .flatMap((name) => inside.map((path) => join(cache, name, path)))
    .find(isExecutable);
}

/** A Chromium or Chrome: CHROME_PATH, then Playwright's own, then the system's. */
export function findChromium() {
  return (
    process.env.CHROME_PATH ??
    playwrightChromium() ??
    onPath(['chromium', 'google-chrome', 'google-chrome-stable', 'chrome']) ??
    ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'].find(isExecutable)
  );
}

/** A stock Firefox, the ESR first: FIREFOX_PATH, then the system's. */
export function findFirefox() {
  return (
    process.env.FIREFOX_PATH ??
    onPath(['firefox-esr', 'firefox']) ??
    ['/Applications/Firefox.app/Contents/MacOS/firefox'].find(isExecutable)
  );
}

/** The manifest of Mesa's software Vulkan driver (lavapipe); only Linux has and needs one. */
export function findLavapipe() {
  const folders = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d'];
  for (const folder of folders) {
    if (!existsSync(folder)) continue;
    const name = readdirSync(folder).find((file) => /^lvp_icd.*\.json$/.test(file));
    if (name) return join(folder, name);
  }
  return undefined;
}

/** A Python with the three readers of posterior.nc: LOCKSTEP_PYTHON, the system's, then the first on PATH. */
export function findPython() {
  const candidates = [process.env.LOCKSTEP_PYTHON, '/usr/bin/python3', onPath(['python3', 'python'])];
  return candidates.find((python) => {
    if (!python) return false;
    try {
      execFileSync(python, ['-c', 'import xarray, h5netcdf, netCDF4'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}

/** `ncdump` of the netCDF tools. */
export function findNcdump() {
  return onPath(['ncdump']);
}
