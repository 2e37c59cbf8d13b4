/** Compiles linked WGSL into compute pipelines, and turns compiler messages into errors with file and line. */
import { DeviceLostError, ShaderError, type ShaderMessage } from './errors.ts';
import { orLost } from './loss.ts';
import { type LinkedShader, shaderHash } from './shaders.ts';

export interface Kernel {
  readonly pipeline: GPUComputePipeline;
  /** The text that was compiled. */
  readonly wgsl: string;
  /** "sha256:…" of that text. */
  readonly hash: string;
  /** Binds buffers, or stretches of them, to @group(0), by @binding number. Bindings the shader does not use must be left out. */
  bindGroup(entries: Readonly<Record<number, GPUBuffer | GPUBufferBinding>>): GPUBindGroup;
}

/** Compiles entry point `main`. Throws `ShaderError`. */
export async function compileKernel(device: GPUDevice, shader: LinkedShader): Promise<Kernel> {
  const { wgsl, module: label } = shader;
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ label, code: wgsl });
  // Waited for together: a loss rejects both, and neither may be left unheard.
  const [refused, messages] = await orLost(
    device,
    Promise.all([device.popErrorScope(), compilerErrors(module, shader)]),
  );
  if (messages.length > 0) throw new ShaderError(label, messages);
  if (refused) throw new ShaderError(label, [messageFromText(refused.message, shader)]);

  let pipeline: GPUComputePipeline;
  try {
    pipeline = await orLost(
      device,
      device.createComputePipelineAsync({ label, layout: 'auto', compute: { module, entryPoint: 'main' } }),
    );
  } catch (error) {
    if (error instanceof DeviceLostError) throw error;
    throw new ShaderError(label, [messageFromText(error instanceof Error ? error.message : String(error), shader)]);
  }

  const layout = pipeline.getBindGroupLayout(0);
  return {
    pipeline,
    wgsl,
    hash: await shaderHash(wgsl),
    bindGroup: (entries) =>
      device.createBindGroup({
        label,
        layout,
        entries: Object.entries(entries).map(([binding, buffer]) => ({
          binding: Number(binding),
          resource: 'buffer' in buffer ? buffer : { buffer },
        })),
      }),
  };
}

async function compilerErrors(module: GPUShaderModule, shader: LinkedShader): Promise<ShaderMessage[]> {
  const info = await module.getCompilationInfo();
  return info.messages
    .filter((message) => message.type === 'error')
    .map((message) => {
      if (message.lineNum < 1)
        return { file: `${shader.module}.wgsl`, line: 0, column: 0, text: firstLine(message.message), excerpt: '' };
      // Offsets are UTF-16 units in the specification but were bytes in some releases: line and column are safer.
      const offset = offsetOf(shader.wgsl, message.lineNum, Math.max(message.linePos, 1));
      return { ...shader.locate(offset), text: firstLine(message.message) };
    });
}

/** wgpu puts the position into the text of the error instead: "wgsl:12:5". */
function messageFromText(text: string, shader: LinkedShader): ShaderMessage {
  const place = /wgsl:(\d+):(\d+)/.exec(text);
  if (!place) return { file: `${shader.module}.wgsl`, line: 0, column: 0, text, excerpt: '' };
  return { ...shader.locate(offsetOf(shader.wgsl, Number(place[1]), Number(place[2]))), text: firstLine(text) };
}

/** Naga sends a drawing of the linked text; its first line says what is wrong, and the excerpt shows the source. */
function firstLine(text: string): string {
  const line = text.split('\n').find((candidate) => candidate.trim() !== '') ?? text;
  return line.trim().replace(/^Shader '[^']*' parsing error: /, '');
}

function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let i = 1; i < line; i++) start = text.indexOf('\n', start) + 1;
  return start + column - 1;
}
