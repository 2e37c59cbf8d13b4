/** How fast runs of each experiment went on each adapter, remembered in this browser: what the next one is estimated by. */
import type { Store } from './types.ts';

const KEY = 'lockstep-run-rates';
/** Adapters and experiments remembered; the oldest make room. */
const MOST = 24;

export type Device = Pick<Store, 'config' | 'device'>;

export interface Rate {
  /** Floating-point operations of the experiment's work (`WorkEstimate`) a second, over a whole run. */
  readonly flopPerSecond: number;
  /** What it comes from, as the end of a sentence. */
  readonly by: string;
}

/**
 * Where nothing has run yet: what the sampler reached on SwiftShader with two cores (bench/results), half as much as its multiply-adds; of a
 * real GPU a part of what small ones claim; of the f64 twin on one core.
 */
const GUESS = { software: 5e9, gpu: 5e11, cpu: 5e8 };

function keyOf({ device, config }: Device): string {
  return [device?.report?.name ?? 'CPU', config.workload, config.precision].join(' | ');
}

function rates(): Readonly<Record<string, number>> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return {};
    return Object.fromEntries(Object.entries(stored).filter(([, rate]) => Number.isFinite(rate) && rate > 0));
  } catch {
    return {};
  }
}

/** By the last run of this experiment on this adapter, else a guess. */
export function rateOf(on: Device): Rate {
  const known = rates()[keyOf(on)];
  if (known) return { flopPerSecond: known, by: 'by its last run on this adapter' };
  const { report } = on.device ?? {};
  const kind = !report ? 'cpu' : report.software ? 'software' : 'gpu';
  return { flopPerSecond: GUESS[kind], by: 'a guess: no run of it has been timed on this adapter yet' };
}

/** A run is over: its rate is what the next is estimated by. @param config the one that ran */
export function rememberRate({ config, device }: Device, flopPerSecond: number): void {
  if (!(flopPerSecond > 0) || !Number.isFinite(flopPerSecond)) return;
  const { [keyOf({ config, device })]: _, ...others } = rates();
  const kept = Object.entries(others).slice(1 - MOST);
  try {
    localStorage.setItem(
      KEY,
      JSON.stringify(Object.fromEntries([...kept, [keyOf({ config, device }), flopPerSecond]])),
    );
  } catch {
    // Storage is forbidden: the next visit guesses.
  }
}
