/** How far a tuning is, from what it has told so far. Pure. */
import type { TuneEvent } from '../../engine/tuner/types.ts';
import type { Phase } from './trials.ts';

interface PhaseText {
  readonly id: Phase;
  readonly label: string;
  readonly about: string;
}

export const PHASES: readonly PhaseText[] = [
  {
    id: 'caps',
    label: 'Caps',
    about: 'The largest batch that each limit of the adapter and the budget allows, computed.',
  },
  { id: 'probe', label: 'Allocation', about: 'Whole batches are taken, every page of them written, and freed again.' },
  {
    id: 'serial',
    label: 'Serial',
    about: 'One at a time, each with memory of its own: what batching is compared with.',
  },
  { id: 'ladder', label: 'Ladder', about: '1, 2, 4, … at once: a warm-up each, then timed steps and their median.' },
  {
    id: 'verify',
    label: 'Verification',
    about: 'The recommended batch is run for real, readback and export included.',
  },
];
/** After the others, where it was asked for. */
export const BEYOND: PhaseText = {
  id: 'beyond',
  label: 'Beyond',
  about: 'Batches of more items than the run has: simulated like its own, or its own repeated. For their speed alone.',
};

/** Share of the bar that is full when a phase begins; the ladder takes most of the time. */
const BEGINS: Readonly<Record<Phase, number>> = {
  caps: 0,
  probe: 0.02,
  serial: 0.14,
  ladder: 0.22,
  verify: 0.82,
  beyond: 0.9,
};

export interface TuningProgress {
  readonly phase: Phase;
  /** 0 … 1; never falls. */
  readonly fraction: number;
}

/**
 * What goes on after these events: a trial that was told is over, the next one is under way.
 * @param beyond batches beyond the run come last
 */
export function tuningProgress(events: readonly TuneEvent[], beyond = false): TuningProgress {
  const caps = events.find((event) => event.type === 'caps');
  if (!caps) return { phase: 'caps', fraction: 0 };
  const probes = events.flatMap((event) => (event.type === 'probe' ? [event.trial] : []));
  const rungs = events.filter((event) => event.type === 'ladder' && event.trial.attempt === 1).length;
  if (events.some(({ type }) => type === 'choice')) {
    if (beyond && events.some((event) => event.type === 'verify' && event.trial.passed)) {
      const tried = events.filter(({ type }) => type === 'beyond').length;
      return { phase: 'beyond', fraction: BEGINS.beyond + (1 - BEGINS.beyond) * (1 - 0.7 ** tried) };
    }
    const attempts = events.filter(({ type }) => type === 'verify').length;
    const end = beyond ? BEGINS.beyond : 1;
    return { phase: 'verify', fraction: BEGINS.verify + (end - BEGINS.verify) * (1 - 0.5 ** attempts) };
  }
  // A baseline that could not be measured is told as a note.
  if (rungs > 0 || (probes.length > 0 && events.some(({ type }) => type === 'serial' || type === 'note'))) {
    const largest = Math.max(1, ...probes.filter(({ fitted }) => fitted).map(({ chunk }) => chunk));
    return { phase: 'ladder', fraction: between('ladder', 'verify', rungs / (Math.log2(largest) + 2)) };
  }
  const probed = probes.at(-1);
  const refused = probes.some(({ fitted }) => !fitted);
  // After a refusal a bisection follows, whose end only the next phase shows.
  if (probed && !refused && probed.chunk >= caps.caps.largest) return { phase: 'serial', fraction: BEGINS.serial };
  return { phase: 'probe', fraction: between('probe', 'serial', probes.length / (Math.log2(caps.caps.largest) + 5)) };
}

function between(phase: Phase, next: Phase, share: number): number {
  return BEGINS[phase] + (BEGINS[next] - BEGINS[phase]) * Math.min(1, share);
}

/** About how long a tuning takes on this adapter, in words: the times that the tuner gives its parts. */
export function howLong(software: boolean): string {
  return software ? 'about a minute on this software adapter' : 'less than 15 seconds on an ordinary GPU';
}
