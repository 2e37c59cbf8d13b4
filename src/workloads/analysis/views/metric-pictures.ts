/** Pictures of each metric, loaded with the first of its family that is shown. */
import type { ComponentType } from 'react';
import { later } from '../../../ui/shared/later.tsx';
import type { PicturesProps } from './families/family.ts';

type Pictures = ComponentType<PicturesProps>;

function family<M>(load: () => Promise<M>, of: (module: M) => Pictures): Pictures {
  return later<PicturesProps>(async () => ({ default: of(await load()) }));
}

const attention = () => import('./families/attention.tsx');
const attribution = () => import('./families/attribution.tsx');
const gradients = () => import('./families/gradients.tsx');
const curvature = () => import('./families/curvature.tsx');
const landscape = () => import('./families/landscape.tsx');
const representations = () => import('./families/representations.tsx');
const causes = () => import('./families/causes.tsx');

/** By the metric's id. */
export const METRIC_PICTURES: Readonly<Record<string, Pictures | undefined>> = {
  attention: family(attention, (all) => all.AttentionPictures),
  rollout: family(attention, (all) => all.RolloutPictures),
  induction: family(attention, (all) => all.InductionPictures),
  'integrated-gradients': family(attribution, (all) => all.IgPictures),
  'layer-attribution': family(attribution, (all) => all.LayerPictures),
  jacobian: family(attribution, (all) => all.JacobianPictures),
  gradients: family(gradients, (all) => all.GradientPictures),
  trajectory: family(gradients, (all) => all.TrajectoryPictures),
  pathology: family(gradients, (all) => all.PathologyPictures),
  conflict: family(gradients, (all) => all.ConflictPictures),
  fisher: family(curvature, (all) => all.FisherPictures),
  'fisher-eigenvalues': family(curvature, (all) => all.FisherEigenvaluePictures),
  ggn: family(curvature, (all) => all.GgnPictures),
  hessian: family(curvature, (all) => all.HessianPictures),
  'hessian-blocks': family(curvature, (all) => all.HessianBlockPictures),
  sharpness: family(curvature, (all) => all.SharpnessPictures),
  landscape: family(landscape, (all) => all.LandscapePictures),
  representations: family(representations, (all) => all.RepresentationPictures),
  'causal-trace': family(causes, (all) => all.TracePictures),
  patching: family(causes, (all) => all.PatchingPictures),
  ablation: family(causes, (all) => all.AblationPictures),
  'logit-lens': family(causes, (all) => all.LensPictures),
};

/** Metrics whose pictures are of one text at a time. */
export const BY_TEXT: ReadonlySet<string> = new Set([
  'attention',
  'rollout',
  'integrated-gradients',
  'layer-attribution',
  'jacobian',
  'causal-trace',
  'patching',
  'logit-lens',
]);
