/** `lockstep evaluate --hmc`: posteriors of the shear by flow and by HMC on the same stamps, as a table. */
import { basename } from 'node:path';
import { loadImages } from '../../../bundle/images.ts';
import { align } from '../../../cli/align.ts';
import { EXIT, StoppedError } from '../../../cli/exit.ts';
import { type FlagValues, textOf } from '../../../cli/flag-values.ts';
import { openGpu } from '../../../cli/gpu.ts';
import type { Reporter } from '../../../cli/reporter.ts';
import type { RunIo } from '../../../cli/run-io.ts';
import { readWhole, writeWhole } from '../../../cli/whole-file.ts';
import type { SamplingSettings } from '../evaluation/evaluate.ts';
import { compareWithHmc, hmcPosteriors } from '../evaluation/hmc.ts';
import { type ComparedNetwork, HMC_HEADER, hmcCells, hmcCsv, hmcMarkdown } from '../evaluation/hmc-table.ts';
import { checkHeader } from '../image-header.ts';
import type { FlowTask } from '../tasks/task.ts';
import { checkPrecision } from '../training/check-recipe.ts';
import type { NetworkFile } from '../weights/network-file.ts';

interface Wanted {
  /** Path of the stamps. */
  readonly stamps: string;
  readonly networks: readonly { readonly name: string; readonly network: NetworkFile; readonly task: FlowTask }[];
  readonly settings: readonly SamplingSettings[];
  readonly samples: number;
  readonly seed: number;
}

/** Resolves to the exit code; an interrupted comparison prints what it has finished. */
export async function hmcCommand(wanted: Wanted, values: FlagValues, io: RunIo, reporter: Reporter): Promise<number> {
  const { networks, settings, samples, seed } = wanted;
  const images = await loadImages(basename(wanted.stamps), await readWhole('hmc', wanted.stamps), 'images');
  for (const { task } of networks) checkHeader(task, images);
  const device = await openGpu((textOf(values, 'backend') ?? 'auto') as 'auto' | 'vulkan');
  let stopped = false;
  const release = io.onInterrupt(() => {
    stopped = true;
  });
  const pause = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    if (stopped) throw new StoppedError('stopped');
  };
  const compared: ComparedNetwork[] = [];
  try {
    const { gpu } = device;
    for (const { precision } of settings) checkPrecision(precision, gpu.report);
    reporter.say(
      `Comparing with HMC on ${gpu.report.name}: ${images.n} stamps of ${images.name}, ${samples} samples of each.`,
    );
    const hmc = await hmcPosteriors(gpu, images, seed, undefined, pause);
    for (const { name, network, task } of networks)
      for (const setting of settings) {
        const rows = await compareWithHmc({
          gpu,
          task,
          model: network.model,
          hmc,
          images,
          settings: setting,
          samples,
          seed,
          pause,
        });
        compared.push({ name, settings: setting, rows });
      }
  } catch (thrown) {
    if (!(thrown instanceof StoppedError)) throw thrown;
  } finally {
    release();
    device.release();
  }
  for (const line of align([HMC_HEADER, ...hmcCells(compared)])) io.out.write(`${line}\n`);
  const [markdown, csv] = [textOf(values, 'markdown'), textOf(values, 'csv')];
  if (markdown !== undefined) await writeWhole('markdown', markdown, hmcMarkdown(compared));
  if (csv !== undefined) await writeWhole('csv', csv, hmcCsv(compared));
  return stopped ? EXIT.interrupted : EXIT.ok;
}
