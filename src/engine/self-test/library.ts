/** Random words and normal numbers on the device against stored values. */

import type { GpuContext } from '../../gpu/context.ts';
import type { BufferPlan, BufferRole } from '../../gpu/plan.ts';
import { readBuffer } from '../../gpu/readback.ts';
import { linkText } from '../../gpu/shaders.ts';
import { largestError, selfTestCheck } from '../../workloads/self-test.ts';
import type { Precision, SelfTestCheck } from '../../workloads/workload.ts';
import stored from './library.json' with { type: 'json' };
import source from './library.wgsl?raw';
import { POINTS, threefryPoints, uniformBits } from './points.ts';

const WORD = 4;
const BYTES = { points: 4 * POINTS * WORD, bits: POINTS * WORD, words: 2 * POINTS * WORD, normals: POINTS * WORD };

/**
 * The formula in f32 is good to 4.3e-7 (`shaders/lib/normal.wgsl`); WGSL lets log be wrong by 3 ULP, division by 2.5 and sqrt by 5, of
 * which a tail takes one each: about 1e-6 more.
 */
const NORMAL_RELATIVE = 2e-6;

/** Throws the typed errors of `GpuContext`; frees all memory however it ends. */
export async function selfTestLibrary(gpu: GpuContext, precision: Precision): Promise<SelfTestCheck[]> {
  const { words, normals } = await compute(gpu);
  const wrong = stored.words.filter((word, i) => word !== words[i]).length;
  return [
    selfTestCheck({
      name: 'Random bits',
      precision,
      measure: `wrong words of ${stored.words.length}`,
      measured: wrong,
      allowed: 0,
      reason: 'Threefry uses integers only: every bit must be right.',
    }),
    selfTestCheck({
      name: 'Normal quantiles',
      precision,
      measure: `largest relative error of ${stored.normals.length}, both tails included`,
      measured: largestError(normals, stored.normals, (i) => 1 / Math.abs(stored.normals[i])),
      allowed: NORMAL_RELATIVE,
      reason: 'The formula in single precision, and what WGSL grants logarithm, root and division.',
    }),
  ];
}

async function compute(gpu: GpuContext): Promise<{ words: Uint32Array; normals: Float32Array }> {
  const { device } = gpu;
  const kernel = await gpu.compile(linkText('self_test', source));
  const allocation = await gpu.allocate(plan());
  try {
    const buffer = (name: string) => allocation.buffer(`self-test.${name}`);
    device.queue.writeBuffer(buffer('points'), 0, threefryPoints());
    device.queue.writeBuffer(buffer('bits'), 0, uniformBits());
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(kernel.pipeline);
    pass.setBindGroup(
      0,
      kernel.bindGroup({ 0: buffer('points'), 1: buffer('bits'), 2: buffer('words'), 3: buffer('normals') }),
    );
    pass.dispatchWorkgroups(POINTS);
    pass.end();
    encoder.copyBufferToBuffer(buffer('words'), 0, buffer('read'), 0, BYTES.words);
    encoder.copyBufferToBuffer(buffer('normals'), 0, buffer('read'), BYTES.words, BYTES.normals);
    device.queue.submit([encoder.finish()]);
    const bytes = await readBuffer(device, buffer('read'));
    gpu.throwFault();
    return {
      words: new Uint32Array(bytes, 0, 2 * POINTS),
      normals: new Float32Array(bytes, BYTES.words),
    };
  } finally {
    allocation.destroy();
  }
}

function plan(): BufferPlan {
  const planned = (name: string, bytes: number, role: BufferRole) => ({
    name: `self-test.${name}`,
    bytes,
    bytesPerItem: 0,
    role,
    formula: 'self-test',
  });
  return {
    chunk: 1,
    buffers: [
      ...Object.entries(BYTES).map(([name, bytes]) => planned(name, bytes, 'storage')),
      planned('read', BYTES.words + BYTES.normals, 'readback'),
    ],
  };
}
