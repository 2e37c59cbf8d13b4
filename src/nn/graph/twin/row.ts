/** One row in f64: its values, what reaches them from behind, and how both change along a direction. */
import type { Graph } from '../graph.ts';

/** Numbers by the name of a value; what was never written holds 0. */
export class Numbers {
  readonly #arrays = new Map<string, Float64Array>();
  readonly #size: (name: string) => number;

  constructor(size: (name: string) => number) {
    this.#size = size;
  }

  of(name: string): Float64Array {
    let array = this.#arrays.get(name);
    if (!array) {
      array = new Float64Array(this.#size(name));
      this.#arrays.set(name, array);
    }
    return array;
  }

  set(name: string, array: Float64Array): void {
    this.#arrays.set(name, array);
  }

  has(name: string): boolean {
    return this.#arrays.has(name);
  }

  clear(): void {
    this.#arrays.clear();
  }
}

export class Row {
  readonly graph: Graph;
  readonly length: number;
  readonly ids: Int32Array;
  readonly targets: Float64Array;
  /** [position × width]; patterns [head][query][key]. */
  readonly values: Numbers;
  readonly tangents: Numbers;
  readonly adjoints: Numbers;
  /** R{adjoint}. */
  readonly turns: Numbers;
  /** Operations that ran: those before were left out. */
  readonly first: number;

  constructor(graph: Graph, length: number, first: number, ids: ArrayLike<number>, targets: ArrayLike<number>) {
    this.graph = graph;
    this.length = length;
    this.first = first;
    this.ids = Int32Array.from(ids);
    this.targets = Float64Array.from(targets);
    const size = (name: string) => length * (graph.widths[name] ?? graph.heads * length);
    this.values = new Numbers(size);
    this.tangents = new Numbers(size);
    this.adjoints = new Numbers(size);
    this.turns = new Numbers(size);
  }

  width(value: string): number {
    return this.graph.widths[value];
  }
}

/** θ, a direction of it, and where gradients by it go. */
export interface Parameters {
  readonly theta: Float64Array;
  readonly direction?: Float64Array;
  readonly gradient?: Float64Array;
}
