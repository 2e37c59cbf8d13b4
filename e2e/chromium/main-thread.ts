/**
 * What the page's thread did, task by task, from Chromium's own trace. Each task has the processor time it took beside its length:
 * where the software driver and others hold every core, a task of a millisecond may last a tenth of a second, and that is not the page's
 * doing. Tasks in which the thread answers the tool that drives the browser (finding an element, reading its text) are no doing of the page
 * either, and are left out.
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
  /** The tasks of the page's thread that are its own, the most processor time first. */
  readonly tasks: readonly Task[];
  /** Processor time of a fixed piece of work on that thread, measured in the same way: what the machine is worth, ms. */
  readonly unitMs: number;
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
  readonly args?: {
    readonly name?: string;
    readonly data?: { readonly functionName?: string; readonly message?: string };
    readonly chrome_mojo_event_info?: { readonly mojo_interface_tag?: string };
  };
}

declare global {
  interface Window {
    stopProbe: () => { longTasksMs: number[]; lagMs: number };
  }
}

const CATEGORIES = [
  '__metadata',
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'mojom',
  'blink.user_timing',
];
/** What the page's trace calls the fixed piece of work, and how often it is done. */
const UNIT_MARK = 'unit of work';
const UNIT_ROUNDS = 3;
/** The interface by which a tool drives the page. */
const DRIVER = 'blink.mojom.DevToolsSession';
/** Shorter pieces of a task are not named. */
const LEAST_PART_US = 3000;

/** Watches the thread of a page while `act` goes on. */
export async function watchMainThread(browser: Browser, page: Page, act: () => Promise<void>): Promise<Watched> {
  await page.evaluate(startProbe);
  await browser.startTracing(page, { categories: CATEGORIES });
  let trace: Buffer;
  try {
    for (let i = 0; i < UNIT_ROUNDS; i++) await page.evaluate(fixedWork, UNIT_MARK);
    await act();
  } finally {
    // A trace that is left running would refuse the next one.
    trace = await browser.stopTracing();
  }
  const seen = await page.evaluate(() => window.stopProbe());
  return { ...seen, ...tasksOf(JSON.parse(trace.toString()).traceEvents) };
}

/** Runs in the page, in a task of its own that is marked: text, objects and arithmetic, as the work of a page is. */
function fixedWork(mark: string): Promise<number> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      performance.mark(mark);
      let sum = 0;
      for (let round = 0; round < 200; round++) {
        const rows = Array.from({ length: 200 }, (_, i) => ({ key: `row ${i}`, value: Math.sqrt(i + round) }));
        rows.sort((a, b) => b.value - a.value);
        const text = rows.map(({ key, value }) => `${key}: ${value.toFixed(3)}`).join();
        sum += JSON.parse(JSON.stringify(rows)).length + text.length;
      }
      resolve(sum);
    };
    port2.postMessage(null);
  });
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

/** The tasks of the page's thread in a trace. Throws where the fixed piece of work is not in it: then it shows nothing else either. */
function tasksOf(events: readonly TraceEvent[]): Pick<Watched, 'tasks' | 'unitMs'> {
  const thread = ({ pid, tid }: TraceEvent) => `${pid}:${tid}`;
  const main = new Set(
    events.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain').map(thread),
  );
  const all = events.filter((event) => main.has(thread(event)));
  const own = all.filter(({ ph }) => ph === 'X');
  const driven = own.filter(({ args }) => args?.chrome_mojo_event_info?.mojo_interface_tag === DRIVER);
  const marked = all.filter(({ name }) => name === UNIT_MARK);
  const within = (task: TraceEvent) => (part: TraceEvent) =>
    thread(part) === thread(task) && part.ts >= task.ts && part.ts < task.ts + (task.dur ?? 0);
  const named = own.filter(({ name, dur = 0 }) => name !== 'RunTask' && dur > LEAST_PART_US);
  const tasks = own.filter(({ name }) => name === 'RunTask');
  const cpuMs = ({ tdur = Number.NaN }: TraceEvent) => tdur / 1000;
  const units = tasks.filter((task) => marked.some(within(task)));
  if (units.length < UNIT_ROUNDS) throw new Error(`The trace shows ${units.length} of ${UNIT_ROUNDS} units of work.`);
  return {
    unitMs: Math.min(...units.map(cpuMs)),
    tasks: tasks
      .filter((task) => !units.includes(task) && !driven.some(within(task)))
      .map((task) => ({
        cpuMs: cpuMs(task),
        wallMs: (task.dur ?? Number.NaN) / 1000,
        parts: named
          .filter(within(task))
          .sort((a, b) => (b.tdur ?? 0) - (a.tdur ?? 0))
          .slice(0, 5)
          .map(({ name, args, tdur = 0 }) => `${name} ${args?.data?.functionName ?? ''} ${(tdur / 1000).toFixed(0)} ms`)
          .join(', '),
      }))
      .sort((a, b) => b.cpuMs - a.cpuMs),
  };
}
