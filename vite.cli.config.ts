import { defineConfig } from 'vite';

/**
 * The command line as one file, dist-cli/lockstep.mjs, for Node and Deno alike. Bundled are our sources, the WGSL (import.meta.glob
 * with ?raw becomes text) and the JavaScript packages. Left outside are `webgpu`, whose native module must stay beside its loader,
 * and `h5wasm`, whose two builds (WebAssembly with and without Node's file system) each expect to be loaded as they are shipped.
 * `LOCKSTEP_CLI_OUT` names another folder: scripts/lockstep.mjs builds beside the old file and then swaps them.
 */
export default defineConfig({
  publicDir: false,
  logLevel: 'warn',
  ssr: { noExternal: true, external: ['webgpu', 'h5wasm'], target: 'node' },
  build: {
    ssr: 'src/cli/main.ts',
    outDir: process.env.LOCKSTEP_CLI_OUT ?? 'dist-cli',
    target: 'es2022',
    minify: false,
    emptyOutDir: true,
    rolldownOptions: { output: { entryFileNames: 'lockstep.mjs', codeSplitting: false } },
  },
});
