/** What each metric of a set of cells is: formula, source, space. */
import {
  CFGEN_CELLS,
  CLASSIFIER_CELLS,
  CLASSIFIER_COMPONENTS,
  COMPONENTS,
  LOG_CELLS,
  SINKHORN_CELLS,
  TRANSPORT_CELLS,
} from './limits.ts';
import type { MetricWords } from './types.ts';

const BINS = 'tokens (numbers of bins), all genes';
const LOG = 'ln(1 + counts scaled to 10,000 a cell), all genes';
const PCA = `tokens, on at most ${COMPONENTS} principal components of the real cells`;
const LOG_PCA = `ln(1 + counts scaled to 10,000 a cell), on at most ${COMPONENTS} principal components of the real cells`;

const correlationMse =
  'Mean over pairs of different genes of (Pearson r in generated cells − r in real cells)²; r is 0 where a gene does not vary.';
const correlationSlope =
  'Least-squares slope of the Pearson r of gene pairs in generated cells on those in real cells: 0 if genes are independent, 1 if structure is kept. Noise of the real cells pulls it below 1: compare with the floor.';
const sliced =
  'Mean over 1,000 random directions u of √(mean (sorted u·x − sorted u·y)²) (st3, after scLDM); all rows see the same directions.';
const frechet =
  '|μ − μ′|² + Tr(Σ + Σ′ − 2(ΣΣ′)^½) of two Gaussians with the sets’ means and covariances (Dowson & Landau 1982). Grows as cells get fewer.';
const transport = (power: 1 | 2) =>
  `Exact Wasserstein distance (min over pairings of mean |x − y|${power === 2 ? '²)^½' : ')'} of ${TRANSPORT_CELLS} cells a side at most (CFGen). Grows as cells get fewer: even the floor is far from 0.`;

const words = (id: string, title: string, space: string, better: MetricWords['better'], definition: string) =>
  ({ id, title, definition, space, better }) as const satisfies MetricWords;

export const CELL_METRICS = [
  words('corr_mse', 'Gene–gene correlation, error', BINS, 'lower', correlationMse),
  words('corr_slope', 'Gene–gene correlation, slope', BINS, 'one', correlationSlope),
  words('sliced_w2', 'Sliced W2', BINS, 'lower', sliced),
  words(
    'mmd2_st3',
    'MMD², as st3',
    BINS,
    'lower',
    'Unbiased MMD² with exp(−|x − y|²/(2m²)), m the median distance among 100 + 100 random cells of the two sets (st3, which sets values below 0 to 0; here they stay). About 0, on both sides of it, for equal laws.',
  ),
  words(
    'mmd2_scldm',
    'MMD², as scLDM',
    BINS,
    'lower',
    'V-statistic MMD² with exp(−|x − y|²) (scLDM’s code): not 0 for equal laws. So narrow a kernel sees little more than cells that are equal; in many genes all values come to 2/cells.',
  ),
  words(
    'mmd2_cfgen',
    'MMD², as CFGen',
    PCA,
    'lower',
    `V-statistic MMD² with the sum of five Gaussian kernels, σ = 0.01, 0.1, 1, 10, 100 (CFGen), of at most ${CFGEN_CELLS} cells a side: not 0 for equal laws.`,
  ),
  words('frechet', 'Fréchet distance', PCA, 'lower', frechet),
  words('w1_exact', 'W1, exact transport', PCA, 'lower', transport(1)),
  words('w2_exact', 'W2, exact transport', PCA, 'lower', transport(2)),
  words(
    'w2_sinkhorn',
    'W2, Sinkhorn',
    PCA,
    'lower',
    `√⟨P, |x − y|²⟩ of the plan P with an entropy term of 0.05 (scLDM’s code), ${SINKHORN_CELLS} cells a side at most, 500 rounds from the exact prices, marginals then made exact: just above the exact distance of as many cells.`,
  ),
  words(
    'mean_pearson',
    'Mean expression, correlation',
    BINS,
    'one',
    'Pearson r over genes of the mean token in generated and real cells. Blind to how genes go together: independent genes reach 1.',
  ),
  words(
    'mean_mae',
    'Mean expression, error',
    BINS,
    'lower',
    'Mean over genes of |mean token in generated cells − in real cells|.',
  ),
  words(
    'zero_fraction',
    'Share of zeros, difference',
    BINS,
    'zero',
    'Share of tokens that are 0 in generated cells − in real cells.',
  ),
  words(
    'library_ks',
    'Library size',
    'counts of the genes at hand, summed by cell',
    'lower',
    'Kolmogorov–Smirnov statistic of the library sizes of generated and real cells: 0 equal, 1 apart. Parts: their 5, 25, 50, 75 and 95 % quantiles.',
  ),
  words('log_corr_mse', 'Gene–gene correlation, error', LOG, 'lower', correlationMse),
  words('log_corr_slope', 'Gene–gene correlation, slope', LOG, 'one', correlationSlope),
  words(
    'log_mean_pearson',
    'Mean expression, correlation',
    LOG,
    'one',
    'Pearson r over genes of the mean in generated and real cells.',
  ),
  words('log_sliced_w2', 'Sliced W2', LOG, 'lower', `${sliced} At most ${LOG_CELLS} cells a side.`),
  words('log_frechet', 'Fréchet distance', LOG_PCA, 'lower', frechet),
] as const satisfies readonly MetricWords[];

export const CLASSIFIER_METRIC = words(
  'c2st',
  'Classifier two-sample test',
  `tokens, on the first ${CLASSIFIER_COMPONENTS} principal components of the real cells, scaled by their spread`,
  'lower',
  `Accuracy of a network of two hidden layers in telling generated from real cells, 5-fold cross-validation (Lopez-Paz & Oquab 2017, as sbibm): 0.5 cannot tell, 1 always tells. ${CLASSIFIER_CELLS} cells a side at most. Not the random-forest area under the curve that other papers print.`,
);

export type CellMetricId = (typeof CELL_METRICS)[number]['id'];

const HIDDEN = 'tokens at hidden genes alone';

export const IMPUTATION_METRICS = {
  exact: words('impute_exact', 'Imputed exactly', HIDDEN, 'higher', 'Share of hidden tokens that are told rightly.'),
  mae: words('impute_mae', 'Imputed, error in bins', HIDDEN, 'lower', 'Mean |predicted − true| in bins.'),
  within: (k: number) =>
    words(
      `impute_within_${k}`,
      `Imputed within ${k}`,
      HIDDEN,
      'higher',
      `Share of hidden tokens with |predicted − true| ≤ ${k} bins.`,
    ),
} as const;

export const LIKELIHOOD_METRIC = words(
  'nll',
  'Negative log-likelihood a gene',
  'tokens of held-out cells',
  'lower',
  'Mean of −ln p(token) over held-out cells and genes, nats; an upper bound where the model gives one alone. Part: standard error from the spread between cells.',
);
