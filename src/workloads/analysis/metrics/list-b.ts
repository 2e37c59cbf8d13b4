/** Metrics of gradients, curvature, landscapes and representations, in the order of their families. */
import { conflict } from './conflict.ts';
import { fisher } from './fisher.ts';
import { fisherEigenvalues } from './fisher-eigenvalues.ts';
import { ggn } from './ggn.ts';
import { gradients } from './gradients.ts';
import { hessian } from './hessian.ts';
import { hessianBlocks } from './hessian-blocks.ts';
import { landscape } from './landscape.ts';
import type { Metric } from './metric.ts';
import { pathology } from './pathology.ts';
import { representations } from './representations.ts';
import { sharpness } from './sharpness.ts';
import { trajectory } from './trajectory.ts';

export const metricsB: readonly Metric[] = [
  gradients,
  trajectory,
  pathology,
  conflict,
  fisher,
  fisherEigenvalues,
  ggn,
  hessian,
  hessianBlocks,
  sharpness,
  landscape,
  representations,
];
