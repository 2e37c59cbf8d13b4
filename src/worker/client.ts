/**
 * The page's end of the engine's worker: every method of `EngineApi` posts a call and promises its answer. Nothing here touches the device.
 *
 * Comlink would carry the calls, too, but leaves questions to a worker that has died open for ever (its issue 601) and drops the fields of
 * our errors (594).
 */
import type { ErrorReport } from '../engine/run/progress.ts';
import type { EngineApi } from './engine-api.ts';
import type { JobTypes } from './jobs.ts';
import { whenEnded } from './life.ts';
import type { Call, Event, Message } from './protocol.ts';

type EventOf<T extends Event['type']> = Extract<Event, { type: T }>;

interface Pending {
  resolve(value: unknown): void;
  reject(error: EngineError): void;
  answer(): Promise<unknown>;
}

export interface EngineClient extends EngineApi {
  /** Listens to one kind of event; returns the function that stops listening. */
  on<T extends Event['type']>(type: T, listener: (event: EventOf<T>) => void): () => void;
  /** Ends the worker and with it everything it holds. */
  close(): void;
  /** Ends the worker, where it is still there, and starts another in its place; listeners stay. It knows nothing yet: `init` comes first. */
  restart(): void;
}

/** Name of the error that ends everything: the worker is gone, with all it held. */
export const ENGINE_GONE = 'EngineGone';
/** Name of an error that nobody caught in a worker that goes on. */
export const ENGINE_FAULT = 'EngineFault';

/** What the engine reported, on this side of the thread. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  constructor(readonly report: ErrorReport) {
    super(report.message);
  }
  /** Path of the configuration field at fault, where there is one. */
  get field(): string | undefined {
    return this.report.field;
  }
}

/** The little of `Worker` that the client needs, so that tests can pass a `MessagePort`. */
export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent) => unknown) | null;
  onmessageerror?: ((event: MessageEvent) => unknown) | null;
  onerror?: ((event: ErrorEvent) => unknown) | null;
  terminate?(): void;
}

/** Starts the engine's worker. */
export function startEngineWorker(): Worker {
  return new Worker(new URL('./engine.worker.ts', import.meta.url), { type: 'module', name: 'lockstep-engine' });
}

/** A client of the engine behind this port; of a new worker unless given. @param next starts the one after a restart */
export function connectEngine(first: Port = startEngineWorker(), next: () => Port = startEngineWorker): EngineClient {
  const pending = new Map<number, Pending>();
  const listeners = new Map<Event['type'], Set<(event: never) => void>>();
  let calls = 0;
  let port: Port;
  /** Why there is no worker any more. */
  let gone: EngineError | undefined;
  let forgetLife: (() => void) | undefined;
  const tell = (event: Event) => {
    for (const listener of listeners.get(event.type) ?? []) listener(event as never);
  };
  const call = (method: keyof EngineApi, args: unknown[]) => {
    const id = ++calls;
    const answer = new Promise((resolve, reject) => {
      if (gone) return reject(gone);
      pending.set(id, { resolve, reject, answer: () => answer });
      port.postMessage(
        { id, method, args } satisfies Call,
        args.filter((arg) => arg instanceof ArrayBuffer),
      );
    });
    // Nobody waits for the answer to a pause or a stop.
    if (gone) answer.catch(() => undefined);
    return answer;
  };
  /** The worker is gone: every open question is answered with why. */
  const die = (message: string) => {
    if (gone) return;
    forgetLife?.();
    // It must not go on computing what nobody hears of.
    port.terminate?.();
    const error: ErrorReport = {
      name: ENGINE_GONE,
      message,
      kept: 'Results already shown stay on the page.',
      todo: 'Start the engine again; a run that was under way can go on from its last finished chunk.',
    };
    gone = new EngineError(error);
    for (const { answer, reject } of pending.values()) {
      // Nobody waits for the answer to a pause or a stop; the event tells of the end.
      answer().catch(() => undefined);
      reject(gone);
    }
    pending.clear();
    tell({ type: 'error', error });
  };
  const attach = (to: Port) => {
    port = to;
    gone = undefined;
    let ready = false;
    // What a worker still has to say after its end concerns nobody.
    const current = () => port === to && !gone;
    to.onmessage = ({ data }: MessageEvent<Message>) => {
      if (!current()) return;
      if (data.type === 'ready') {
        ready = true;
        const ended = 'the browser ended it, as it does when memory runs out';
        forgetLife = data.lock === undefined ? undefined : whenEnded(data.lock, () => current() && die(ended));
        return;
      }
      if (data.type === 'event') return tell(data.event);
      const asked = pending.get(data.id);
      pending.delete(data.id);
      if (data.type === 'reply') asked?.resolve(data.value);
      else asked?.reject(new EngineError(data.error));
    };
    to.onerror = (event) => {
      if (!current()) return;
      if (!ready) die(event.message || 'the engine could not be loaded');
      else tell({ type: 'error', error: { name: ENGINE_FAULT, message: event.message } });
    };
    to.onmessageerror = () => current() && die('a message from the engine could not be read');
  };
  attach(first);
  const own: Pick<EngineClient, 'on' | 'close' | 'restart'> = {
    on: (type, listener) => {
      const set = listeners.get(type) ?? new Set();
      listeners.set(type, set);
      set.add(listener);
      return () => set.delete(listener);
    },
    close: () => die('the engine was closed'),
    restart: () => {
      die('it was started again');
      attach(next());
    },
  };
  return new Proxy(own as EngineClient, {
    get: (_, name) => {
      if (name in own) return own[name as keyof typeof own];
      // A client that is returned from an async function is asked whether it is a promise.
      if (typeof name === 'symbol' || name === 'then') return undefined;
      return (...args: unknown[]) => call(name as keyof EngineApi, args);
    },
  });
}

/** The page's end of one job of an experiment. */
export interface JobClient<T extends JobTypes> {
  /** Rejects as `EngineApi.job` does. */
  start(wish: T['wish']): Promise<T['reply']>;
  stop(): void;
  tell<K extends keyof T['messages'] & string>(
    what: K,
    ...args: Parameters<T['messages'][K]>
  ): Promise<Awaited<ReturnType<T['messages'][K]>>>;
  /** Returns the function that stops listening. */
  on(listener: (event: T['event']) => void): () => void;
}

export function jobOf<T extends JobTypes>(engine: EngineClient, experiment: string, name: string): JobClient<T> {
  return {
    start: (wish) => engine.job(experiment, name, wish),
    stop: () => void engine.tellJob(experiment, name, 'stop'),
    tell: (what, ...args) => engine.tellJob(experiment, name, what, args) as Promise<never>,
    on: (listener) =>
      engine.on('job', (of) => {
        if (of.experiment === experiment && of.name === name) listener(of.event);
      }),
  };
}
