/**
 * What computes a graph: in f64 on the CPU (`twin/`), in f32 on a device (`device/`). Both fulfil this contract, so a metric is written once.
 *
 * Rows in flight never influence each other: what a row gives is the same to the bit whatever else is in flight. Sums over rows (gradients by
 * parameters) go on from what their vector holds, row after row, each row's own part summed first: any split into calls gives equal bits.
 * Positions beyond a row's length are never read and hold 0 in what is read back.
 */
import type { BufferPlan } from '../../gpu/plan.ts';
import type { Graph } from './graph.ts';

export type Reals = Float64Array | Float32Array;

export interface MachineOptions {
  readonly graph: Graph;
  /** Rows in flight at most. */
  readonly rows: number;
  /** Positions of a row at most. */
  readonly length: number;
  /** Vectors of θ's size beside `theta`, by name; each is 4 B × θ on a device. They hold 0 at first. */
  readonly vectors: readonly string[];
  /** `backward` is called. */
  readonly backward: boolean;
  /** Gradients by parameters are asked for (`BackwardOptions.into`). */
  readonly parameterGradients: boolean;
  /** `tangent` and `tangentBackward` are called. */
  readonly tangents: boolean;
  /** Values whose adjoint is read (`read('adjoint', …)`). */
  readonly adjoints: readonly string[];
}

/** Numbers in the place of what a value has, from column `from` on at one position of one row. */
export interface Patch {
  readonly row: number;
  readonly value: string;
  readonly position: number;
  readonly from: number;
  readonly numbers: ArrayLike<number>;
}

export interface RowBatch {
  /** Ids of every row, as many as it is long; of a network that takes ids. */
  readonly ids?: readonly ArrayLike<number>[];
  /** Of a network that takes numbers: [row][width]. */
  readonly numbers?: readonly ArrayLike<number>[];
  /** Of a squared error: [row][outputs]. */
  readonly targets?: readonly ArrayLike<number>[];
  /** Rows begin at this value, whose numbers are given [row][position × width] (each as long as its row); operations before it are left out. */
  readonly start?: { readonly value: string; readonly numbers: readonly ArrayLike<number>[] };
  /** Applied as soon as their value is there. Patches of one call differ in length and place; all are uploaded together. */
  readonly patches?: readonly Patch[];
  /** Vector that takes θ's place. */
  readonly parameters?: string;
}

/** Where a backward pass begins. ω: one weight a position of every row, [row][length of the row]; of a squared error one a row. */
export type Seed =
  /** z̄ = ω (p − y); of a squared error z̄ = 2 ω (y − target). */
  | { readonly kind: 'loss'; readonly weights: readonly ArrayLike<number>[] }
  /** The same with these labels in the next tokens' place: [row][length]. */
  | {
      readonly kind: 'labels';
      readonly labels: readonly ArrayLike<number>[];
      readonly weights: readonly ArrayLike<number>[];
    }
  /** z̄ = weight at one output of a position: of a logit's or an output's attribution. Several of a row add up. */
  | {
      readonly kind: 'outputs';
      readonly picks: readonly {
        readonly row: number;
        readonly position: number;
        readonly index: number;
        readonly weight: number;
      }[];
    }
  /** z̄ = weight · √p_c (e_c − p): summed over classes, the squares of what comes of it are the true Fisher's. */
  | {
      readonly kind: 'class';
      readonly picks: readonly {
        readonly row: number;
        readonly position: number;
        readonly index: number;
        readonly weight: number;
      }[];
    }
  /** Adjoint of any value, [row][position × width]. */
  | { readonly kind: 'value'; readonly value: string; readonly numbers: readonly ArrayLike<number>[] }
  /** After `tangent`: z̄ = ω (p∘ż − p⟨p, ż⟩); of a squared error 2 ω ẏ. */
  | { readonly kind: 'gauss-newton'; readonly weights: readonly ArrayLike<number>[] }
  /** After `tangent`: z̄ = ω (p − y) ⟨p − y, ż⟩, of the empirical Fisher by token. (A position's own ż alone.) */
  | { readonly kind: 'empirical-fisher'; readonly weights: readonly ArrayLike<number>[] };

export interface BackwardOptions {
  readonly seed: Seed;
  /** Vector that gradients by parameters are added to, row after row. */
  readonly into?: string;
  /** Adds the squares of every row's own gradient instead. */
  readonly square?: boolean;
  /** Goes back to this value and no further; to the beginning unless given. With `into`, gradients of operations behind it alone. */
  readonly until?: string;
}

/** θ̇ from a vector, ẋ at the value where rows begin ([row][position × width]), or both; what is not given is 0. */
export interface Direction {
  readonly parameters?: string;
  readonly start?: readonly ArrayLike<number>[];
}

/** Of one attention: means over queries t ≥ 1 of a row. In this order in `headStatistics`. */
export const HEAD_STATISTICS = [
  /** −Σ a log a, nats. */
  'entropy',
  /** Entropy over log(t + 1): choices of a causal row. */
  'relativeEntropy',
  /** Σ a (query − key). */
  'distance',
  /** Share of key 0. */
  'first',
  /** Share of key t − 1. */
  'previous',
  /** Share on earlier keys with the query's own id. */
  'duplicate',
  /** Share on keys whose predecessor has the query's id: induction on any text (TransformerLens). */
  'induction',
] as const;
export type HeadStatistic = (typeof HEAD_STATISTICS)[number];

/** Of a value read through the last norm and the unembedding, at a position with a next token. In this order in `lens`. */
export const LENS_STATISTICS = [
  /** Of the next token: 1 + logits that are greater. */
  'rank',
  /** Of the next token, nats. */
  'logProbability',
  'entropy',
  /** KL(model ‖ lens) = Σ p_model log(p_model / p_lens), nats. */
  'divergence',
] as const;

/** Sums over all valid positions of rows in flight, added to what `name` holds: what CKA and ranks need. x̃ = x − its given mean. */
export interface MomentsRequest {
  readonly name: string;
  readonly x: string;
  readonly y: string;
  readonly xMean: ArrayLike<number>;
  readonly yMean: ArrayLike<number>;
}
export interface Moments {
  readonly count: number;
  /** Σ x̃ ỹᵀ, [width x][width y]. */
  readonly products: Reals;
  /** Σ x̃ and Σ ỹ. */
  readonly x: Reals;
  readonly y: Reals;
  /** Σ x̃ ‖ỹ‖², Σ ‖x̃‖² ỹ. */
  readonly xByNorm: Reals;
  readonly yByNorm: Reals;
  /** Σ ‖x̃‖², Σ ‖ỹ‖², Σ ‖x̃‖²‖ỹ‖². */
  readonly xNorm: number;
  readonly yNorm: number;
  readonly norms: number;
}

export interface Machine {
  readonly graph: Graph;
  readonly arithmetic: 'f32' | 'f64';
  readonly options: MachineOptions;

  // ── Rows ───────────────────────────────────────────────────────────
  /** Computes all values of these rows, at most `options.rows`. */
  forward(batch: RowBatch): Promise<void>;
  /** Goes back through the rows of the last `forward`. */
  backward(options: BackwardOptions): Promise<void>;
  /** Derivative of every value along a direction (R-forward, Pearlmutter 1994). */
  tangent(direction: Direction): Promise<void>;
  /** Derivative of what `backward` with this seed gives, along the last direction (R-backward): into += H·direction. After `tangent`. `loss`, `labels`, `outputs`. */
  tangentBackward(options: BackwardOptions): Promise<void>;
  /** [row][position × width], each as long as its row. Adjoints: of values in `options.adjoints`, the start and `until`. */
  read(what: 'value' | 'adjoint' | 'tangent', value: string): Promise<readonly Reals[]>;
  /** [row][position]: −log p(next), 0 where there is none; of a squared error [row][1]: mean over outputs of (y − target)². */
  losses(): Promise<readonly Reals[]>;
  /** [row][head][query × key], each as long as its row. */
  patterns(block: number): Promise<readonly Reals[]>;
  /** [row][head × HEAD_STATISTICS.length]; 0 for rows of one position. */
  headStatistics(block: number): Promise<readonly Reals[]>;
  /** [row][position × LENS_STATISTICS.length], 0 where there is no next token. */
  lens(value: string): Promise<readonly Reals[]>;
  /** Adds the moments of rows in flight. @param request `name` begins at 0 at its first use and after `takeMoments` */
  addMoments(request: MomentsRequest): Promise<void>;
  takeMoments(name: string): Promise<Moments>;

  // ── Vectors of θ's size: `theta` and `options.vectors` ─────────────
  write(vector: string, numbers: ArrayLike<number>): Promise<void>;
  readVector(vector: string): Promise<Reals>;
  /** target ← Σ factor · vector; the target may be among them. */
  combine(target: string, terms: readonly (readonly [factor: number, vector: string])[]): Promise<void>;
  /** By tensor of the graph, in its order: a·b. Fixed order of sums; their sum is a·b. */
  dots(a: string, b: string): Promise<Float64Array>;
  close(): void;
}

/** How machines are made: of the CPU, or of one device. */
export interface Machines {
  readonly arithmetic: 'f32' | 'f64';
  /** @param theta in the graph's order @throws what allocation or compilation throws, `OutOfMemoryError` among it */
  open(options: MachineOptions, theta: ArrayLike<number>): Promise<Machine>;
}

/** Of a device: every buffer of a machine with exact bytes (`device/plan.ts`). */
export type PlanMachine = (options: MachineOptions) => BufferPlan;

/** Dot product over the whole vector. */
export async function dot(machine: Machine, a: string, b: string): Promise<number> {
  return (await machine.dots(a, b)).reduce((sum, part) => sum + part, 0);
}
