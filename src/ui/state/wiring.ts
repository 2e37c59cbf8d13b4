/** Engine events into the store. Item summaries and progress arrive in bursts, so they are put in once a frame. */
import type { RunEvent } from '../../engine/run/events.ts';
import type { RunProgress } from '../../engine/run/progress.ts';
import type { ResultSummary } from '../../results/kind.ts';
import type { EngineClient } from '../../worker/client.ts';
import type { Peek } from '../../workloads/workload.ts';
import { listed } from '../format.ts';
import { takeError } from './engine-trouble.ts';
import { remember } from './history.ts';
import { Merger } from './merge.ts';
import { notify, useStore } from './store.ts';
import type { Notice, Status } from './types.ts';

/** Looks kept of the watched item. */
const TRAIL_LENGTH = 400;

const STATUS: Readonly<Record<RunProgress['state'], Status>> = {
  preparing: 'running',
  running: 'running',
  paused: 'paused',
  finished: 'done',
  stopped: 'stopped',
  failed: 'failed',
};

/** What is told at once, with what is kept: each kind has one notice that counts, and stays true when the run is over. */
const NOTICES: Readonly<Partial<Record<RunEvent['kind'], Pick<Notice, 'kept' | 'todo'>>>> = {
  split: { kept: 'Every finished item was kept; smaller chunks take less memory and give the same results.' },
  loss: { kept: 'Every finished item was kept; the run log says how it went on.' },
  storage: {},
  unrescued: {},
};

export function wire(engine: EngineClient): void {
  let summaries: ResultSummary[] = [];
  let events: RunEvent[] = [];
  let progress: RunProgress | undefined;
  let scheduled = false;
  const merger = new Merger();
  const flush = () => {
    scheduled = false;
    const [newSummaries, newEvents, newProgress] = [summaries, events, progress];
    [summaries, events, progress] = [[], [], undefined];
    useStore.setState((store) => ({
      summaries: merger.add(store.summaries, newSummaries),
      events: newEvents.length > 0 ? [...store.events, ...newEvents] : store.events,
      ...(newProgress && {
        progress: newProgress,
        status: STATUS[newProgress.state],
        history: remember(store.history, {
          seconds: newProgress.elapsedMs / 1000,
          itemsPerSecond: newProgress.itemsPerSecond,
          gradientsPerSecond: newProgress.gradientsPerSecond,
          bytes: newProgress.memory.currentBytes,
        }),
      }),
    }));
  };
  // A timer, not an animation frame: frames stop in a hidden tab, and the run goes on there.
  const schedule = () => {
    if (scheduled) return;
    scheduled = true;
    setTimeout(flush, 50);
  };

  engine.on('progress', (event) => {
    progress = event.progress;
    schedule();
  });
  engine.on('itemDone', (event) => {
    summaries.push(event.summary);
    schedule();
  });
  engine.on('peek', (event) => takePeek(event.peek));
  engine.on('chunkFailed', (event) => {
    useStore.setState((store) => ({ failed: [...store.failed, ...event.items] }));
    const { message, kept, todo } = event.error;
    const names = listed(event.items.map(({ info }) => info.runId));
    notify({ tone: 'error', key: 'chunkFailed', message: `${names}: ${message}`, kept, todo });
  });
  engine.on('runEvent', ({ event }) => {
    events.push(event);
    schedule();
    const notice = NOTICES[event.kind];
    if (notice) notify({ tone: 'warning', key: event.kind, message: event.message, ...notice });
  });
  engine.on('exportProgress', ({ done, total, file }) => {
    if (useStore.getState().exporting) useStore.setState({ exporting: { done, total, file } });
  });
  engine.on('log', (event) => {
    if (event.level === 'warning') notify({ tone: 'warning', ofRun: true, message: event.message });
  });
  engine.on('selfTest', ({ report }) => useStore.setState({ selfTest: report }));
  engine.on('error', ({ error }) => {
    // What it told last is true of the time before its end; taken in later it would say that the run goes on.
    flush();
    takeError(error);
  });
  engine.on('history', ({ list, kept, problem }) => {
    useStore.setState({ kept: list, keptId: kept, keeping: false });
    if (problem) notify({ tone: 'warning', key: 'history', ...problem });
  });
  engine.on('finished', ({ outcome }) => {
    progress = outcome.progress;
    flush();
    useStore.setState(({ summaries }) => ({
      status: STATUS[outcome.state],
      failed: outcome.failed,
      together: outcome.results,
      keeping: summaries.length > 0,
    }));
    if (outcome.error) notify({ tone: 'error', ...outcome.error });
    // What does not load is not missed: the next run is timed again.
    else void import('./finished-rate.ts').then(({ takeRate }) => takeRate(outcome, engine)).catch(() => undefined);
  });
}

function takePeek(peek: Peek): void {
  useStore.setState((store) => {
    const last = store.trail.at(-1);
    // A new item, or one begun anew: another trail. A look that repeats the last step only brings what is large afresh.
    const same = last !== undefined && last.item === peek.item && last.step <= peek.step;
    const { large: _, ...kept } = peek;
    if (same && last.step === peek.step) return { peek };
    return { peek, trail: same ? [...store.trail.slice(-(TRAIL_LENGTH - 1)), kept] : [kept] };
  });
}
