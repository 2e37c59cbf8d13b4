/**
 * WebGPU on Node through the npm package `webgpu` (Dawn). Never imported by the page: it loads a native library.
 * Set VK_DRIVER_FILES to choose a Vulkan driver; without it the system's drivers are tried first, then the SwiftShader
 * that comes with Chromium, so that a machine without a GPU still runs the real kernels.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { paceDawn } from './paced-polls.ts';

/** `null` runs nothing but compiles everything, with shader-f16 and subgroups: for checking shader variants. */
export type NodeBackend = 'vulkan' | 'null';

/** Dawn frees its instance when this object is collected, devices in use or not: it has to be held. */
const held = new Map<string, GPU>();

/**
 * Opens Dawn. Resolves to undefined when the package or a working driver is missing.
 * @param backend Vulkan on Linux and the platform's own (Metal, D3D12) elsewhere unless named.
 */
export async function findNodeGpu(options: { readonly backend?: NodeBackend } = {}): Promise<GPU | undefined> {
  const backend = options.backend ?? (process.platform === 'linux' ? 'vulkan' : undefined);
  const key = backend ?? 'platform';
  const existing = held.get(key);
  if (existing) return existing;
  const dawn = await import('webgpu').catch(() => undefined);
  if (!dawn) return undefined;
  // GPUBufferUsage and its like are globals everywhere else.
  Object.assign(globalThis, dawn.globals);
  paceDawn();
  ensureRuntimeDir();
  const flags = backend ? [`backend=${backend}`] : [];
  let gpu = dawn.create(flags);
  if (backend !== 'null' && !(await gpu.requestAdapter()) && !process.env.VK_DRIVER_FILES) {
    const software = findSwiftShader();
    if (!software) return undefined;
    process.env.VK_DRIVER_FILES = software;
    gpu = dawn.create(flags);
  }
  held.set(key, gpu);
  return gpu;
}

/** Lets Dawn go. Devices must be destroyed first; without this call the process does not end by itself. */
export function releaseNodeGpu(): void {
  held.clear();
}

/** The Vulkan loader and Mesa complain, and Deno stops, where this directory is not set. */
function ensureRuntimeDir(): void {
  if (process.platform !== 'linux' || process.env.XDG_RUNTIME_DIR) return;
  const usual = join('/run/user', String(process.getuid?.() ?? 0));
  process.env.XDG_RUNTIME_DIR = existsSync(usual) ? usual : mkdtempSync(join(tmpdir(), 'lockstep-run-'));
  mkdirSync(process.env.XDG_RUNTIME_DIR, { recursive: true, mode: 0o700 });
}

const ICD_NAME = 'vk_swiftshader_icd.json';

/** Path of a SwiftShader driver manifest: beside an installed Chromium or Chrome, or in Playwright's cache. */
export function findSwiftShader(): string | undefined {
  const browsers = process.env.PLAYWRIGHT_BROWSERS_PATH ?? join(homedir(), '.cache', 'ms-playwright');
  const folders = [
    '/usr/lib/chromium',
    '/usr/lib/chromium-browser',
    '/usr/lib64/chromium-browser',
    '/opt/google/chrome',
    '/snap/chromium/current/usr/lib/chromium-browser',
    ...downloadedBrowsers(browsers),
  ];
  return folders.map((folder) => join(folder, ICD_NAME)).find((file) => existsSync(file));
}

function downloadedBrowsers(root: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .filter((name) => name.startsWith('chromium'))
    .flatMap((name) => readdirSync(join(root, name)).map((inner) => join(root, name, inner)));
}
