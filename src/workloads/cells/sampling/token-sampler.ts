/** What drives a chunk of cells from masks to tokens, on the CPU or on a device. */
import { ConfigError } from '../../workload.ts';
import type { CellsToSample } from './reveal-plan.ts';
import { checkSettings, MOST_BINS, type SamplerSettings } from './settings.ts';

export interface TokenSampler {
  readonly settings: SamplerSettings;
  /** Steps in all, with the denoising, of those that have finished, those in which no cell reveals anything included. */
  readonly steps: number;
  readonly step: number;
  readonly done: boolean;
  /** Rows revealed so far, and of the whole chunk. */
  readonly revealed: number;
  readonly hidden: number;
  /** Turns to other cells; what was under way is dropped. Throws `ConfigError` where they do not fit the settings. */
  begin(cells: CellsToSample): void;
  /** Works for about `budgetMs`, or `maxSteps` steps if that is sooner. */
  advance(budgetMs: number, maxSteps?: number): Promise<void>;
  /** Tokens of the cells [cell][gene] as they stand, `bins` where hidden. */
  tokens(): Promise<Uint8Array<ArrayBuffer>>;
  /** Frees everything. Safe to call twice. */
  close(): void;
}

/** What `advance` reports to a run. */
export interface TimedSampler extends TokenSampler {
  /** Milliseconds that were spent on cells so far, and how that was measured. */
  readonly busyMs: number;
  readonly clock: 'gpu-timestamp' | 'wall';
}

/** Throws `ConfigError` where cells do not fit the settings or a chunk. */
export function checkCells(settings: SamplerSettings, { seeds, labels, start }: CellsToSample, chunk: number): void {
  checkSettings(settings);
  const cells = seeds.length;
  if (cells < 1 || cells > chunk) throw new ConfigError('cells', `Expected 1 to ${chunk} cells at once, got ${cells}.`);
  if (labels && labels.length !== 2 * cells)
    throw new ConfigError('labels', `Expected two labels for each of ${cells} cells, got ${labels.length} numbers.`);
  if (!start) return;
  const { genes, bins } = settings;
  if (start.length !== cells * genes)
    throw new ConfigError('start', `Expected ${cells} × ${genes} tokens to start from, got ${start.length}.`);
  const wrong = start.findIndex((token) => token > bins);
  if (wrong >= 0)
    throw new ConfigError(
      'start',
      `Cell ${Math.floor(wrong / genes)} starts with token ${start[wrong]} at gene ${wrong % genes}; tokens go from 0 to ${bins - 1}, and ${bins} hides a gene.`,
    );
}

/** All genes of so many cells, hidden. */
export function hiddenTokens(cells: number, { genes, bins }: SamplerSettings): Uint8Array<ArrayBuffer> {
  if (bins > MOST_BINS) throw new ConfigError('params.bins', `Expected at most ${MOST_BINS} bins, got ${bins}.`);
  return new Uint8Array(cells * genes).fill(bins);
}
