/** Sampling from the browser's console as a job: on the engine's device, which the page itself never touches. */
import { defaultSizes } from '../../../batch/sizes.ts';
import { tensorForm, tensorShape } from '../../../nn/tensor/shape.ts';
import type { Job, JobSetting } from '../../../worker/jobs.ts';
import { defaultParams } from '../../validate.ts';
import { denoise, sample } from '../console.ts';
import { DeviceNetwork } from '../gpu/network-predictor.ts';
import { loadCells } from '../load.ts';
import { cellsParams } from '../params.ts';
import type { ConsoleTypes } from './console-types.ts';

const NO_GPU = { message: 'There is no GPU to draw cells on.', todo: 'Run draws them on the CPU.' };

export function consoleJob(setting: JobSetting): Job<ConsoleTypes> {
  return {
    async start(wish) {
      const { model } = await loadCells({ ...defaultParams(cellsParams), model: 'network' }, setting.inputs);
      if (model.kind !== 'network') throw new Error('A network was asked for.');
      const { spec, weights } = model;
      const gpu = await setting.requireGpu('f32', NO_GPU);
      const shape = tensorShape(tensorForm(gpu.report), defaultSizes);
      const predictor = {
        genes: spec.genes,
        bins: spec.bins,
        onDevice: (precision: ConstructorParameters<typeof DeviceNetwork>[2]) =>
          new DeviceNetwork(spec, weights, precision, shape),
      };
      const reply =
        wish.what === 'sample'
          ? await sample(gpu, predictor, wish.options)
          : await denoise(gpu, predictor, wish.x, wish.options);
      return { reply };
    },
  };
}
