/** Our decoders as a run has them: on a device in either form, and on the CPU. */
import { guessMemoryClass } from '../../../src/batch/memory-class.ts';
import { sizesFor } from '../../../src/batch/sizes.ts';
import type { GpuContext } from '../../../src/gpu/context.ts';
import type { DecoderBatch } from '../../../src/nn/transformer/batch.ts';
import { type DecoderForm, decoderShape, openDecoder } from '../../../src/nn/transformer/decoder.ts';
import { openHostDecoder } from '../../../src/nn/transformer/host/open.ts';
import type { DecoderEntrant } from './entrant.ts';
import { type DecoderProblem, optionsOf, sourceOf, startsOf } from './problem.ts';

export async function ourEntrant(
  gpu: GpuContext,
  form: DecoderForm,
  problem: DecoderProblem,
  texts: number,
): Promise<DecoderEntrant> {
  const sizes = sizesFor(guessMemoryClass(gpu.report));
  const options = optionsOf(problem, texts);
  const shape = decoderShape(gpu.report, options, sizes, form);
  return entrantOf(`Lockstep ${form}`, problem, await openDecoder(gpu, sourceOf(problem), options, shape, sizes));
}

export async function cpuEntrant(problem: DecoderProblem, texts: number): Promise<DecoderEntrant> {
  const batch = await openHostDecoder(sourceOf(problem), optionsOf(problem, texts), 'f32');
  return entrantOf('Lockstep on the CPU', problem, batch);
}

function entrantOf(name: string, problem: DecoderProblem, batch: DecoderBatch): DecoderEntrant {
  const { slots } = batch.options;
  const run = async (newTokens: number) => {
    await batch.place(startsOf(problem, slots, newTokens));
    for (;;) {
      await batch.advance(1000);
      const states = await batch.states();
      if (states.every(({ done }) => done)) return states;
    }
  };
  return {
    name,
    generate: async () => (await run(problem.drawn)).map(({ drawn }) => [...drawn]),
    read: async () => {
      await run(1);
    },
    close: () => batch.close(),
  };
}
