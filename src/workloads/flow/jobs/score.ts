/** C2ST of a training's samples in a thread of its own: a classifier takes seconds, and the engine's worker has a device to feed. */

import { c2st } from '../../../stats/two-sample/c2st.ts';
import type { Points } from '../../../stats/two-sample/points.ts';
import { exactDraws } from '../exact-draws.ts';
import { taskOf } from '../tasks/index.ts';

export interface ScoreRequest {
  readonly task: string;
  readonly observation: string;
  /** Its data, where it is none of the task's own; the name must then stand for them. */
  readonly x?: readonly number[];
  /** [samples][dimension]. */
  readonly samples: Float32Array;
  readonly seed: number;
}

export type ScoreReply =
  | { readonly type: 'score'; readonly c2st: number; readonly selfControl: number; readonly ms: number }
  | { readonly type: 'failed'; readonly message: string };

/** Second words of the keys of the two exact draws. */
const REFERENCE = 1;
const CONTROL = 2;

/** The worker's side. Handles one message; never throws. */
export class ScoreHost {
  readonly #post: (reply: ScoreReply) => void;
  /** Exact draws, and their own C2ST, by task, observation, number and seed. */
  readonly #exact = new Map<string, { readonly reference: Points; readonly selfControl: number }>();

  constructor(post: (reply: ScoreReply) => void) {
    this.#post = post;
  }

  receive(request: ScoreRequest): void {
    const begin = performance.now();
    try {
      const { reference, selfControl } = this.#exactOf(request);
      const { accuracy } = c2st(reference, { values: request.samples, dim: reference.dim }, request.seed);
      this.#post({ type: 'score', c2st: accuracy, selfControl, ms: performance.now() - begin });
    } catch (thrown) {
      this.#post({ type: 'failed', message: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  }

  #exactOf({ task: id, observation, x: given, samples, seed }: ScoreRequest) {
    const key = [id, observation, samples.length, seed].join(' ');
    const known = this.#exact.get(key);
    if (known) return known;
    const task = taskOf(id);
    const x = given ?? task?.observations.find((each) => each.id === observation)?.x;
    if (!task || !x) throw new Error(`the task ${id} has no observation ${observation}`);
    const draw = (purpose: number): Points => ({
      values: exactDraws(task, x, samples.length / task.thetaDim, [seed, purpose]),
      dim: task.thetaDim,
    });
    const reference = draw(REFERENCE);
    const made = { reference, selfControl: c2st(reference, draw(CONTROL), seed).accuracy };
    this.#exact.set(key, made);
    return made;
  }
}
