/** The adapter's own ceilings, measured: multiply-adds, exponentials and copies per second. Every rate is stated as a fraction of them. */
import type { GpuContext } from '../../src/gpu/context.ts';
import { linkText } from '../../src/gpu/shaders.ts';
import { unroll } from '../../src/gpu/unroll.ts';
import source from './ceilings.wgsl?raw';
import { type Clock, spread, wall } from './measure.ts';

export interface Ceilings {
  /** f32 operations per second in multiply-adds of vec4, each counted as two. */
  readonly flops: number;
  readonly exponentials: number;
  /** Bytes per second, each byte of a copy counted once read and once written. */
  readonly copyBytes: number;
}

/** Independent vec4 chains tried: few enough for the registers of a CPU, enough to hide a GPU's latency. The best counts. */
const CHAINS = [2, 3, 4, 8];
/** Operations of an iteration: two multiply-adds of four lanes a chain; an exponential of four lanes a chain. */
const OPERATIONS = { flops: 2 * 4 * 2, exponentials: 4 };
/** Below the 65,535 iterations after which lavapipe ends loops. */
const MAX_ITERATIONS = 60_000;
const COPY_BYTES = 64 * 2 ** 20;
const ROUNDS = 5;
const TARGET_MS = 200;

/** Takes about ten seconds. */
export async function measureCeilings(gpu: GpuContext, clock: Clock = wall): Promise<Ceilings> {
  const best = async (what: keyof typeof OPERATIONS) => {
    let rate = 0;
    for (const chains of CHAINS) rate = Math.max(rate, await arithmetic(gpu, what, chains, clock));
    return rate;
  };
  return { flops: await best('flops'), exponentials: await best('exponentials'), copyBytes: await copies(gpu, clock) };
}

async function arithmetic(
  gpu: GpuContext,
  what: keyof typeof OPERATIONS,
  chains: number,
  clock: Clock,
): Promise<number> {
  const { device, report } = gpu;
  // A software adapter has as many lanes as cores × SIMD width; a GPU has tens of thousands.
  const threads = report.software ? 8 : 64;
  const groups = report.software ? 64 : 8192;
  const kernel = await gpu.compile(
    linkText('bench/ceilings', unroll(source, chains), {
      conditions: { exponentials: what === 'exponentials' },
      constants: { THREADS: threads },
    }),
  );
  const fixed = { bytesPerItem: 0, formula: 'benchmark' };
  const allocation = await gpu.allocate({
    chunk: 1,
    buffers: [
      { name: 'results', bytes: threads * groups * 16, role: 'storage', ...fixed },
      { name: 'control', bytes: 16, role: 'uniform', ...fixed },
      { name: 'values', bytes: 16, role: 'uniform', ...fixed },
    ],
  });
  try {
    const names = ['results', 'control', 'values'];
    const group = kernel.bindGroup(Object.fromEntries(names.map((name, i) => [i, allocation.buffer(name)])));
    device.queue.writeBuffer(allocation.buffer('values'), 0, new Float32Array([0.999, 1e-4, 0.5, 0]));
    const run = async (iterations: number, dispatches: number) => {
      device.queue.writeBuffer(allocation.buffer('control'), 0, new Uint32Array([iterations, 0, 0, 0]));
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(kernel.pipeline);
      pass.setBindGroup(0, group);
      for (let i = 0; i < dispatches; i++) pass.dispatchWorkgroups(groups);
      pass.end();
      device.queue.submit([encoder.finish()]);
      await gpu.finished();
    };
    const rate = await fastest(async (amount) => {
      const dispatches = Math.ceil(amount / MAX_ITERATIONS);
      const iterations = Math.ceil(amount / dispatches);
      await run(iterations, dispatches);
      return iterations * dispatches;
    }, clock);
    return rate * threads * groups * chains * OPERATIONS[what];
  } finally {
    allocation.destroy();
  }
}

async function copies(gpu: GpuContext, clock: Clock): Promise<number> {
  const { device } = gpu;
  const fixed = { bytes: COPY_BYTES, role: 'storage' as const, bytesPerItem: 0, formula: 'benchmark' };
  const allocation = await gpu.allocate({
    chunk: 1,
    buffers: [
      { name: 'from', ...fixed },
      { name: 'to', ...fixed },
    ],
  });
  try {
    const rate = await fastest(async (amount) => {
      const encoder = device.createCommandEncoder();
      for (let i = 0; i < amount; i++)
        encoder.copyBufferToBuffer(allocation.buffer('from'), 0, allocation.buffer('to'), 0, COPY_BYTES);
      device.queue.submit([encoder.finish()]);
      await gpu.finished();
      return amount;
    }, clock);
    return rate * 2 * COPY_BYTES;
  } finally {
    allocation.destroy();
  }
}

/** Units per second of `work(units)`, which returns how many it did: the best of the rounds, since a ceiling is what is sought. */
async function fastest(work: (units: number) => Promise<number>, clock: Clock): Promise<number> {
  let units = 1;
  const time = async () => {
    const begin = await clock();
    const done = await work(units);
    return { done, ms: (await clock()) - begin };
  };
  await time();
  for (let { ms } = await time(); ms < TARGET_MS / 2; { ms } = await time())
    units = Math.ceil(units * Math.min(8, Math.max(2, TARGET_MS / Math.max(ms, 1))));
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { done, ms } = await time();
    rates.push((done * 1000) / ms);
  }
  return spread(rates).high;
}
