/** The header of a user's images against what a task takes for granted of them: its networks know one pixel scale, one noise, and pixel axes. */
import { type HeaderFact, sameDirections } from '../../bundle/header-facts.ts';
import type { ImageStack } from '../../bundle/images.ts';
import { ConfigError } from '../workload.ts';
import type { FlowTask } from './tasks/task.ts';

/** Relative difference below which two values say the same. */
const SAME = 1e-3;

type Task = Pick<FlowTask, 'title' | 'data'>;

/** @throws ConfigError for images of another scale or noise than the task's */
export function checkHeader({ title, data }: Task, { name, header }: ImageStack): void {
  const check = (what: string, unit: string, taken: number | undefined, fact: HeaderFact | undefined) => {
    if (taken === undefined || !fact || Math.abs(fact.value - taken) <= SAME * taken) return;
    throw new ConfigError(
      'images',
      `${name} says that its ${what} is ${Number(fact.value.toPrecision(4))}${unit} (${fact.source}), and networks of ${title} know images of ${taken}${unit} alone. ` +
        'Fit these images with the shear experiment; where the file is wrong, correct it.',
    );
  };
  check('pixel scale', ' arcsec', data?.taken?.pixelScaleArcsec, header?.scale);
  check('pixel noise', '', data?.taken?.noiseSigma, header?.noise);
}

/** What must be known of them before results are believed. */
export function headerWarnings({ data }: Task, images: ImageStack | undefined): string[] {
  const { orientation } = images?.header ?? {};
  if (!data?.taken || !images || !orientation || sameDirections(orientation)) return [];
  return [
    `Shears are in pixel axes: by the header of ${images.name} (${orientation.source}) these are mirrored or turned against the sky. The shear experiment can give shears along the sky.`,
  ];
}
