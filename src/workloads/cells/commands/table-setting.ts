/** What the flags of a table come to: a configuration with its data, predictor and place. */
import type { Command } from 'commander';
import { type FlagValues, textOf, wholeOf } from '../../../cli/flag-values.ts';
import { configFromFlags, givenFlags } from '../../../cli/flags.ts';
import { type Backend, type OpenGpu, openGpu } from '../../../cli/gpu.ts';
import { inputOptions, inputPaths, readInputs } from '../../../cli/inputs.ts';
import { parseRunConfig, type RunConfig } from '../../../engine/config/run-config.ts';
import type { RunInputs, Workload } from '../../workload.ts';
import type { DrawPlace } from '../evaluation/draw.ts';
import { drawPlace } from '../jobs/draw-place.ts';
import { type LoadedCells, loadCells } from '../load.ts';
import { cellsWorkload } from '../workload.ts';

const MOST_CELLS = 100_000;

export interface TableSetting {
  readonly config: RunConfig;
  readonly loaded: LoadedCells;
  readonly place: DrawPlace;
  readonly cells: number | undefined;
}

/** Reads files and opens the device, measures, and lets the device go. @throws what `measure` throws */
export async function withTable<T>(
  command: Command,
  values: FlagValues,
  workload: Workload,
  measure: (setting: TableSetting) => Promise<T>,
): Promise<T> {
  const given = givenFlags(command);
  const config = parseRunConfig(configFromFlags(workload, given, {}), [cellsWorkload as Workload]);
  const text = (flag: string) => {
    const value = given.get(flag);
    return typeof value === 'string' ? value : undefined;
  };
  const paths = inputPaths(workload, text, {});
  const inputs: RunInputs = await readInputs(workload, paths, inputOptions(workload, paths, text, {}));
  const loaded = await loadCells(config.params, inputs);
  const cells = values.cells === undefined ? undefined : wholeOf(values, 'cells', 0, 2, MOST_CELLS);
  const backend = (textOf(values, 'backend') ?? 'auto') as Backend;
  let device: OpenGpu | undefined;
  try {
    if (backend !== 'cpu') device = await openGpu(backend);
    const gpu = device?.gpu ?? null;
    const place = await drawPlace(config, inputs, loaded, async () => gpu);
    return await measure({ config, loaded, place, cells });
  } finally {
    device?.release();
  }
}
