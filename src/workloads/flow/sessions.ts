/** What a run computes with. Loaded with the first run: the linker and the WGSL would weigh on every visit. */

import { linkShader } from '../../gpu/shaders.ts';
import type { FlowShape } from './kernel-shape.ts';
import type { FlowProblem } from './problem.ts';
import { samplerShader } from './sampling/shader.ts';
import { TwinPath } from './sampling/twin.ts';
import { tileOf } from './shape.ts';

export { flowCpuPath, openTwinSession } from './cpu/path.ts';
export { openGpuSession } from './gpu/session.ts';

/** The starts of an item's samples by their number, in the units of the parameters: the same random numbers as on the device. */
export function pathStart({ model, params, seed, context }: FlowProblem, item: number) {
  const x = context(item);
  return (draw: number) => new TwinPath(model, x, item, draw, { ...params, seed }).position;
}

/** The text that runs, by file name, for the bundle and the Shader tab. */
export function flowShaders({ model, params }: FlowProblem, shape: FlowShape): Record<string, string> {
  const { precision = 'f32' } = shape;
  const spec = samplerShader(model, { solver: params.solver, tile: tileOf(shape), precision });
  return { 'flow-sample.wgsl': linkShader(spec).wgsl };
}
