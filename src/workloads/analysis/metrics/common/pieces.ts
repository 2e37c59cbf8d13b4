/** Goes through a metric's work in a fixed order, some rows at a time. What it has summed can be saved after any piece and gone on from. */
import type { JsonValue } from '../../../../bundle/json.ts';
import type { MetricProgress } from '../metric.ts';

/** How much of a kind of work there is: all of it follows from the setting. */
export interface Count {
  readonly units: number;
  /** Of one unit, in units of `Metric.work`. */
  readonly work: number;
}

export interface Phase extends Count {
  /**
   * Does units from `from` on, at most `most` (as many as there may be rows in flight), and says how many. It changes the state only behind its last
   * await, so that what is saved always belongs to whole pieces.
   */
  piece(from: number, most: number): Promise<number>;
  /** What it gives is not kept in the state: after an interruption it begins again. */
  readonly transient?: boolean;
}

/** @param counts by the name of their phase */
export const workOf = (counts: Readonly<Record<string, Count>>): number =>
  Object.values(counts).reduce((sum, { units, work }) => sum + units * work, 0);

/** Where each of several runs of places begins, and where the last ends. */
export function startsOf(lengths: readonly number[]): number[] {
  const starts = [0];
  for (const [i, length] of lengths.entries()) starts.push(starts[i] + length);
  return starts;
}

/** Named numbers that a metric sums into, all 0 at first. */
export class State {
  readonly #arrays = new Map<string, Float64Array<ArrayBuffer>>();

  /** The array of that name; made at its first use. */
  of(name: string, length: number): Float64Array<ArrayBuffer> {
    const found = this.#arrays.get(name);
    if (found?.length === length) return found;
    if (found) throw new RangeError(`${name} was saved with ${found.length} numbers, and ${length} are expected`);
    const made = new Float64Array(length);
    this.#arrays.set(name, made);
    return made;
  }

  save(): { readonly [name: string]: string } {
    return Object.fromEntries([...this.#arrays].map(([name, array]) => [name, textOf(array)]));
  }

  /** @throws RangeError for what `save` did not give */
  restore(saved: JsonValue | undefined): void {
    for (const [name, text] of Object.entries(requireObject(saved))) {
      const numbers = numbersOf(text);
      const own = this.#arrays.get(name);
      if (own) own.set(numbers);
      else this.#arrays.set(name, numbers);
    }
  }
}

/** Yields after every piece. @param saved what an earlier call's progress said; state and place are taken from it */
export async function* walk(
  phases: readonly Phase[],
  state: State,
  rows: number,
  saved: JsonValue | undefined,
): AsyncGenerator<MetricProgress, void> {
  let [phase, unit] = [0, 0];
  if (saved !== undefined) {
    const { phase: at, unit: from, state: numbers } = requireObject(saved);
    if (typeof at !== 'number' || typeof from !== 'number') throw new RangeError('saved work does not say where it is');
    state.restore(numbers);
    [phase, unit] = [at, phases[at]?.transient ? 0 : from];
  }
  let done = workOf(Object.fromEntries(phases.slice(0, phase).map((own, i) => [i, own])));
  for (; phase < phases.length; phase++, unit = 0) {
    const { units, work } = phases[phase];
    while (unit < units) {
      unit += await phases[phase].piece(unit, Math.min(rows, units - unit));
      const place = { phase, unit };
      yield { done: done + unit * work, saved: async () => ({ ...place, state: state.save() }) };
    }
    done += units * work;
  }
}

function requireObject(saved: JsonValue | undefined): { readonly [key: string]: JsonValue | undefined } {
  if (typeof saved !== 'object' || saved === null || Array.isArray(saved))
    throw new RangeError('saved work is no object');
  return saved as { readonly [key: string]: JsonValue | undefined };
}

/** Bytes in base64: JSON's numbers lose the sign of −0 and know no NaN. */
function textOf(array: Float64Array<ArrayBuffer>): string {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  let text = '';
  for (let at = 0; at < bytes.length; at += ARGUMENTS)
    text += String.fromCharCode(...bytes.subarray(at, at + ARGUMENTS));
  return btoa(text);
}

/** Arguments that every engine takes in one call. */
const ARGUMENTS = 8192;

function numbersOf(text: JsonValue | undefined): Float64Array<ArrayBuffer> {
  if (typeof text !== 'string') throw new RangeError('saved numbers are no text');
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Float64Array(bytes.buffer);
}
