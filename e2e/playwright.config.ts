import { defineConfig } from 'playwright/test';
import { plainFlags, webgpuFlags } from '../scripts/flags.mjs';
import { findChromium, root } from '../scripts/locate.mjs';
import { LONG_TEST_MS, STEP_MS, TEST_MS } from './limits.ts';

/** `npm test` names a port that is free; by hand the fixed one will do. */
const port = Number(process.env.LOCKSTEP_E2E_PORT ?? 4317);
const executablePath = findChromium();
const webgpu = { executablePath, args: webgpuFlags };
const FRAMES = '**/frames.spec.ts';
/** `npm run validate`: what takes too long for every change, or measures this machine. */
const validate = Boolean(process.env.LOCKSTEP_VALIDATE);

/**
 * Two Chromiums over the built page (`npm run build` first): one with WebGPU on SwiftShader, one without any adapter, where the
 * page falls back to its f64 twin. Two at a time wait for each other's compilers and clocks less than one alone does; what measures the page's
 * own time comes last and alone.
 */
export default defineConfig({
  testDir: 'chromium',
  outputDir: '../test-results/e2e',
  timeout: validate ? LONG_TEST_MS : TEST_MS,
  expect: { timeout: STEP_MS },
  workers: validate ? 1 : 2,
  retries: 0,
  forbidOnly: true,
  use: { baseURL: `http://127.0.0.1:${port}/`, trace: 'off', viewport: { width: 1440, height: 900 } },
  projects: validate
    ? [{ name: 'validate', testMatch: '**/*.validate.ts', use: { launchOptions: webgpu } }]
    : [
        {
          name: 'webgpu',
          testMatch: '**/*.spec.ts',
          testIgnore: ['**/*.twin.spec.ts', FRAMES],
          use: { launchOptions: webgpu },
        },
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
