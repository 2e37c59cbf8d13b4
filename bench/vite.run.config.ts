import { defineConfig } from 'vite';

/** Bundles a benchmark for Node and Deno (see run.mjs); native modules and whole tools stay outside. */
export default defineConfig({
  publicDir: false,
  logLevel: 'warn',
  ssr: { noExternal: true, external: ['webgpu', 'h5wasm', 'onnxruntime-web', 'playwright', 'vite'], target: 'node' },
  build: {
    target: 'es2022',
    minify: false,
    emptyOutDir: true,
    rolldownOptions: { output: { entryFileNames: '[name].mjs', codeSplitting: false } },
  },
});
