/** An evaluation on the terminal: its progress, and Ctrl-C between two steps of a classifier. */
import { StoppedError } from '../../../cli/exit.ts';
import { duration, type Reporter } from '../../../cli/reporter.ts';
import { type EvaluateOptions, type Evaluation, evaluate } from '../evaluation/evaluate.ts';

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
