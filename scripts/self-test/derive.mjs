/**
 * The values that a device is held against when it opens: `node scripts/self-test/derive.mjs` writes them from the f64 twins, `--check`
 * only compares. The twins are TypeScript, so they are loaded through Vite.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../locate.mjs';
import { withTypeScript } from '../typescript-server.mjs';

const note = 'Made by scripts/self-test/derive.mjs from the f64 twins; do not edit.';
const check = process.argv.includes('--check');

/** @param {string} path @param {object} values */
function store(path, values) {
  const text = JSON.stringify({ note, ...values }, null, 2);
  if (!check) return writeFileSync(join(root, path), `${text}\n`);
  if (JSON.stringify(JSON.parse(readFileSync(join(root, path), 'utf8')), null, 2) === text)
    return console.log(`${path} is what the twins give.`);
  console.log(`${path} differs from what the twins give.`);
  process.exitCode = 1;
}

await withTypeScript(async (server) => {
  const { deriveLibrary } = await server.ssrLoadModule('/src/engine/self-test/derive-library.ts');
  store('src/engine/self-test/library.json', deriveLibrary());
  const { deriveShear } = await server.ssrLoadModule('/src/workloads/shear/self-test-derive.ts');
  store('src/workloads/shear/self-test.json', await deriveShear());
});
