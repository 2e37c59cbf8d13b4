/**
 * `node scripts/examples/derive.mjs` makes the files of public/examples again, equal to the byte (seed 42). What simulates them is
 * TypeScript, so it is loaded through Vite.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const server = await createServer({
  root,
  configFile: false,
  appType: 'custom',
  logLevel: 'error',
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
});
try {
  const { examples } = await server.ssrLoadModule('/scripts/examples/examples.ts');
  const folder = join(root, 'public', 'examples');
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(examples())) {
    writeFileSync(join(folder, name), bytes);
    console.log(`${name}: ${bytes.length} bytes`);
  }
} finally {
  await server.close();
}
