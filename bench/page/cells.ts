/** The page of the score network's benchmark: all contestants in one page, called by bench/cells.ts through `window.bench`. */
import { GpuContext } from '../../src/gpu/context.ts';
import { type CellsComparison, type CellsOptions, compareNetworks } from '../lib/cells/compare.ts';
import * as onnx from '../lib/cells/onnx.ts';

declare global {
  interface Window {
    /** Of the whole browser; asked of the program that drives it. */
    processorMs?: () => Promise<number>;
  }
}

const clockOf = ({ clock }: CellsOptions) => (clock === 'processor' ? window.processorMs : undefined);

const bench = async (options: CellsOptions): Promise<CellsComparison> => {
  const gpu = 'gpu' in navigator && (await navigator.gpu.requestAdapter()) ? await GpuContext.open() : null;
  try {
    return await compareNetworks(gpu, onnx, options, (line) => console.info(line), clockOf(options));
  } finally {
    gpu?.destroy();
  }
};
Object.assign(window, { bench });
