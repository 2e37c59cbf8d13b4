/** What commands that measure a table have in common: progress, Ctrl-C, exit codes, and the table on the terminal and in files. */
import type { Workload } from '../workloads/workload.ts';
import { align } from './align.ts';
import { EXIT, exitOf, explain, StoppedError } from './exit.ts';
import { type FlagValues, textOf } from './flag-values.ts';
import { duration, type Reporter } from './reporter.ts';
import type { RunIo } from './run-io.ts';
import { writeWhole } from './whole-file.ts';

/** How far a table is. */
export interface TableTold {
  readonly what: string;
  readonly done: number;
  readonly of: number;
  /** Of the one under way. */
  readonly share: number;
}

export interface TableHooks {
  readonly signal: AbortSignal;
  progress(told: TableTold): void;
  /** Ctrl-C ends the program again. */
  release(): void;
}

/** Progress on the terminal, and Ctrl-C. */
export function tableHooks(reporter: Reporter, io: RunIo): TableHooks {
  const begin = performance.now();
  const abort = new AbortController();
  return {
    signal: abort.signal,
    release: io.onInterrupt(() => abort.abort(new StoppedError('stopped'))),
    progress: ({ what, done, of, share }) => {
      const elapsedMs = performance.now() - begin;
      const fraction = Math.min(1, (done + share) / of);
      reporter.show(fraction, `${Math.round(100 * fraction)} %  ${what}  ${duration(elapsedMs)}`, elapsedMs);
    },
  };
}

/** The exit code of what measures, which says whether it was stopped; an error is told. */
export async function tableExit(
  reporter: Reporter,
  workload: Workload,
  measure: () => Promise<boolean>,
): Promise<number> {
  try {
    return (await measure()) ? EXIT.interrupted : EXIT.ok;
  } catch (thrown) {
    if (thrown instanceof StoppedError) return EXIT.interrupted;
    reporter.warn(explain(thrown, workload));
    return exitOf(thrown);
  }
}

/** A table in words and as files. */
export interface TableTexts {
  /** What was measured, on what. */
  readonly head: string;
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
  readonly csv: string;
  readonly markdown: string;
}

/** Writes it to the terminal, and to the files that `--csv` and `--markdown` name. */
export async function showTable(reporter: Reporter, values: FlagValues, io: RunIo, texts: TableTexts): Promise<void> {
  reporter.clear();
  for (const line of [texts.head, ...align(texts.rows), ...texts.notes]) io.out.write(`${line}\n`);
  const [csv, markdown] = [textOf(values, 'csv'), textOf(values, 'markdown')];
  if (csv !== undefined) await writeWhole('csv', csv, texts.csv);
  if (markdown !== undefined) await writeWhole('markdown', markdown, texts.markdown);
}
