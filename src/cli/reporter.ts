/** Progress on a terminal (one line, redrawn) or in a log (a line every few seconds). Written to standard error. */
import type { RunProgress } from '../engine/run/progress.ts';
import type { Experiment } from '../workloads/workload.ts';

/** Where lines go; `columns` is set on a terminal. */
export interface Terminal {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const LOG_INTERVAL_MS = 5000;
const BAR_CELLS = 24;

/** Of what is no run of an experiment. */
const ANY = { itemName: { one: 'item', many: 'items' }, workName: 'steps' };

export class Reporter {
  readonly #out: Terminal;
  readonly #quiet: boolean;
  readonly #items: string;
  readonly #work: string;
  #drawn = false;
  #loggedAt = 0;

  /** @param experiment whose words the progress of a run takes */
  constructor(out: Terminal, quiet: boolean, experiment: Pick<Experiment, 'itemName' | 'workName'> = ANY) {
    this.#out = out;
    this.#quiet = quiet;
    this.#items = experiment.itemName.many;
    this.#work = experiment.workName;
  }

  progress(progress: RunProgress): void {
    this.show(progress.fraction, this.#line(progress), progress.elapsedMs);
  }

  /** How far something is, in a line. @param elapsedMs since it began: a log gets a line every few seconds */
  show(fraction: number, line: string, elapsedMs: number): void {
    if (this.#quiet) return;
    // Something else has begun.
    if (elapsedMs < this.#loggedAt) this.#loggedAt = 0;
    if (this.#out.isTTY) {
      const width = (this.#out.columns ?? 80) - 1;
      this.#out.write(`\r\x1b[2K${`${bar(fraction)} ${line}`.slice(0, width)}`);
      this.#drawn = true;
    } else if (elapsedMs - this.#loggedAt >= LOG_INTERVAL_MS) {
      this.#loggedAt = elapsedMs;
      this.#out.write(`${line}\n`);
    }
  }

  /** A line that stays, above the bar. */
  say(text: string): void {
    if (this.#quiet) return;
    this.clear();
    this.#out.write(`${text}\n`);
  }

  /** A warning or an error: shown even when quiet. */
  warn(text: string): void {
    this.clear();
    this.#out.write(`${text}\n`);
  }

  /** Takes the bar off the terminal. */
  clear(): void {
    if (this.#drawn) this.#out.write('\r\x1b[2K');
    this.#drawn = false;
  }

  #line(progress: RunProgress): string {
    const { chunk, items, phase, rescue, stage } = progress;
    const left = progress.etaMs === null ? '' : `, ${duration(progress.etaMs)} left`;
    return [
      `${Math.round(100 * progress.fraction)} %`,
      `${stage ? `${stage}, ` : ''}${rescue > 0 ? `rescue ${rescue}, ` : ''}chunk ${chunk.index + 1}/${chunk.count} ${phase}`,
      `${items.done}/${items.total} ${this.#items}${items.failed > 0 ? ` (${items.failed} failed)` : ''}`,
      `${significant(progress.gradientsPerSecond)} ${this.#work}/s`,
      `${duration(progress.elapsedMs)}${left}`,
    ].join('  ');
  }
}

function bar(fraction: number): string {
  const full = Math.round(fraction * BAR_CELLS);
  return `${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)}`;
}

/** 0:07, 12:40, 1:02:03. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const pad = (value: number) => String(value).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

/** Three significant digits without an exponent for everyday sizes: 0.0123, 45.6, 7,890. */
export function significant(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumSignificantDigits: 3 });
}
