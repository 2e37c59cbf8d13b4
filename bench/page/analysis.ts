/** The page of the benchmark of analysis: all contestants in one page, called by bench/analysis.ts through `window.bench`. */
import { GpuContext } from '../../src/gpu/context.ts';
import { filesOfPage, setShippedFiles } from '../../src/workloads/shipped-files.ts';
import { type AnalysisComparison, type AnalysisOptions, compareAnalyses } from '../lib/analysis/compare.ts';
import type { TorchRequest } from '../lib/analysis/torch.ts';

declare global {
  interface Window {
    /** Of the whole browser and of what else the program that drives it has started. */
    processorMs?: () => Promise<number>;
    /** Where Python has it. */
    torch?: (request: TorchRequest) => Promise<readonly number[]>;
  }
}

setShippedFiles(filesOfPage(`${location.origin}/`));

const bench = async (options: AnalysisOptions): Promise<AnalysisComparison> => {
  const gpu = await GpuContext.open();
  const { torch, processorMs: processor } = window;
  try {
    return await compareAnalyses(gpu, options, { torch, processor }, (line) => console.info(line));
  } finally {
    gpu.destroy();
  }
};
Object.assign(window, { bench });
