/**
 * The stored numbers of the flow experiment's shear task: `node scripts/shear-task/derive.mjs` derives them from the image model of the shear
 * experiment, and the summaries of GalSim's stamps in `tests/shear/fixtures` with them. The model is TypeScript, so it is loaded through Vite.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../locate.mjs';
import { withTypeScript } from '../typescript-server.mjs';

const folder = 'src/workloads/flow/tasks/shear';
const note = 'Made by scripts/shear-task/derive.mjs; do not edit.';

/** Rows of numbers, a line each. @param {string} path @param {object} values */
function store(path, values) {
  const text = JSON.stringify({ note, ...values }, null, 1).replace(
    /\[\s+([^[\]{}]*?)\s+\]/g,
    (_, row) => `[${row.replace(/\s+/g, '')}]`,
  );
  writeFileSync(join(root, path), `${text}\n`);
  execFileSync(process.execPath, [join(root, 'node_modules/@biomejs/biome/bin/biome'), 'format', '--write', path], {
    cwd: root,
  });
}

await withTypeScript(async (server) => {
  const { deriveShearTask } = await server.ssrLoadModule(`/${folder}/derive.ts`);
  store(`${folder}/tables.json`, deriveShearTask());
  server.moduleGraph.invalidateAll();
  const { summarise, STAMP } = await server.ssrLoadModule(`/${folder}/tables.ts`);
  const { decodeNpy } = await server.ssrLoadModule('/src/bundle/npy.ts');
  const fixtures = join(root, 'tests/shear/fixtures');
  const { data } = decodeNpy('noisy-stamps.npy', readFileSync(join(fixtures, 'noisy-stamps.npy')));
  const stamps = JSON.parse(readFileSync(join(fixtures, 'noisy-stamps.json'), 'utf8'));
  store(`${folder}/observations.json`, {
    observations: stamps.map((/** @type {any} */ { source, truth }, /** @type {number} */ i) => ({
      source,
      theta: [truth.g1, truth.g2],
      x: Array.from(summarise(data.subarray(i * STAMP ** 2, (i + 1) * STAMP ** 2))),
    })),
  });
});
