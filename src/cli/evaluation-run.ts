/** An evaluation on the terminal: its progress, and Ctrl-C between two steps of a classifier. */
import { type EvaluateOptions, type Evaluation, evaluate } from '../workloads/flow/evaluation/evaluate.ts';
import { duration, type Reporter } from './reporter.ts';

/** @param stopped an interrupt came */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

/** @throws StoppedError where `stopped` turns true */
export function evaluateOnTerminal(
  options: Omit<EvaluateOptions, 'pause' | 'progress'>,
  reporter: Reporter,
  stopped: () => boolean,
): Promise<Evaluation[]> {
  const begin = performance.now();
  return evaluate({
    ...options,
    pause: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      if (stopped()) throw new StoppedError('stopped');
    },
    progress: (what, fraction) => {
      const elapsedMs = performance.now() - begin;
      reporter.show(fraction, `${Math.round(100 * fraction)} %  C2ST, ${what}  ${duration(elapsedMs)}`, elapsedMs);
    },
  });
}
