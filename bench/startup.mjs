/**
 * `npm run bench:startup -- [rounds]`: what the command line costs before it computes: help, and a run of one item, beside bare Node. Wall clock and
 * processor time (user + system, the threads of a software adapter included), the least of all rounds, for other processes only ever add. The first
 * run has an empty cache folder: it tries the device (self-test) and compiles every kernel; the later ones do not, where the driver keeps what it compiled.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCommandLine } from '../scripts/build.mjs';
import { root } from '../scripts/locate.mjs';

const rounds = Number(process.argv[2] ?? 5);
const scratch = mkdtempSync(join(tmpdir(), 'lockstep-startup-'));
const deno = [join(root, 'node_modules/deno/deno'), 'run', '--quiet', '-A', '--unstable-webgpu'];
const item = ['run', '--shear-grid', '0.02', '--n-realizations', '1', '--quiet', '--output-dir'];

/** One time: seconds of wall clock and of processor. @param {string[]} command @param {string} cache */
function once(command, cache) {
  const env = { ...process.env, XDG_CACHE_HOME: cache, XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR ?? scratch };
  const quoted = command.map((part) => `'${part}'`).join(' ');
  const from = performance.now();
  // The shell's `times` tells what its children took; no interface of Node's does.
  const { stdout, status, stderr } = spawnSync('sh', ['-c', `${quoted} >/dev/null 2>&1 || exit 1; times`], {
    env,
    encoding: 'utf8',
  });
  const wall = (performance.now() - from) / 1000;
  if (status !== 0) throw new Error(`${quoted} failed. ${stderr}`);
  const children = stdout
    .trim()
    .split('\n')[1]
    .matchAll(/(\d+)m([\d.]+)s/g);
  return {
    wall,
    cpu: [...children].reduce((sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds), 0),
  };
}

/** @param {string} what @param {string[]} command @param {string} cache @param {number} times */
function row(what, command, cache, times) {
  const all = Array.from({ length: times }, (_, i) => {
    const output = command.includes('--output-dir') ? [join(scratch, `out-${i}`)] : [];
    const taken = once([...command, ...output], cache);
    rmSync(join(scratch, `out-${i}`), { recursive: true, force: true });
    return taken;
  });
  const least = (/** @type {'wall' | 'cpu'} */ key) => Math.min(...all.map((each) => each[key])).toFixed(2);
  console.error(`${what}: ${least('wall')} s`);
  return `| ${what} | ${least('wall')} | ${least('cpu')} | ${times} |`;
}

const script = await ensureCommandLine();
const before = loadavg()[0].toFixed(1);
const rows = [];
try {
  rows.push(row('`node -e 0`', [process.execPath, '-e', '0'], scratch, rounds));
  rows.push(row('`--help`', [process.execPath, script, '--help'], scratch, rounds));
  rows.push(
    row(
      '`npm run lockstep -- --help`, without npm',
      [process.execPath, join(root, 'scripts/lockstep.mjs'), '--help'],
      scratch,
      rounds,
    ),
  );
  for (const [name, runtime] of /** @type {const} */ ([
    ['Node', [process.execPath]],
    ['Deno', deno],
  ])) {
    const cache = join(scratch, name);
    mkdirSync(cache);
    rows.push(row(`one item, ${name}, the first time`, [...runtime, script, ...item], cache, 1));
    rows.push(row(`one item, ${name}, later`, [...runtime, script, ...item], cache, rounds));
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
const text = `# Start-up of the command line

\`npm run bench:startup\`. Seconds, the least of all rounds; load of the machine before: ${before}. Node computes with Dawn, Deno with wgpu, on the system's adapter.

| | wall clock | processor | rounds |
| --- | ---: | ---: | ---: |
${rows.join('\n')}
`;
writeFileSync(join(root, 'bench/results/startup.md'), text);
console.log(text);
