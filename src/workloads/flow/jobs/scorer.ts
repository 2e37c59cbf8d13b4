/** The engine's end of the scoring worker: one question under way, and rests between them. */
import type { ScoreReply, ScoreRequest } from './score.ts';

/** The little of `Worker` that is needed, so that tests can pass something else. */
export interface ScorePort {
  postMessage(request: ScoreRequest): void;
  onmessage: ((event: MessageEvent<ScoreReply>) => unknown) | null;
  onerror?: ((event: ErrorEvent) => unknown) | null;
  terminate?(): void;
}

/** Starts the worker; undefined where a worker cannot start another. */
export function startScoreWorker(): ScorePort | undefined {
  if (typeof Worker === 'undefined') return undefined;
  return new Worker(new URL('./score.worker.ts', import.meta.url), { type: 'module', name: 'lockstep-score' });
}

/** After an answer it rests this many times as long as it took, and this long at least, so that training keeps its processor. */
const REST = 4;
const LEAST_REST_MS = 15_000;

export class Scorer {
  readonly #port: ScorePort | undefined;
  #busy = false;
  #restUntil = 0;
  #failed = false;

  constructor(port: ScorePort | undefined = startScoreWorker(), leastRestMs = LEAST_REST_MS) {
    this.#port = port;
    this.#leastRestMs = leastRestMs;
  }

  readonly #leastRestMs: number;

  /** Whether a question would be taken now. */
  get free(): boolean {
    return this.#port !== undefined && !this.#failed && !this.#busy && performance.now() >= this.#restUntil;
  }

  /** The answer; undefined where the worker is gone. */
  ask(request: ScoreRequest): Promise<ScoreReply | undefined> {
    const port = this.#port;
    if (!port || !this.free) return Promise.resolve(undefined);
    this.#busy = true;
    return new Promise((resolve) => {
      port.onmessage = ({ data }) => {
        this.#busy = false;
        const took = data.type === 'score' ? data.ms : 0;
        this.#restUntil = performance.now() + Math.max(this.#leastRestMs, REST * took);
        resolve(data);
      };
      port.onerror = () => {
        this.#failed = true;
        resolve(undefined);
      };
      port.postMessage(request);
    });
  }

  close(): void {
    this.#failed = true;
    this.#port?.terminate?.();
  }
}
