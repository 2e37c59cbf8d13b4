/** The page of the gradient benchmark: all contestants in one page, called by bench/gradient.ts through `window.bench`. */
import { GpuContext } from '../../src/gpu/context.ts';
import { type Comparison, compareGradients, type GradientOptions } from '../lib/compare.ts';

declare global {
  interface Window {
    bench: (options: GradientOptions) => Promise<Comparison>;
  }
}

window.bench = async (options) => {
  const gpu = await GpuContext.open();
  try {
    return await compareGradients(gpu, options, (line) => console.info(line));
  } finally {
    gpu.destroy();
  }
};
