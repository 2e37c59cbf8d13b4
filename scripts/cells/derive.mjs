/**
 * `node scripts/cells/derive.mjs` simulates the cells of public/cells again, equal to the byte. The simulator is TypeScript that the
 * page uses too, so it is loaded through Vite.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../locate.mjs';
import { withTypeScript } from '../typescript-server.mjs';

await withTypeScript(async (server) => {
  const { shippedCells } = await server.ssrLoadModule('/scripts/cells/shipped.ts');
  for (const [path, bytes] of Object.entries(await shippedCells())) {
    const file = join(root, 'public', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    console.log(`${path}: ${bytes.length} bytes`);
  }
});
