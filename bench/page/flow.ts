/** The page of the samplers' benchmark: all contestants in one page, called by bench/flow.ts through `window.bench`. */
import { GpuContext } from '../../src/gpu/context.ts';
import { compareSamplers, type FlowComparison, type FlowOptions } from '../lib/flow/compare.ts';
import * as onnx from '../lib/flow/onnx.ts';

const bench = async (options: FlowOptions): Promise<FlowComparison> => {
  const gpu = 'gpu' in navigator && (await navigator.gpu.requestAdapter()) ? await GpuContext.open() : null;
  try {
    return await compareSamplers(gpu, onnx, options, (line) => console.info(line));
  } finally {
    gpu?.destroy();
  }
};
Object.assign(window, { bench });
