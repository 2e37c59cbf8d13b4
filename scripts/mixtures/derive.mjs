/**
 * Re-derives the mixture tables: `node scripts/mixtures/derive.mjs` writes src/workloads/shear/mixtures/tables.json,
 * `--check` only compares the stored errors with fresh ones. The derivation itself is TypeScript that the page uses too
 * (src/workloads/shear/mixtures/), so it is loaded through Vite.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../locate.mjs';
import { withTypeScript } from '../typescript-server.mjs';

const folder = '/src/workloads/shear/mixtures';
await withTypeScript(async (server) => {
  const { WANTED, deriveStored } = await server.ssrLoadModule(`${folder}/wanted.ts`);
  const check = process.argv.includes('--check');
  const tables = [];
  for (const want of WANTED) {
    const table = deriveStored(want);
    tables.push(table);
    const name = `${want.family} ${want.index}, ${table.amplitude.length} Gaussians, blur ≥ ${want.blur}`;
    console.log(`${name}: ${table.ofPeak.toExponential(2)} of the peak, m ${table.shear.toExponential(2)}`);
  }
  if (check) {
    const { storedTables } = await server.ssrLoadModule(`${folder}/tables.ts`);
    const worse = tables.filter((fresh, i) => !(storedTables[i]?.ofPeak <= 1.05 * fresh.ofPeak));
    console.log(
      worse.length === 0
        ? 'The stored tables are as good as fresh ones.'
        : `${worse.length} stored tables are worse than fresh ones.`,
    );
    process.exitCode = worse.length === 0 ? 0 : 1;
  } else {
    const note =
      'Made by scripts/mixtures/derive.mjs; do not edit. Variances per axis in hlr² (sersic) or FWHM² (moffat); blur: narrowest Gaussian sigma, hlr or FWHM, at which the errors ofPeak and shear (m) hold.';
    const lines = tables.map((table) => `    ${JSON.stringify(table)}`).join(',\n');
    writeFileSync(
      join(root, folder, 'tables.json'),
      `{\n  "note": ${JSON.stringify(note)},\n  "tables": [\n${lines}\n  ]\n}\n`,
    );
  }
});
