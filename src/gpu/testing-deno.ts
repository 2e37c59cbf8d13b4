/**
 * The second WebGPU implementation: runs in Deno (wgpu, Naga), started by `testing-naga.ts`. Reads jobs as JSON from
 * standard input, compiles and optionally runs each, writes the outcomes as JSON to standard output. Device layer only
 * through the browser's own names, because Deno loads this file as it is, without a bundler.
 */
import { readFileSync } from 'node:fs';

/** One shader: compiled, and run when `storage` is given. */
export interface NagaJob {
  readonly label: string;
  readonly wgsl: string;
  /** Initial contents of @group(0) buffers by @binding number, base64. */
  readonly storage?: Readonly<Record<string, string>>;
  /** The same of uniforms. */
  readonly uniforms?: Readonly<Record<string, string>>;
  readonly workgroups?: number;
}

export interface NagaOutcome {
  readonly label: string;
  /** What the compiler or the device objected to; empty when all is well. */
  readonly errors: readonly string[];
  /** Storage buffers after the run, base64. */
  readonly storage?: Readonly<Record<string, string>>;
}

export interface NagaReply {
  /** Name of the adapter, or why there is none. */
  readonly adapter: string;
  readonly outcomes: readonly NagaOutcome[];
}

async function compile(device: GPUDevice, job: NagaJob): Promise<NagaOutcome> {
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ label: job.label, code: job.wgsl });
  const refused = await device.popErrorScope();
  if (refused) return { label: job.label, errors: [refused.message] };
  device.pushErrorScope('validation');
  let pipeline: GPUComputePipeline;
  try {
    const compute = { module, entryPoint: 'main' };
    pipeline = await device.createComputePipelineAsync({ label: job.label, layout: 'auto', compute });
  } catch (error) {
    await device.popErrorScope();
    return { label: job.label, errors: [error instanceof Error ? error.message : String(error)] };
  }
  const invalid = await device.popErrorScope();
  if (invalid) return { label: job.label, errors: [invalid.message] };
  return job.storage ? run(device, job, pipeline) : { label: job.label, errors: [] };
}

async function run(device: GPUDevice, job: NagaJob, pipeline: GPUComputePipeline): Promise<NagaOutcome> {
  device.pushErrorScope('validation');
  const buffers = Object.entries(job.storage ?? {}).map(([binding, text]) => {
    const data = new Uint8Array(Buffer.from(text, 'base64'));
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const buffer = device.createBuffer({ size: data.byteLength, usage });
    const staging = device.createBuffer({
      size: data.byteLength,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    device.queue.writeBuffer(buffer, 0, data);
    return { binding: Number(binding), buffer, staging };
  });
  const uniforms = Object.entries(job.uniforms ?? {}).map(([binding, text]) => {
    const data = new Uint8Array(Buffer.from(text, 'base64'));
    const buffer = device.createBuffer({
      size: data.byteLength,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
    device.queue.writeBuffer(buffer, 0, data);
    return { binding: Number(binding), buffer };
  });
  const layout = pipeline.getBindGroupLayout(0);
  const entries = [...buffers, ...uniforms].map(({ binding, buffer }) => ({ binding, resource: { buffer } }));
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout, entries }));
  pass.dispatchWorkgroups(job.workgroups ?? 1);
  pass.end();
  for (const { buffer, staging } of buffers) encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
  device.queue.submit([encoder.finish()]);
  const invalid = await device.popErrorScope();
  if (invalid) return { label: job.label, errors: [invalid.message] };
  const storage: Record<string, string> = {};
  for (const { binding, buffer, staging } of buffers) {
    await staging.mapAsync(GPUMapMode.READ);
    storage[binding] = Buffer.from(staging.getMappedRange()).toString('base64');
    buffer.destroy();
    staging.destroy();
  }
  for (const { buffer } of uniforms) buffer.destroy();
  return { label: job.label, errors: [], storage };
}

async function main(): Promise<NagaReply> {
  const jobs = JSON.parse(readFileSync(0, 'utf8')) as NagaJob[];
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter) return { adapter: 'none', outcomes: [] };
  const wanted: GPUFeatureName[] = ['shader-f16', 'timestamp-query'];
  const device = await adapter.requestDevice({
    requiredFeatures: wanted.filter((feature) => adapter.features.has(feature)),
    requiredLimits: {
      maxStorageBuffersPerShaderStage: adapter.limits.maxStorageBuffersPerShaderStage,
      maxComputeWorkgroupStorageSize: adapter.limits.maxComputeWorkgroupStorageSize,
      maxComputeInvocationsPerWorkgroup: adapter.limits.maxComputeInvocationsPerWorkgroup,
      maxComputeWorkgroupSizeX: adapter.limits.maxComputeWorkgroupSizeX,
    },
  });
  const outcomes: NagaOutcome[] = [];
  for (const job of jobs) outcomes.push(await compile(device, job));
  return { adapter: adapter.info.description, outcomes };
}

console.log(JSON.stringify(await main()));
