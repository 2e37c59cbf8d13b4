/**
 * The contract of a metric. A metric is one item and one stage of a run; it is written once over a `Machine` and so runs in f64 on the CPU and
 * in f32 on a device. Nothing it gives depends on how many rows are in flight (`MetricSetting.rows`).
 */
import type { SizeKey } from '../../../batch/sizes.ts';
import type { JsonValue } from '../../../bundle/json.ts';
import type { Graph } from '../../../nn/graph/graph.ts';
import type { Machine, MachineOptions } from '../../../nn/graph/machine.ts';
import type { ArrayLayout, ItemArray } from '../../../results/arrays.ts';
import type { Attributes } from '../../../results/attributed.ts';

export const FAMILIES = [
  'attention',
  'integrated-gradients',
  'layer-attribution',
  'jacobian',
  'gradients',
  'trajectory',
  'pathology',
  'conflict',
  'fisher',
  'ggn',
  'hessian',
  'sharpness',
  'landscape',
  'representations',
  'causal',
  'lens',
] as const;
export type MetricFamily = (typeof FAMILIES)[number];

/** A text, or an observation. */
export interface AnalysedItem {
  readonly name: string;
  /** Of a network that takes ids. */
  readonly ids?: readonly number[];
  /** What the ids stand for, one a token. */
  readonly words?: readonly string[];
  /** Of a network that takes numbers. */
  readonly numbers?: readonly number[];
  readonly targets?: readonly number[];
  /** Name of the group it belongs to, where items are in groups (at most two groups are compared). */
  readonly group?: string;
  /** Ids of equal length to patch from. */
  readonly counterfactual?: readonly number[];
}

/** θ at one time of a training. */
export interface PathPoint {
  readonly name: string;
  readonly theta: Float32Array;
}

/** What an attribution explains: output `index` (a logit, a unit of the output) at `position` of an item. */
export interface Target {
  readonly position: number;
  readonly index: number;
  readonly kind: 'logit' | 'log-probability';
}

/** Sizes that change what is estimated, by their entry in the batch table without `analysis.`. */
export interface StatisticalSizes {
  /** Texts BOS r r that induction is measured on. */
  readonly inductionTexts: number;
  /** Nodes of the path's rule. */
  readonly pathSteps: number;
  /** Trapezoids of conductance. */
  readonly conductanceSteps: number;
  /** Random orders that a deletion curve is held against. */
  readonly deletionOrders: number;
  readonly jacobianProbes: number;
  readonly singularSteps: number;
  readonly fisherDraws: number;
  readonly eigenvalues: number;
  readonly lanczosSteps: number;
  /** The same for one tensor's block. */
  readonly blockSteps: number;
  readonly traceProbes: number;
  /** Points along each axis, odd. */
  readonly landscapeGrid: number;
  readonly traceDraws: number;
  readonly permutations: number;
  readonly resamples: number;
}

/** Everything a metric is told. */
export interface MetricSetting {
  readonly graph: Graph;
  /** θ of the model, as its file has it. */
  readonly theta: Float32Array;
  /** The first N items, N the metric's own entry. */
  readonly items: readonly AnalysedItem[];
  /** Rows in flight at most: the metric's chunk. */
  readonly rows: number;
  readonly sizes: StatisticalSizes;
  readonly seed: number;
  readonly rule: 'gauss' | 'midpoint';
  readonly baseline: 'zero' | 'pad' | 'mean';
  /** Id of the pad baseline. */
  readonly padId: number;
  /** Begins texts made by a metric (BOS r r); none where the tokenizer has none. */
  readonly bosId?: number;
  /** What is explained; the last position with a next token and that token unless given. */
  readonly target: { readonly position?: number; readonly index?: number; readonly kind: Target['kind'] };
  /** Of the landscape: [−span, span] along each axis. */
  readonly span: number;
  readonly plane: 'random' | 'checkpoints' | 'path' | 'eigenvectors';
  /** ρ of sharpness. */
  readonly rho: number;
  /** Noise of causal tracing, in standard deviations of the embedding. */
  readonly noise: number;
  /** Positions whose embeddings causal tracing corrupts, of every item; those of the first half's content unless given. */
  readonly corrupt?: readonly number[];
  /** Checkpoints of a training, the last of them θ; none where there is no path. */
  readonly path: readonly PathPoint[];
  /** Another model of equal graph, or of equal items, to compare representations with. */
  readonly other?: { readonly graph: Graph; readonly theta: Float32Array };
  /** The origin's formula is computed beside ours where it has one. */
  readonly origin: boolean;
}

/** One number of a metric, as tables and the page show it. */
export interface Headline {
  /** Unique in its metric, e.g. `traceHessian`. */
  readonly key: string;
  /** What it is, e.g. "trace of the Hessian". */
  readonly name: string;
  readonly value: number;
  /** Standard error, and what it is of ("sd over 8 probes / √8", "jackknife over 6 items"). */
  readonly error?: { readonly value: number; readonly of: string };
  readonly unit?: string;
  /** What it is held against: a null, a shuffle, another initialisation. */
  readonly control?: { readonly name: string; readonly value: number };
}

/** The origin's number beside ours. */
export interface TheirsBesideOurs {
  readonly name: string;
  readonly ours: number;
  readonly theirs: number;
  /** Why theirs is wrong, one or two sentences. */
  readonly why: string;
}

export interface MetricOutcome {
  /** As `layout` declares them, in its order. */
  readonly arrays: readonly ItemArray[];
  readonly headlines: readonly Headline[];
  readonly beside: readonly TheirsBesideOurs[];
  /** What must be known of it: an unresolved noise scale, a path that does not converge. */
  readonly notes: readonly string[];
  /** Further texts and numbers. */
  readonly attributes?: Attributes;
}

export interface MetricProgress {
  /** Units of `Metric.work` done. */
  readonly done: number;
  /** What would let it go on from here (`MetricTask.saved`); absent where it cannot say. */
  readonly saved?: () => Promise<JsonValue>;
}

export interface MetricTask {
  readonly setting: MetricSetting;
  readonly machine: Machine;
  /** Of an earlier, interrupted call with the same setting but for `rows`: it goes on to an equal outcome. */
  readonly saved?: JsonValue;
}

export interface Metric {
  /** As `--metrics` names it. */
  readonly id: string;
  readonly family: MetricFamily;
  readonly title: string;
  /** What it is, in a sentence or two, with the formula in plain text and its source. */
  readonly definition: string;
  /** The chunk that is halved on out-of-memory. */
  readonly chunk: SizeKey;
  /** Its N. */
  readonly items: SizeKey;
  /** Which statistical sizes to lower where even one row does not fit, and what that does to the error: the end of "Choose …". */
  readonly lighter: string;
  /** What it takes that this model or these items do not have, as a sentence; undefined where it can run. */
  objection(setting: MetricSetting): string | undefined;
  /** What it opens. Its plan is the metric's memory. */
  machine(setting: MetricSetting): MachineOptions;
  /** Every array of its outcome, shapes exact. */
  layout(setting: MetricSetting): readonly ArrayLayout[];
  /** Forward passes of one row that it comes to, about: a backward counts 2, a product with curvature 9. */
  work(setting: MetricSetting): number;
  /** Yields between pieces of work of a few rows each. Does not close the machine. */
  run(task: MetricTask): AsyncGenerator<MetricProgress, MetricOutcome>;
}
