/** For tests only: hands shaders to the second WebGPU implementation (wgpu and Naga, in Deno, on lavapipe). */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NagaJob, NagaOutcome, NagaReply } from './testing-deno.ts';

/** Compiles shaders with Naga. Returns one entry a shader, with no `errors` where it compiled. */
export function compileWithNaga(
  shaders: readonly { readonly label: string; readonly wgsl: string }[],
): Promise<readonly NagaOutcome[]> {
  return naga(shaders.map(({ label, wgsl }) => ({ label, wgsl })));
}

type Words = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** Runs one dispatch of a linked shader on wgpu; returns every storage buffer afterwards as bytes. Throws what it objects to. */
export async function runWithNaga(run: {
  readonly wgsl: string;
  readonly storage: Readonly<Record<number, Words>>;
  readonly uniforms?: Readonly<Record<number, Words>>;
  readonly workgroups: number;
}): Promise<Record<number, ArrayBuffer>> {
  const encoded = (buffers: Readonly<Record<number, Words>>) =>
    Object.fromEntries(
      Object.entries(buffers).map(([binding, data]) => [binding, Buffer.from(data.buffer).toString('base64')]),
    );
  const { wgsl, workgroups } = run;
  const given = { storage: encoded(run.storage), uniforms: encoded(run.uniforms ?? {}) };
  const [outcome] = await naga([{ label: 'run', wgsl, workgroups, ...given }]);
  if (outcome.errors.length > 0) throw new Error(outcome.errors.join('\n'));
  return Object.fromEntries(
    Object.entries(outcome.storage ?? {}).map(([binding, text]) => [
      binding,
      new Uint8Array(Buffer.from(text, 'base64')).buffer,
    ]),
  );
}

async function naga(jobs: readonly NagaJob[]): Promise<readonly NagaOutcome[]> {
  const runtimeDir = mkdtempSync(join(tmpdir(), 'lockstep-deno-'));
  try {
    const reply = await runDeno(JSON.stringify(jobs), runtimeDir);
    if (reply.outcomes.length < jobs.length) {
      throw new Error(
        'Deno found no WebGPU adapter. Install the lavapipe driver (Debian: apt-get install mesa-vulkan-drivers).',
      );
    }
    return reply.outcomes;
  } finally {
    rmSync(runtimeDir, { recursive: true, force: true });
  }
}

function runDeno(input: string, runtimeDir: string): Promise<NagaReply> {
  const deno = join(dirname(createRequire(import.meta.url).resolve('deno/package.json')), 'bin.cjs');
  const script = join(dirname(fileURLToPath(import.meta.url)), 'testing-deno.ts');
  const env: NodeJS.ProcessEnv = { ...process.env, XDG_RUNTIME_DIR: runtimeDir, NO_COLOR: '1' };
  // In-process tests may have pointed the Vulkan loader at SwiftShader; wgpu belongs on lavapipe.
  delete env.VK_DRIVER_FILES;
  const lavapipe = findLavapipe();
  if (lavapipe) env.VK_DRIVER_FILES = lavapipe;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [deno, 'run', '--quiet', '--no-check', '--unstable-webgpu', '-A', script], {
      env,
    });
    let output = '';
    let complaints = '';
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => {
      complaints += data.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(output) as NagaReply);
      else reject(new Error(`Deno ended with ${code}:\n${complaints}`));
    });
    child.stdin.end(input);
  });
}

function findLavapipe(): string | undefined {
  const folder = '/usr/share/vulkan/icd.d';
  if (!existsSync(folder)) return undefined;
  const file = readdirSync(folder).find((name) => name.startsWith('lvp_icd'));
  return file && join(folder, file);
}
