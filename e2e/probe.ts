/**
 * The smallest proof that a browser computes with WebGPU: one dispatch whose results are known integers. The function is sent to
 * the browser as text and runs in a page or in a dedicated worker, so it uses nothing from outside its own body.
 */

export interface ProbeResult {
  /** False where there is no navigator.gpu or no adapter. */
  readonly adapter: boolean;
  readonly features: readonly string[];
  /** i² + 1 for i = 0 … 255, computed on the GPU. */
  readonly squares: readonly number[];
}

/** What `squares` must hold. */
export const expectedSquares: readonly number[] = Array.from({ length: 256 }, (_, i) => i * i + 1);

export async function probe(): Promise<ProbeResult> {
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter) return { adapter: false, features: [], squares: [] };
  const device = await adapter.requestDevice();
  const bytes = 256 * 4;
  const output = device.createBuffer({ size: bytes, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
  const readback = device.createBuffer({ size: bytes, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const module = device.createShaderModule({
    code: `@group(0) @binding(0) var<storage, read_write> squares: array<u32>;
           @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) { squares[id.x] = id.x * id.x + 1u; }`,
  });
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint: 'main' } });
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer: output } }],
  });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(4);
  pass.end();
  encoder.copyBufferToBuffer(output, 0, readback, 0, bytes);
  device.queue.submit([encoder.finish()]);
  await readback.mapAsync(GPUMapMode.READ);
  const squares = Array.from(new Uint32Array(readback.getMappedRange()));
  device.destroy();
  return { adapter: true, features: Array.from(adapter.features) as string[], squares };
}

/** Runs in the page: starts a dedicated worker from the text of `probe` and hands on what it answers. */
export function probeInWorker(source: string): Promise<ProbeResult> {
  const text = `(${source})().then((result) => postMessage(result), (error) => setTimeout(() => { throw error; }))`;
  const worker = new Worker(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })));
  return new Promise<ProbeResult>((resolve, reject) => {
    worker.onmessage = (event: MessageEvent<ProbeResult>) => resolve(event.data);
    worker.onerror = (event) => reject(new Error(`The worker stopped: ${event.message}`));
  }).finally(() => worker.terminate());
}
