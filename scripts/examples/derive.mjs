/**
 * `node scripts/examples/derive.mjs` makes the files of public/examples again, equal to the byte (seed 42, cells 43). What simulates them is
 * TypeScript, so it is loaded through Vite.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../locate.mjs';
import { withTypeScript } from '../typescript-server.mjs';

await withTypeScript(async (server) => {
  const { examples } = await server.ssrLoadModule('/scripts/examples/examples.ts');
  const folder = join(root, 'public', 'examples');
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(await examples())) {
    writeFileSync(join(folder, name), bytes);
    console.log(`${name}: ${bytes.length} bytes`);
  }
});
