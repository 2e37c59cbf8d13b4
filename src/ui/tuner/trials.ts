/** Rows of the trial log, from what the tuner tells or from what it remembers; the log is the table twin of the chart. Pure. */
import { disturbedLines } from '../../engine/tuner/disturbance.ts';
import { attemptRate } from '../../engine/tuner/run-rate.ts';
import type {
  BeyondTrial,
  CapsReport,
  LadderTrial,
  ProbeTrial,
  SerialTrial,
  TuneEvent,
  TuningResult,
  VerifyTrial,
} from '../../engine/tuner/types.ts';

export type Verdict = 'limit' | 'fits' | 'measured' | 'passed' | 'cut' | 'failed' | 'note';
export type Phase = 'caps' | 'probe' | 'serial' | 'ladder' | 'verify' | 'beyond';

export interface TrialRow {
  readonly key: number;
  readonly phase: Phase | undefined;
  /** Items in a chunk; "serial" for one at a time with a session each. */
  readonly batch: number | 'serial' | undefined;
  readonly bytes?: number;
  /** Of a whole chunk, of one item (serial), or of taking and touching the memory. */
  readonly ms?: number;
  readonly itemsPerSecond?: number;
  readonly verdict: Verdict;
  readonly reason: string;
}

/** Rows of a tuning under way, in the order they were told. */
export function rowsOfEvents(events: readonly TuneEvent[]): TrialRow[] {
  let phase: Phase | undefined;
  const ladder = events.flatMap((event) => (event.type === 'ladder' ? [event.trial] : []));
  const items = events.find((event) => event.type === 'caps')?.caps.caps.find(({ name }) => name === 'items')?.chunk;
  return events
    .flatMap((event) => {
      if (event.type === 'choice') return [];
      if (event.type !== 'note') phase = event.type;
      return [rowOf(event, phase, ladder, items ?? 1)];
    })
    .map(numbered);
}

/** Rows of a result that was remembered: the same trials in the same order. */
export function rowsOfResult(result: TuningResult): TrialRow[] {
  const note = (phase: Phase, reason: string): Unnumbered => ({ phase, batch: undefined, verdict: 'note', reason });
  return [
    capsRow(result.caps),
    ...result.probe.trials.map(probeRow),
    ...(result.serial ? [serialRow(result.serial)] : []),
    ...result.ladder.map((trial) => ladderRow(trial, result.ladder, result.key.items)),
    note('ladder', result.ladderEnded),
    ...result.verification.map(verifyRow),
    ...(result.beyond?.trials ?? []).map(beyondRow),
    ...(result.beyond ? [note('beyond', result.beyond.ended)] : []),
    ...disturbedLines(result).map((line) => note('verify', line)),
  ].map(numbered);
}

type Unnumbered = Omit<TrialRow, 'key'>;

const numbered = (row: Unnumbered, key: number): TrialRow => ({ ...row, key });

function rowOf(
  event: Exclude<TuneEvent, { type: 'choice' }>,
  phase: Phase | undefined,
  ladder: readonly LadderTrial[],
  items: number,
): Unnumbered {
  switch (event.type) {
    case 'caps':
      return capsRow(event.caps);
    case 'probe':
      return probeRow(event.trial);
    case 'serial':
      return serialRow(event.trial);
    case 'ladder':
      return ladderRow(event.trial, ladder, items);
    case 'verify':
      return verifyRow(event.trial);
    case 'beyond':
      return beyondRow(event.trial);
    case 'note':
      return { phase, batch: undefined, verdict: 'note', reason: event.line };
  }
}

function capsRow({ caps, binding, largest }: CapsReport): Unnumbered {
  const limit = caps.find(({ name }) => name === binding)?.limit ?? binding;
  return { phase: 'caps', batch: largest, verdict: 'limit', reason: `At most this many: ${limit}.` };
}

function probeRow({ chunk, bytes, ms, fitted, reason }: ProbeTrial): Unnumbered {
  return { phase: 'probe', batch: chunk, bytes, ms, verdict: fitted ? 'fits' : 'failed', reason };
}

function serialRow({ items, bytes, msPerItem }: SerialTrial): Unnumbered {
  const reason = `One at a time, each with memory of its own; median of ${items}.`;
  return {
    phase: 'serial',
    batch: 'serial',
    bytes,
    ms: msPerItem,
    itemsPerSecond: 1000 / msPerItem,
    verdict: 'measured',
    reason,
  };
}

/** The rate is that of the whole run, as in the comparison: the fastest attempt at a size has the very figure of its row there. */
function ladderRow(trial: LadderTrial, ladder: readonly LadderTrial[], items: number): Unnumbered {
  const { chunk, attempt, bytes, chunkMs, verdict, reason } = trial;
  return {
    phase: 'ladder',
    batch: chunk,
    bytes,
    ms: chunkMs ?? undefined,
    itemsPerSecond: chunkMs === null ? undefined : attemptRate(trial, ladder, items),
    verdict,
    reason: sentence(attempt > 1 ? `measured again: ${reason}` : reason),
  };
}

/** Its rate is that of its own chunk: there is no run of so many. */
function beyondRow({ chunk, bytes, chunkMs, itemsPerSecond, verdict, reason }: BeyondTrial): Unnumbered {
  return {
    phase: 'beyond',
    batch: chunk,
    bytes,
    ms: chunkMs ?? undefined,
    itemsPerSecond: itemsPerSecond ?? undefined,
    verdict,
    reason: sentence(reason),
  };
}

function verifyRow({ chunk, bytes, tookMs, itemsPerSecond, passed, items, runs, reason }: VerifyTrial): Unnumbered {
  const what = passed ? `Run for real, ${items} items${runs > 1 ? `, median of ${runs} runs` : ''}: ` : '';
  return {
    phase: 'verify',
    batch: chunk,
    bytes,
    ms: tookMs,
    itemsPerSecond: itemsPerSecond ?? undefined,
    verdict: passed ? 'passed' : 'failed',
    reason: sentence(what + reason),
  };
}

/** The tuner's reasons are said in the middle of a line as well: here each is a sentence. */
function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}
