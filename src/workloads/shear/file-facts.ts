/** What the header of the user's images says of a run: parameters, the axes that its shears are in, and what does not fit together. */
import { sameDirections } from '../../bundle/header-facts.ts';
import type { ImageStack } from '../../bundle/images.ts';
import type { RunInputs, StatedParam } from '../workload.ts';
import { imagesOf, truthTableOf } from './files.ts';
import { IMAGE_AXES, worldTurn } from './image-axes.ts';
import type { ShearParams } from './params.ts';

/** A header carries no more digits than these. */
const DIGITS = 9;
/** Pixels whose sides differ by more than this feign a shear that surveys would see. */
const NOTABLE_STRETCH = 1e-3;
/** A given noise may be rounded. */
const NOISE_SLACK = 0.9;

/** Pixel scale and noise, where a header states them. */
export function statedParams(inputs: RunInputs): StatedParam[] {
  const images = imagesOf(inputs);
  const { scale, noise } = images?.header ?? {};
  const stated = (key: keyof ShearParams, fact: typeof scale) =>
    fact ? [{ key, value: Number(fact.value.toPrecision(DIGITS)), source: `${images?.name} (${fact.source})` }] : [];
  return [...stated('pixelScaleArcsec', scale), ...stated('noiseSigma', noise)];
}

/** What belongs beside results: where scale and noise come from, and the axes where they were chosen. */
export function factNotes(inputs: RunInputs): string[] {
  const images = imagesOf(inputs);
  const { scale, noise, orientation } = images?.header ?? {};
  const notes = [
    scale && `Pixel scale of ${images?.name} by its header: ${figure(scale.value)} arcsec (${scale.source}).`,
    noise && `Pixel noise of ${images?.name} by its header: ${figure(noise.value)} (${noise.source}).`,
    orientation && worldTurn(images) && worldNote(images!),
  ];
  return notes.filter((note) => note !== undefined);
}

/** What must be known before results are believed. */
export function factWarnings({ noiseSigma }: ShearParams, inputs: RunInputs): string[] {
  const images = imagesOf(inputs);
  if (!images?.header) return [];
  const { orientation, leastNoise, remarks } = images.header;
  const warnings = remarks.map((remark) => `${images.name}: ${remark}`);
  if (orientation && !sameDirections(orientation) && !worldTurn(images)) {
    warnings.push(
      `Shears are in pixel axes: g1 along the rows of ${images.name}, g2 along their diagonal. By its header (${orientation.source}) ${lie(images)}, ` +
        `so they are not the shears along ${axisWords(images)}${truthTableOf(inputs) ? ', and true values are taken in pixel axes, too' : ''}. For those choose sky axes (--${IMAGE_AXES} sky).`,
    );
  }
  if (orientation && orientation.stretch > NOTABLE_STRETCH) {
    warnings.push(
      `The pixels of ${images.name} are not square on the sky (${orientation.source}): that alone feigns a shear of ${figure(orientation.stretch)}, which is not taken out.`,
    );
  }
  if (leastNoise && noiseSigma < NOISE_SLACK * leastNoise.value) {
    warnings.push(
      `Pixel noise σ (noiseSigma): ${noiseSigma} is below what the read-out of ${images.name} alone makes by its header, ${figure(leastNoise.value)} (${leastNoise.source}). Too small a noise makes intervals too narrow.`,
    );
  }
  return warnings;
}

function worldNote(images: ImageStack): string {
  const sky = images.header?.orientation?.sky;
  const galsim = sky
    ? ' Where the x axis points west instead, as in GalSim’s sky coordinates, g2 has the other sign.'
    : '';
  return (
    `Shears, ellipticities, their priors and truths are along the axes of the header's world coordinates: g1 along ${sky ? 'east' : 'the first'}, ` +
    `g2 along its diagonal with ${sky ? 'north' : 'the second'}; by the header ${lie(images)}. Positions are in pixels.${galsim}`
  );
}

function axisWords({ header }: ImageStack): string {
  return header?.orientation?.sky ? 'east and north' : "the axes of the header's world coordinates";
}

/** How the pixel axes lie, as a clause. */
function lie({ header }: ImageStack): string {
  const { rotationDeg = 0, flipped = false } = header?.orientation ?? {};
  const turn = `turned by ${figure(rotationDeg)}°`;
  if (!flipped) return `the pixel axes are ${turn} against them`;
  return Math.abs(rotationDeg) < 0.01
    ? 'the x axis is mirrored'
    : `the x axis is mirrored and the pixel axes are ${turn}`;
}

function figure(value: number): string {
  return String(Number(value.toPrecision(4)));
}
