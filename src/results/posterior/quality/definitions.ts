/** What the numbers of metrics.json are, in words that travel with them. */
import { CALIBRATED_ITEMS, COMPARED_ITEMS, MOMENT_POINTS } from './types.ts';

export const METRIC_DEFINITIONS: Readonly<Record<string, string>> = {
  c2st:
    'Classifier two-sample test as sbibm defines it: accuracy of an MLP (two hidden layers of 10 d ReLU units, Adam) in 5-fold cross-validation, ' +
    'both samples scaled by mean and sd of the exact one. 0.5: cannot be told apart; 1: always told apart. Not comparable with tables of random forests.',
  mmd2: 'Unbiased squared maximum mean discrepancy, kernel exp(-|x - y|^2/(2 l^2)), l the median distance. Below 0 half of the time where nothing is wrong.',
  sliced_w2: 'Sliced Wasserstein distance of order 2 over 1000 random directions, in units of the parameters.',
  control:
    'The same measure of a second exact sample of the same size: what the measure comes to where nothing is wrong.',
  points: 'Samples on either side of a two-sample measure, of the observation’s first draws.',
  outside_prior: 'Share of the network’s samples outside the support of the prior, those thrown away included.',
  mean_shift: `(mean of all draws - exact mean)/exact sd; exact moments from ${MOMENT_POINTS} exact draws.`,
  sd_ratio: 'sd of all draws/exact sd.',
  compared: `The first ${COMPARED_ITEMS} observations of the run, or all where there are no more: n_compared of n_observations, those in "observations" by run_id.`,
  sbc: 'Simulation-based calibration: rank of the truth among max_rank draws, uniform where posteriors are right; ecdf_band is the 95 % half width 1.36/sqrt(n).',
  coverage: 'Share of observations whose truth lies in the central interval of that level, with its binomial error.',
  tarp: 'Tests of accuracy with random points: expected coverage probability (ecp) at levels alpha with Jeffreys 95 % intervals; atc, the sum of ecp - alpha above alpha = 0.5, is above 0 for posteriors too wide, below 0 for those too narrow or shifted.',
  precisions:
    'One of the run’s observations sampled in every precision of the adapter, in turns; the median speed of the repeats, compiling left out. largest_difference: ' +
    'max |v16 - v32|/rms of samples that began from the same noise; velocity_difference: the same of end - start, the mean velocity on the way, which a narrow posterior does not magnify; c2st: of samples that share no noise, its control f32 against f32. Bytes are exact: weights on the device, activations in a workgroup’s memory.',
  calibration: `Of the first ${CALIBRATED_ITEMS} observations, where truths were drawn from the prior; null elsewhere.`,
};
