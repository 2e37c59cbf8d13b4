/** Products of a Jacobian with vectors from the left: rows of a network that begin at the embeddings, seeded at one position of one value. */
import type { Machine, Reals } from '../../../../nn/graph/machine.ts';
import { beginAt, takesIds } from './items.ts';

/** One product: v at a position of one item. */
export interface JacobianRow {
  readonly item: number;
  readonly position: number;
  readonly vector: ArrayLike<number>;
}

/** What an item begins with. */
export interface Beginning {
  readonly ids: readonly number[];
  /** [position × width] */
  readonly numbers: Float64Array;
}

/** Passes items forward once for all products that are asked of the same ones in turn. */
export class JacobianRows {
  readonly #machine: Machine;
  readonly #beginning: (item: number) => Beginning;
  #flying = '';

  constructor(machine: Machine, beginning: (item: number) => Beginning) {
    this.#machine = machine;
    this.#beginning = beginning;
  }

  async forward(items: readonly number[], parameters = 'theta'): Promise<void> {
    const key = `${parameters} ${items.join(' ')}`;
    if (key === this.#flying) return;
    const { graph } = this.#machine;
    const rows = items.map(this.#beginning);
    await this.#machine.forward({
      ...(takesIds(graph) && { ids: rows.map(({ ids }) => ids) }),
      ...beginAt(
        graph,
        graph.embedded,
        rows.map(({ numbers }) => numbers),
      ),
      parameters,
    });
    this.#flying = key;
  }

  /** vᵀJ of every row, [row][position × width of the embeddings]. */
  async products(value: string, rows: readonly JacobianRow[], parameters?: string): Promise<readonly Reals[]> {
    const { graph } = this.#machine;
    const items = rows.map(({ item }) => item);
    await this.forward(items, parameters);
    const numbers = rows.map(({ item, position, vector }) => {
      const own = new Float64Array((this.#beginning(item).ids.length || 1) * graph.widths[value]);
      own.set(Float64Array.from(vector), position * graph.widths[value]);
      return own;
    });
    await this.#machine.backward({ seed: { kind: 'value', value, numbers }, until: graph.embedded });
    return this.#machine.read('adjoint', graph.embedded);
  }

  /** J u of the rows in flight at their positions. @param directions [row][position × width of the embeddings] */
  async along(
    value: string,
    directions: readonly ArrayLike<number>[],
    positions: readonly number[],
  ): Promise<readonly Reals[]> {
    await this.#machine.tangent({ start: directions });
    const width = this.#machine.graph.widths[value];
    const tangents = await this.#machine.read('tangent', value);
    return tangents.map((own, r) => own.subarray(positions[r] * width, (positions[r] + 1) * width));
  }
}

/** Vectors that a position is multiplied with: every unit where there are few, else Rademacher's. */
export interface Probes {
  readonly count: number;
  /** All units: the sum over vectors is exact; else their mean is unbiased. */
  readonly exact: boolean;
}

export const probesOf = (width: number, probes: number): Probes =>
  width <= probes ? { count: width, exact: true } : { count: probes, exact: false };

/** ‖·‖² by position. */
export function squaresByPosition(row: ArrayLike<number>, width: number): Float64Array {
  const out = new Float64Array(row.length / width);
  for (let i = 0; i < row.length; i++) out[Math.floor(i / width)] += row[i] ** 2;
  return out;
}

/** Sums over products of one stage. */
export interface StageSums {
  /** [shown][t][s] of squares, and of their squares. */
  readonly squares: Float64Array;
  readonly fourths: Float64Array;
  /** [item][t] of ‖vᵀJ_t‖², and of its square. */
  readonly totals: Float64Array;
  readonly totalsSquared: Float64Array;
  /** [item] share of ‖vᵀJ_p‖² on p itself, before it is divided. */
  readonly own: Float64Array;
}
