/** The page of the decoders' benchmark: all contestants in one page, called by bench/activations.ts through `window.bench`. */
import { GpuContext } from '../../src/gpu/context.ts';
import { compareDecoders, type DecodersComparison, type DecodersOptions } from '../lib/activations/compare.ts';
import * as onnx from '../lib/activations/onnx.ts';

declare global {
  interface Window {
    /** Of the whole browser; asked of the program that drives it. */
    processorMs?: () => Promise<number>;
  }
}

const bench = async (options: DecodersOptions): Promise<DecodersComparison> => {
  const gpu = await GpuContext.open();
  const clock = options.clock === 'processor' ? window.processorMs : undefined;
  try {
    return await compareDecoders(gpu, onnx, options, (line) => console.info(line), clock);
  } finally {
    gpu.destroy();
  }
};
Object.assign(window, { bench });
