/**
 * What the page's thread did, task by task, from Chromium's own trace. Each task has the processor time it took beside its length:
 * where the software driver and others hold every core, a task of a millisecond may last a tenth of a second, and that is not the page's
 * doing.
 */
import type { Browser, Page } from 'playwright/test';

export interface Task {
  /** Processor time of the thread in the task, ms. */
  readonly cpuMs: number;
  /** From its start to its end, ms. */
  readonly wallMs: number;
  /** The largest pieces of it as the trace names them, for the message of a test that fails. */
  readonly parts: string;
}

export interface Watched {
  /** The tasks of the page's thread, the most processor time first. */
  readonly tasks: readonly Task[];
  /** Durations of what the page itself sees as long tasks (50 ms and more of wall time), ms. */
  readonly longTasksMs: readonly number[];
  /** The latest that a timer of 10 ms came, in ms of wall time. */
  readonly lagMs: number;
}

/** The events of the trace format that are read here; times in µs. */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string; readonly data?: { readonly functionName?: string } };
}

declare global {
  interface Window {
    stopProbe: () => { longTasksMs: number[]; lagMs: number };
  }
}

const CATEGORIES = ['__metadata', 'devtools.timeline', 'disabled-by-default-devtools.timeline'];
/** Shorter pieces of a task are not named. */
const LEAST_PART_US = 3000;

/** Watches the thread of a page while `act` goes on. */
export async function watchMainThread(browser: Browser, page: Page, act: () => Promise<void>): Promise<Watched> {
  await page.evaluate(startProbe);
  await browser.startTracing(page, { categories: CATEGORIES });
  let trace: Buffer;
  try {
    await act();
  } finally {
    // A trace that is left running would refuse the next one.
    trace = await browser.stopTracing();
  }
  const seen = await page.evaluate(() => window.stopProbe());
  return { ...seen, tasks: tasksOf(JSON.parse(trace.toString()).traceEvents) };
}

/** Runs in the page: the Long Tasks API, and a timer that notes how late it comes. */
function startProbe(): void {
  const longTasksMs: number[] = [];
  const observer = new PerformanceObserver((list) => {
    longTasksMs.push(...list.getEntries().map(({ duration }) => duration));
  });
  observer.observe({ type: 'longtask' });
  let [last, lagMs] = [performance.now(), 0];
  const timer = setInterval(() => {
    const now = performance.now();
    lagMs = Math.max(lagMs, now - last - 10);
    last = now;
  }, 10);
  window.stopProbe = () => {
    clearInterval(timer);
    observer.disconnect();
    return { longTasksMs, lagMs };
  };
}

function tasksOf(events: readonly TraceEvent[]): Task[] {
  const thread = ({ pid, tid }: TraceEvent) => `${pid}:${tid}`;
  const main = new Set(
    events.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain').map(thread),
  );
  const own = events.filter((event) => event.ph === 'X' && main.has(thread(event)));
  const named = own.filter(({ name, dur = 0 }) => name !== 'RunTask' && dur > LEAST_PART_US);
  return own
    .filter(({ name }) => name === 'RunTask')
    .map((task) => ({
      cpuMs: (task.tdur ?? Number.NaN) / 1000,
      wallMs: (task.dur ?? Number.NaN) / 1000,
      parts: named
        .filter((part) => thread(part) === thread(task) && part.ts >= task.ts && part.ts < task.ts + (task.dur ?? 0))
        .sort((a, b) => (b.tdur ?? 0) - (a.tdur ?? 0))
        .slice(0, 5)
        .map(({ name, args, tdur = 0 }) => `${name} ${args?.data?.functionName ?? ''} ${(tdur / 1000).toFixed(0)} ms`)
        .join(', '),
    }))
    .sort((a, b) => b.cpuMs - a.cpuMs);
}
