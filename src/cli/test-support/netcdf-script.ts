/** The side of the command line that reads netCDF files in a thread, built as a file of its own: Node runs no TypeScript there. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

/** Its address, and what removes it. */
export async function buildNetcdfScript(): Promise<{ script: URL; remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-netcdf-thread-'));
  await build({
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    ssr: { noExternal: true },
    plugins: [
      {
        name: 'h5wasm-as-shipped',
        enforce: 'pre',
        resolveId: (id) => (id === 'h5wasm' ? { id: import.meta.resolve('h5wasm'), external: 'absolute' } : null),
      },
    ],
    build: {
      ssr: fileURLToPath(new URL('netcdf-server.ts', import.meta.url)),
      outDir: folder,
      emptyOutDir: true,
      target: 'es2022',
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'server.mjs', codeSplitting: false } },
    },
  });
  return {
    script: pathToFileURL(join(folder, 'server.mjs')),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
