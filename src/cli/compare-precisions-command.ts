/** `lockstep compare-precisions`: one run in every precision that the adapter has, and what each costs and brings. */

import { loadInputs } from '../engine/config/load-inputs.ts';
import { parseRunConfig } from '../engine/config/run-config.ts';
import { precisionsOn } from '../engine/plan/plan-run.ts';
import { comparePrecisions } from '../engine/quality/compare-precisions.ts';
import {
  PRECISION_HEADER,
  precisionCells,
  precisionCsv,
  precisionMarkdown,
} from '../results/posterior/quality/precision-table.ts';
import { precisionVerdict } from '../results/posterior/quality/precision-verdict.ts';
import { QUALITY_POINTS } from '../results/posterior/quality/types.ts';
import { ConfigError } from '../workloads/workload.ts';
import { align } from './align.ts';
import { EXIT, exitOf, explain, StoppedError } from './exit.ts';
import { configFromFlags } from './flags.ts';
import { type OpenGpu, openGpu } from './gpu.ts';
import { inputOptions, inputPaths, readInputs } from './inputs.ts';
import { duration, Reporter } from './reporter.ts';
import type { RunArguments } from './run-command.ts';
import { writeWhole } from './whole-file.ts';

/** Compares and resolves to the exit code. What is wrong with the command is told on standard error. */
export async function comparePrecisionsCommand({ workload, given, base, io }: RunArguments): Promise<number> {
  const text = (flag: string) => {
    const value = given.get(flag);
    return typeof value === 'string' ? value : undefined;
  };
  const reporter = new Reporter(io.err, given.has('quiet'), workload);
  let device: OpenGpu | undefined;
  const abort = new AbortController();
  const release = io.onInterrupt(() => abort.abort(new StoppedError('stopped')));
  try {
    const config = parseRunConfig(configFromFlags(workload, given, base), [workload]);
    const paths = inputPaths(workload, text, base);
    const files = await readInputs(workload, paths, inputOptions(workload, paths, text, base));
    const inputs = await loadInputs(workload, config.params, files);
    device = await openGpu((text('backend') ?? 'auto') as 'auto' | 'vulkan');
    const { gpu } = device;
    const precisions = precisionsOn(workload, gpu.report);
    if (precisions.length < 2) throw new ConfigError('precision', `${workload.title} computes in f32 alone here.`);
    reporter.say(`${precisions.join(', ')} in turns on ${gpu.report.name}.`);
    const begin = performance.now();
    const { costs, lacking } = await comparePrecisions(
      { workload, config, inputs, gpu, points: QUALITY_POINTS.full },
      {
        signal: abort.signal,
        progress: ({ what, fraction }) => {
          const elapsedMs = performance.now() - begin;
          reporter.show(fraction, `${Math.round(100 * fraction)} %  ${what}  ${duration(elapsedMs)}`, elapsedMs);
        },
      },
    );
    reporter.clear();
    // Verdicts are sentences: below the table, not in it.
    const cells = [PRECISION_HEADER, ...precisionCells(costs)].map((row) => row.slice(0, -1));
    for (const line of align(cells)) io.out.write(`${line}\n`);
    for (const cost of costs) io.out.write(`${cost.precision}: ${precisionVerdict(cost, costs[0]).words}.\n`);
    for (const { precision, reason } of lacking) io.out.write(`${precision}: not compared, ${reason}.\n`);
    const [markdown, csv] = [text('markdown'), text('csv')];
    if (markdown !== undefined) await writeWhole('markdown', markdown, precisionMarkdown(costs));
    if (csv !== undefined) await writeWhole('csv', csv, precisionCsv(costs));
    return EXIT.ok;
  } catch (thrown) {
    if (thrown instanceof StoppedError) return EXIT.interrupted;
    reporter.warn(explain(thrown, workload));
    return exitOf(thrown);
  } finally {
    release();
    device?.release();
  }
}
