/** What the pictures of this experiment take. Arrays are row-major and may be typed or plain; NaN is "no value": no colour, an empty cell. */
import type { ColourScale } from '../../../../ui/charts/colour-scale.ts';
import type { FigureWords, Reading } from '../../../../ui/charts/figure/words.ts';

export type { ColourScale, FigureWords, Reading };

type Values = ArrayLike<number>;

/** Both together or neither: what is chosen is kept by the picture itself unless the view does. */
interface Chosen<T> {
  readonly chosen?: T;
  readonly onChoose?: (chosen: T) => void;
}

/** A signed or plain number for each token of a text. */
export interface TokenQuantity {
  readonly id: string;
  /** "integrated gradients", "e·∂f/∂e". */
  readonly label: string;
  /** [tokens] */
  readonly values: Values;
  /** [tokens], one standard error each. */
  readonly errors?: Values;
  readonly scale: ColourScale;
  /** "logit", "nats". */
  readonly unit?: string;
  /** Σ a − (f(e) − f(b)) and its share of |f(e) − f(b)|, red above 1 %. */
  readonly completeness?: { readonly delta: number; readonly share: number };
}

/** One text, its tokens in the colour of their value. More than one quantity: a switch between them. */
export interface TokenStripProps extends FigureWords, Chosen<number> {
  readonly tokens: readonly string[];
  readonly quantities: readonly TokenQuantity[];
  /** The position p whose logit is attributed; marked. */
  readonly target?: number;
}

/** A number for each layer and token. */
export interface MapQuantity {
  readonly id: string;
  /** "layer IG", "conductance", "log p of the next token", "rank", "causal trace", "patching". */
  readonly label: string;
  /** From the first layer on, drawn from the bottom up. */
  readonly layers: readonly string[];
  /** [layers][tokens] */
  readonly values: Values;
  /** [layers][tokens], one standard error each. */
  readonly errors?: Values;
  readonly scale: ColourScale;
  readonly unit?: string;
  /** A sentence below the picture while this quantity is shown: its definition, what it sums to. */
  readonly note?: string;
  /** Words of a cell instead of its number, e.g. of a rank. */
  readonly words?: (value: number) => string;
}

/** Layers × tokens; several quantities on the same axes by a switch. */
export interface LayerTokenMapProps extends FigureWords, Chosen<{ readonly layer: number; readonly token: number }> {
  readonly tokens: readonly string[];
  readonly quantities: readonly MapQuantity[];
  /** Which quantity is shown; the first, then kept by the picture, unless given with `onQuantity`. */
  readonly quantity?: string;
  readonly onQuantity?: (id: string) => void;
}

/** A number for each head. */
export interface HeadScore {
  readonly id: string;
  /** "induction", "previous token", "entropy / log(t + 1)", "ΔL of ablation". */
  readonly label: string;
  /** [layers][heads] */
  readonly values: Values;
  /** [layers][heads], one standard error each. */
  readonly errors?: Values;
  /** [layers][heads], the same where nothing should be found. */
  readonly nulls?: Values;
  readonly scale: ColourScale;
  readonly note?: string;
}

export interface HeadName {
  readonly layer: number;
  readonly head: number;
}

/** Layers × heads: one score a head, or its small pattern; below, heads in order of the score. */
export interface HeadGridProps extends FigureWords, Chosen<HeadName> {
  readonly layers: number;
  readonly heads: number;
  readonly scores: readonly HeadScore[];
  /** Patterns of one text, [layers][heads][tokens][tokens]; what the causal mask forbids is not drawn. */
  readonly patterns?: { readonly tokens: readonly string[]; readonly values: Values };
}

/** How much each query (row) attends to each key (column). Choosing a query colours its keys in the text. */
export interface AttentionPatternProps extends FigureWords {
  readonly tokens: readonly string[];
  /** [tokens][tokens], rows sum to 1; keys after the query are not drawn. */
  readonly values: Values;
}

/** An eigenvalue or Ritz value. */
export interface Eigenvalue {
  readonly value: number;
  /** |θ − λ| of the nearest eigenvalue is at most this. */
  readonly bound: number;
  /** Its share of the density, s_1j². */
  readonly weight?: number;
}

/** Eigenvalue density, logarithmic, with its band and the Ritz values as ticks. */
export interface SpectrumProps extends FigureWords {
  /** Where the density is given, ascending. */
  readonly grid: Values;
  /** [grid], mean over probes; integrates to 1. */
  readonly density: Values;
  /** [grid], standard deviation between probes. */
  readonly sd?: Values;
  readonly probes: number;
  /** Width of the Gaussians, in units of the eigenvalue. */
  readonly sigma: number;
  /** [grid], where all eigenvalues are known. */
  readonly exact?: Values;
  readonly ritz?: readonly Eigenvalue[];
  /** Descending, as they are listed. */
  readonly top: readonly Eigenvalue[];
  /** Ascending; empty for what is positive semi-definite. */
  readonly bottom: readonly Eigenvalue[];
  /** Share of eigenvalues below −3σ. */
  readonly negative?: Reading;
  /** "Hessian", "GGN", "Fisher". */
  readonly of: string;
}

export interface PathPoint {
  /** "step 400", "checkpoint 3". */
  readonly label: string;
  /** Its projection on the plane. */
  readonly alpha: number;
  readonly beta: number;
  /** Of the point itself, which is not the surface's. */
  readonly loss: number;
}

/** Loss over a plane of parameters: contours or a surface that can be turned, of the same numbers. */
export interface LandscapeProps extends FigureWords {
  /** Ascending. */
  readonly alpha: Values;
  readonly beta: Values;
  /** [alpha][beta] */
  readonly loss: Values;
  /** [alpha][beta], standard error of the difference to the centre. */
  readonly errors?: Values;
  /** "Gaussian, filter-normalised", "first principal component". */
  readonly directions?: readonly [alpha: string, beta: string];
  readonly path?: readonly PathPoint[];
  /** Of the path's variance, in the plane; 0 … 1. */
  readonly varianceInPlane?: number;
  /** Contours and heights by log L from the start. */
  readonly log?: boolean;
}

/** Neighbouring rows or columns that belong together, `from` … `to` both included. */
export interface LabelGroup {
  readonly label: string;
  readonly from: number;
  readonly to: number;
}

/** A square or rectangular matrix of similarities. */
export interface MatrixProps extends FigureWords {
  readonly rows: readonly string[];
  /** The rows' unless given. */
  readonly columns?: readonly string[];
  /** [rows][columns] */
  readonly values: Values;
  /** [rows][columns], one standard error each. */
  readonly errors?: Values;
  readonly scale: ColourScale;
  /** What a cell is, "debiased CKA", "cos(g_a, g_b)". */
  readonly quantity: string;
  readonly rowGroups?: readonly LabelGroup[];
  /** The rows' where the matrix is square, unless given. */
  readonly columnGroups?: readonly LabelGroup[];
  /** How many rows of data a cell is made of, with its word: { count: 55, word: "tokens" }. */
  readonly n?: { readonly count: number; readonly word: string };
  /** What chance gives: a matrix drawn beside, or a sentence: "one side permuted, 200 times: 0.00 ± 0.02". */
  readonly null?: { readonly words: string; readonly values?: Values };
}

/** Sensitivity of each position t (row) to the embedding of each s (column): ‖J_ts‖_F. */
export interface JacobianMapProps extends FigureWords {
  readonly tokens: readonly string[];
  /** [tokens][tokens], 0 for s > t. */
  readonly values: Values;
  readonly errors?: Values;
  /** Colours by logarithm from the start. */
  readonly log?: boolean;
}

export interface BarSeries {
  readonly label: string;
  /** [names] */
  readonly values: Values;
  /** [names], one standard error each. */
  readonly errors?: Values;
}

/** Horizontal bars by tensor or layer, with error bars. */
export interface BarsByTensorProps extends FigureWords {
  readonly names: readonly string[];
  readonly series: readonly BarSeries[];
  /** Of the axis, with its unit: "‖∇L‖ (nats)". */
  readonly axis: string;
  /** A logarithmic axis from the start; the reader may switch. Only where all values are > 0. */
  readonly log?: boolean;
  /** Upright lines: thresholds. */
  readonly marks?: readonly { readonly label: string; readonly value: number }[];
}

export interface BandLine {
  readonly label: string;
  /** [x] */
  readonly values: Values;
  /** [x], half the width of the band. */
  readonly errors?: Values;
  readonly dashed?: boolean;
}

/** Lines over a shared x with a band each: deletion curves, means by position, a trajectory. */
export interface LineWithBandProps extends FigureWords {
  /** Ascending. */
  readonly x: Values;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly lines: readonly BandLine[];
  readonly xLog?: boolean;
  readonly yLog?: boolean;
  /** What the bands are: "± 1 sd of 20 random orders". */
  readonly band?: string;
}

/** A number of ours beside the one that the usual formula gives. */
export interface TwoValuesProps {
  /** "Fisher trace", "rollout of token 0". */
  readonly name: string;
  readonly ours: TwoValue;
  readonly theirs: TwoValue;
  /** One sentence: why theirs does not measure what it says. */
  readonly why: string;
  /** Who computes it so. */
  readonly source: string;
}

export interface TwoValue {
  /** One value, or several in order, e.g. eigenvalues. */
  readonly values: readonly number[];
  readonly error?: number;
  readonly formula: string;
  readonly unit?: string;
}
