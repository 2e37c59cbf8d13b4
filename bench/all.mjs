/** `npm run bench:all`: every benchmark in turn, each writing its tables to bench/results. Takes about half an hour on an idle machine. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../scripts/locate.mjs';

const runs = [
  ['gradient'],
  ['gradient', '--runtime', 'deno'],
  ['ladder'],
  ['ladder', '--runtime', 'deno'],
  ['diagnose'],
  ['flow'],
  ['flow', '--runtime', 'deno'],
  ['flow-shapes'],
  ['flow-shapes', '--runtime', 'deno'],
];
const failed = runs.filter((run) => {
  console.log(`\n## bench:${run.join(' ')}\n`);
  return (
    spawnSync(process.execPath, [join(root, 'bench/run.mjs'), ...run], { cwd: root, stdio: 'inherit' }).status !== 0
  );
});
if (failed.length > 0) {
  console.error(`Failed: ${failed.map((run) => run.join(' ')).join('; ')}`);
  process.exitCode = 1;
}
