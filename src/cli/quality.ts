/** `lockstep run --metrics`: the quality of a run that has ended, with progress and Ctrl-C. */

import type { Registry } from '../engine/config/run-config.ts';
import { isMeasurable, measureQuality, qualityQuestion } from '../engine/quality/of-run.ts';
import type { RunController } from '../engine/run/controller.ts';
import type { QualitySize, RunQuality } from '../results/posterior/quality/types.ts';
import { ConfigError, type Workload } from '../workloads/workload.ts';
import { StoppedError } from './exit.ts';
import { type GivenFlags, isOwnFlag } from './flags.ts';
import { duration, type Reporter } from './reporter.ts';
import type { RunIo } from './run-io.ts';

/** @throws ConfigError where the flag is given for an experiment whose posteriors are held against no exact ones */
export function requireMeasurable(workload: Workload, given: GivenFlags, registry: Registry): void {
  if (!given.has('metrics') || isMeasurable(workload) || isOwnFlag(workload, 'metrics')) return;
  const why = workload.exact ? 'its posteriors are of chains, not independent draws' : 'it knows no exact posteriors';
  const have = registry.filter((each) => !each.hidden && isMeasurable(each)).map(({ id }) => id);
  throw new ConfigError(
    'metrics',
    `${workload.title} has none to give: ${why}. ${have.length > 0 ? `Runs of these have it: ${have.join(', ')}.` : 'No experiment has it here.'}`,
  );
}

/** Without a word after it the flag means the quick size. */
export function metricsAsked(workload: Workload, given: GivenFlags): QualitySize | undefined {
  const size = isOwnFlag(workload, 'metrics') ? undefined : given.get('metrics');
  if (size === undefined) return undefined;
  return size === 'full' ? 'full' : 'quick';
}

/** Undefined where there was nothing to measure, or an interrupt came: the run's own files are written all the same. */
export async function qualityOnTerminal(
  run: RunController,
  size: QualitySize,
  reporter: Reporter,
  io: RunIo,
): Promise<RunQuality | undefined> {
  const question = await qualityQuestion(run, size);
  if (!question) return undefined;
  let stopped = false;
  const release = io.onInterrupt(() => {
    stopped = true;
  });
  const begin = performance.now();
  try {
    return await measureQuality(
      question,
      async () => {
        await new Promise((resolve) => setImmediate(resolve));
        if (stopped) throw new StoppedError('stopped');
      },
      ({ what, fraction }) => {
        const elapsedMs = performance.now() - begin;
        reporter.show(fraction, `${Math.round(100 * fraction)} %  ${what}  ${duration(elapsedMs)}`, elapsedMs);
      },
    );
  } catch (thrown) {
    if (!(thrown instanceof StoppedError)) throw thrown;
    reporter.warn('Stopped: there is no metrics.json; all posteriors are kept.');
    return undefined;
  } finally {
    release();
  }
}
