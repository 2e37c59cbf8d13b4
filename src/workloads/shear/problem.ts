/** A shear run, validated and ready to be planned: items, observations, model. */

import type { ItemInfo } from '../../results/item.ts';
import type { ParamValues } from '../params.ts';
import type { Problem, RunInputs } from '../workload.ts';
import { factNotes, factWarnings } from './file-facts.ts';
import { imagesOf, truthTableOf } from './files.ts';
import { worldTurn } from './image-axes.ts';
import { shearItems } from './items.ts';
import type { FixedValues, ModelSpec } from './model-spec.ts';
import { readShearParams, type ShearParams } from './params.ts';
import { modelWarnings } from './signal.ts';
import { type Turn, toPixels } from './sky-axes.ts';
import { type ShearModel, shearModel } from './spec.ts';
import { truthWarnings } from './truth-values.ts';

export interface ShearProblem extends Problem {
  readonly params: ShearParams;
  readonly spec: ModelSpec;
  readonly pixelScaleArcsec: number;
  /** From pixel axes, in which everything is computed, to those of results and truths; absent where they are the same. */
  readonly turn?: Turn;
  /** Largest error of the model over the peak of the image, and the shear bias that causes, to first order. */
  readonly modelError: { readonly ofPeak: number; readonly shear: number };
  /** What the fit knows of an item: values of the parameters that are not free. */
  fixed(index: number): FixedValues;
  /** The user's files, where there are any: the images are made by `observationsOf`. */
  readonly inputs: RunInputs;
}

/** The problem of a set of parameters. @throws ConfigError where something does not fit. */
export function prepareShear(values: ParamValues, seed: number, inputs: RunInputs): ShearProblem {
  const params = readShearParams(values);
  return shearProblem(params, shearModel(params, inputs), seed, inputs);
}

/**
 * Checks model and files together and lists the items. Their images are another's matter, so that planning does not load the renderer.
 * @throws ConfigError where something does not fit.
 */
export function shearProblem(
  params: ShearParams,
  { spec, mixture }: ShearModel,
  seed: number,
  inputs: RunInputs,
): ShearProblem {
  const items = shearItems(params, spec, seed, inputs);
  const turn = worldTurn(imagesOf(inputs));
  return {
    items,
    parameters: freeParameters(spec, turn),
    notes: notesOf(params, spec, mixture.note, inputs),
    warnings: [...fileWarnings(params, inputs), ...modelWarnings(mixture.shear)],
    params,
    spec,
    pixelScaleArcsec: spec.pixelScaleArcsec,
    turn,
    modelError: { ofPeak: mixture.ofPeak, shear: mixture.shear },
    fixed: (index) => fixedValues(params, spec, items[index], turn),
    inputs,
  };
}

/** What must be known of the user's files before a run, or its results, are believed. */
export function fileWarnings(params: ShearParams, inputs: RunInputs): string[] {
  return [...factWarnings(params, inputs), ...truthWarnings(truthTableOf(inputs))];
}

/** The configured galaxy; where galaxies are drawn from a population, the item's own, as far as its truth is known. */
function fixedValues(
  { morphology, ...params }: ShearParams,
  spec: ModelSpec,
  { truth }: ItemInfo,
  turn: Turn | undefined,
): FixedValues {
  const { flux, hlrPx } = spec;
  if (morphology === 'same') return { flux, hlrPx, e1: spec.e1, e2: spec.e2 };
  const given = [truth.e1 ?? params.e1, truth.e2 ?? params.e2] as const;
  const [e1, e2] = turn ? toPixels(turn, given) : given;
  return {
    flux: truth.flux ?? flux,
    hlrPx: truth.hlr === undefined ? hlrPx : truth.hlr / spec.pixelScaleArcsec,
    e1,
    e2,
  };
}

function freeParameters({ free, nx, ny }: ModelSpec, turn: Turn | undefined): Problem['parameters'] {
  const [along, diagonal] = turn
    ? ['first axis of the header’s world coordinates', 'diagonal of those axes']
    : ['x axis', 'diagonal'];
  const names = [
    { name: 'g1', unit: '', help: `Shear along the ${along}: 0.02 stretches the image by 2 % that way.` },
    { name: 'g2', unit: '', help: `Shear along the ${diagonal}.` },
    { name: 'x', unit: 'px', help: `Centre of the galaxy from the left edge; the stamp's centre is ${nx / 2}.` },
    { name: 'y', unit: 'px', help: `Centre of the galaxy from the lower edge; the stamp's centre is ${ny / 2}.` },
    { name: 'flux', unit: '', help: 'Total light, in the units of the image.' },
    { name: 'hlr', unit: 'arcsec', help: 'Half-light radius before shear.' },
    { name: 'e1', unit: '', help: `The galaxy's own ellipticity (a distortion) along the ${along}.` },
    { name: 'e2', unit: '', help: `The galaxy's own ellipticity along the ${diagonal}.` },
  ];
  return names.slice(0, free);
}

function notesOf(params: ShearParams, spec: ModelSpec, modelNote: string, inputs: RunInputs): string[] {
  const [images, truth] = [imagesOf(inputs), truthTableOf(inputs)];
  const notes = [modelNote];
  if (images) {
    const known = truth ? `, true values from ${truth.name}` : '; their true values are not known here';
    notes.push(`${images.n} images of ${spec.ny} × ${spec.nx} px from ${images.name}${known}.`, ...factNotes(inputs));
  } else if (params.noiseFree) {
    notes.push('The images were simulated without noise: offsets from the truth are the model’s own.');
  }
  if (spec.free === 8) {
    notes.push('Shear and ellipticity of one galaxy are degenerate: only their priors separate them.');
  }
  return notes;
}
