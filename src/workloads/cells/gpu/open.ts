/** Sessions of cells on a device, and the WGSL that they run. */
import { type BatchSizes, defaultSizes } from '../../../batch/sizes.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import type { BufferPlan } from '../../../gpu/plan.ts';
import { linkShader } from '../../../gpu/shaders.ts';
import type { KernelShape } from '../../workload.ts';
import type { CellsProblem } from '../problem.ts';
import { placeOf, samplerKernels } from '../sampling/kernels.ts';
import { DeviceSampler } from '../sampling/session-core.ts';
import { CellsSession } from '../session.ts';
import { settingsOf } from '../settings-of.ts';
import { devicePredictor } from './predictor.ts';

/** Compiles the kernels and takes the plan's memory. Throws the typed errors of `GpuContext`. */
export async function openCellsSession(
  gpu: GpuContext,
  problem: CellsProblem,
  plan: BufferPlan,
  shape: KernelShape,
  sizes: BatchSizes = defaultSizes,
): Promise<CellsSession> {
  const settings = settingsOf(problem.params, problem.model);
  const predictor = devicePredictor(problem.model, shape, sizes);
  return new CellsSession(problem, await DeviceSampler.open(gpu, settings, predictor, plan.chunk, sizes, plan));
}

/** Every kernel once, by its module, with a number behind those that are linked several ways. */
export async function cellsShaders(
  problem: CellsProblem,
  shape: KernelShape,
  sizes: BatchSizes = defaultSizes,
): Promise<Readonly<Record<string, string>>> {
  // No text hangs on the chunk.
  const place = placeOf(settingsOf(problem.params, problem.model), 1, sizes);
  const kernels = { ...samplerKernels(place), ...devicePredictor(problem.model, shape, sizes).kernels(place) };
  const texts = new Map<string, string[]>();
  for (const { shader } of Object.values(kernels)) {
    const { module, wgsl } = 'wgsl' in shader ? shader : linkShader(shader);
    const name = module.slice(module.lastIndexOf('/') + 1);
    const known = texts.get(name) ?? [];
    if (!known.includes(wgsl)) texts.set(name, [...known, wgsl]);
  }
  return Object.fromEntries(
    [...texts].flatMap(([name, all]) =>
      all.map((wgsl, i) => [all.length > 1 ? `${name}_${i + 1}.wgsl` : `${name}.wgsl`, wgsl] as const),
    ),
  );
}
