import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { contentPolicy } from './scripts/content-policy.mjs';
import { sharedWorkers } from './scripts/shared-workers.mjs';
import { LongFirst } from './scripts/testing/long-first.ts';

export default defineConfig({
  base: './',
  plugins: [react(), contentPolicy(), sharedWorkers()],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    sourcemap: false,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What every visit takes of libraries, together: small files of it would pack less well. The rest stays with what uses it.
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler|clsx|zustand)\// },
            { name: 'mantine', test: /node_modules\/@mantine\//, minShareCount: 8 },
          ],
        },
      },
    },
  },
  // Finds its WebAssembly beside itself.
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  server: { host: '127.0.0.1' },
  test: {
    // Of the page each experiment loads when somebody turns to it.
    setupFiles: ['src/workloads/catalog.ts'],
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'scripts/**/*.test.ts', 'tests/**/*.test.ts'],
    // Whatever takes longer hangs: no speed of a machine is tested by it.
    testTimeout: 9 * 60_000,
    hookTimeout: 9 * 60_000,
    pool: 'forks',
    // Most files wait for a device or a process half of their time.
    maxWorkers: 2,
    sequence: { sequencer: LongFirst },
  },
});
