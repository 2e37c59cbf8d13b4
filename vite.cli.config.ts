import { defineConfig } from 'vite';

/**
 * The command line as one file, dist-cli/lockstep.mjs, for Node and Deno alike. Bundled are our sources, the WGSL (import.meta.glob
 * with ?raw becomes text) and the JavaScript packages. Left outside are `webgpu`, whose native module must stay beside its loader,
 * `onnxruntime-web`, whose WebAssembly must, and `h5wasm`, whose two builds (WebAssembly with and without Node's file system) each expect to
 * be loaded as they are shipped.
 */
export default defineConfig({
  publicDir: false,
  logLevel: 'warn',
  ssr: { noExternal: true, external: ['webgpu', 'h5wasm', 'onnxruntime-web'], target: 'node' },
  build: {
    ssr: 'src/cli/main.ts',
    outDir: 'dist-cli',
    target: 'es2022',
    minify: false,
    emptyOutDir: true,
    rolldownOptions: { output: { entryFileNames: 'lockstep.mjs', codeSplitting: false } },
  },
});
