import { defineConfig } from 'playwright/test';
import { plainFlags, webgpuFlags } from '../scripts/flags.mjs';
import { findChromium, root } from '../scripts/locate.mjs';

/** `npm test` names a port that is free; by hand the fixed one will do. */
const port = Number(process.env.LOCKSTEP_E2E_PORT ?? 4317);
const executablePath = findChromium();
const webgpu = { executablePath, args: webgpuFlags };
const FRAMES = '**/frames.spec.ts';

/**
 * Two Chromiums over the built page (`npm run build` first): one with WebGPU on SwiftShader, one without any adapter, where the
 * page falls back to its f64 twin. Two at a time wait for each other's compilers and clocks less than one alone does; what measures the page's
 * own time comes last and alone.
 */
export default defineConfig({
  testDir: 'chromium',
  testMatch: '**/*.spec.ts',
  outputDir: '../test-results/e2e',
  timeout: 180_000,
  expect: { timeout: 20_000 },
  workers: 2,
  retries: 0,
  forbidOnly: true,
  use: { baseURL: `http://127.0.0.1:${port}/`, trace: 'retain-on-failure', viewport: { width: 1440, height: 900 } },
  projects: [
    { name: 'webgpu', testIgnore: ['**/*.twin.spec.ts', FRAMES], use: { launchOptions: webgpu } },
    { name: 'twin', testMatch: '**/*.twin.spec.ts', use: { launchOptions: { executablePath, args: plainFlags } } },
    { name: 'frames', testMatch: FRAMES, dependencies: ['webgpu', 'twin'], use: { launchOptions: webgpu } },
  ],
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --host 127.0.0.1 --port ${port} --strictPort`,
    cwd: root,
    url: `http://127.0.0.1:${port}/`,
    reuseExistingServer: false,
  },
});
