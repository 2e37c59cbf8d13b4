/** Metrics of attention, attribution and cause, in the order of their families. */
import { ablation } from './ablation.ts';
import { attention } from './attention.ts';
import { causalTrace } from './causal-trace.ts';
import { induction } from './induction.ts';
import { integratedGradients } from './integrated-gradients.ts';
import { jacobian } from './jacobian.ts';
import { layerAttribution } from './layer-attribution.ts';
import { logitLens } from './logit-lens.ts';
import type { Metric } from './metric.ts';
import { patching } from './patching.ts';
import { rollout } from './rollout.ts';

export const metricsA: readonly Metric[] = [
  attention,
  rollout,
  induction,
  integratedGradients,
  layerAttribution,
  jacobian,
  causalTrace,
  patching,
  ablation,
  logitLens,
];
