import { defineConfig } from 'vite';

/**
 * Serves the benchmark's page. Isolated from other origins, because jax-js uses threads in its Wasm backend only then, and it is to
 * show what it can. No reloading: a file saved during a run must not restart it.
 */
export default defineConfig({
  // Of its own: a page served for development meanwhile keeps its packages.
  cacheDir: 'node_modules/.cache/lockstep-bench/vite',
  optimizeDeps: {
    entries: ['index', 'flow', 'cells', 'activations', 'analysis'].map((page) => `bench/page/${page}.html`),
    include: ['@jax-js/jax', 'wesl/core'],
    // Finds its workers beside itself.
    exclude: ['onnxruntime-web'],
  },
  server: {
    host: '127.0.0.1',
    hmr: false,
    watch: null,
    headers: {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    },
  },
});
