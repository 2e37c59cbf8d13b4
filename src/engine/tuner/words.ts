/** Trials in words, one line each: the log of the page and of the command line. */
import { formatBytes } from '../bytes.ts';
import { ageInWords } from './age.ts';
import { SEARCH_LIMIT } from './caps.ts';
import { newProcessRate } from './prediction.ts';
import { attemptRate } from './run-rate.ts';
import { significant } from './significant.ts';
import type {
  BeyondTrial,
  CapsReport,
  LadderTrial,
  ProbeTrial,
  SerialTrial,
  TuningResult,
  VerifyTrial,
} from './types.ts';

const ms = (value: number) => `${significant(value)} ms`;

/** A line a cap, the one that binds named. */
export function capsLine({ caps, binding, largest }: CapsReport): string {
  const parts = caps.map(
    ({ limit, chunk }) => `${limit}: ${chunk < SEARCH_LIMIT ? chunk : `over ${SEARCH_LIMIT - 1}`}`,
  );
  const name = caps.find((cap) => cap.name === binding)?.limit ?? binding;
  return `Caps, largest chunk of each: ${parts.join('; ')}. What binds: ${name}, so ${largest} at most.`;
}

export function probeLine(trial: ProbeTrial): string {
  return `Memory, chunk ${trial.chunk}: ${trial.fitted ? 'fits' : 'does not fit'}, ${ms(trial.ms)}. ${trial.reason}`;
}

export function serialLine(trial: SerialTrial): string {
  return `Serial, a session each: ${ms(trial.msPerItem)} an item, ${significant(1000 / trial.msPerItem)} items/s (median of ${trial.items}). First use of the kernels: ${ms(trial.firstUseMs)} longer.`;
}

/** `ladder`: all trials until then, this one included; the rate is that of a run of `items` with chunks of this size. */
export function ladderLine(trial: LadderTrial, ladder: readonly LadderTrial[], items: number): string {
  const { chunk, attempt, bytes, verdict, chunkMs, spread, reason } = trial;
  const head = `Speed, chunk ${chunk}${attempt > 1 ? ', again' : ''}`;
  if (chunkMs === null) return `${head}: ${verdict}, ${reason}`;
  const rate = significant(attemptRate(trial, ladder, items));
  return `${head}: ${ms(chunkMs)} a chunk, so ${rate} items/s over all ${items}; ${formatBytes(bytes)}; slowest step ${significant(spread ?? 1)} × the fastest. ${reason}.`;
}

/** Of a size beyond the run: the rate is that of its own chunk. */
export function beyondLine({ chunk, bytes, verdict, chunkMs, itemsPerSecond, reason }: BeyondTrial): string {
  const head = `Beyond the run, chunk ${chunk}`;
  if (chunkMs === null || itemsPerSecond === null) return `${head}: ${verdict}, ${reason}.`;
  return `${head}: ${ms(chunkMs)} a chunk, so ${significant(itemsPerSecond)} items/s; ${formatBytes(bytes)}. ${reason}.`;
}

export function verifyLine({ chunk, passed, items, runs, itemsPerSecond, exportMs, reason }: VerifyTrial): string {
  if (!passed || itemsPerSecond === null) return `Run for real, chunk ${chunk}: failed. ${reason} Stepping down.`;
  const times = runs === 1 ? '' : `, median of ${runs} runs`;
  const exported = exportMs === null ? '' : ` in ${ms(exportMs)}`;
  return `Run for real, chunk ${chunk}: ${significant(itemsPerSecond)} items/s over ${items} items${times}; ${reason}${exported}.`;
}

/** Where the chunk of a run with batch size "auto" comes from, and how old that is. */
export function batchNote(chunk: number, tuning: TuningResult | undefined, now = Date.now()): string {
  if (!tuning) return `Chunks of ${chunk} by the batch table; \`lockstep tune\` would measure this adapter.`;
  const capped = chunk < tuning.recommended ? `, ${chunk} of ${tuning.recommended} for today's memory budget` : '';
  const rate = significant(newProcessRate(tuning));
  return `Chunks of ${chunk}, tuned on this adapter ${ageInWords(tuning.date, now)}${capped}: ${rate} items/s predicted.`;
}
