/** The WGSL that a machine computes with, by file name. */
import { linkShader } from '../../../gpu/shaders.ts';
import type { MachineOptions } from '../machine.ts';
import { adjointWalk } from './adjoints.ts';
import { backwardKernels } from './backward.ts';
import type { PassContext } from './context.ts';
import { forwardKernels } from './forward.ts';
import type { GraphKernel } from './kernel.ts';
import { Layout, THETA } from './layout.ts';
import { lossKernels } from './loss.ts';
import type { MachineSizes } from './sizes.ts';

/** Each text once, under the name of its module. */
export function machineShaders(options: MachineOptions, sizes: MachineSizes): Readonly<Record<string, string>> {
  const { graph, vectors, parameterGradients } = options;
  const layout = new Layout(options, sizes);
  const into = parameterGradients ? vectors[0] : undefined;
  const context: PassContext = { layout, theta: THETA, ...(into !== undefined && { into }) };
  const back = options.backward ? adjointWalk(graph, graph.output).steps : [];
  const kernels: GraphKernel[] = [
    ...graph.operations.flatMap((operation) => forwardKernels(operation, context)),
    ...lossKernels(layout),
    ...back.flatMap((step) => backwardKernels(step, context)),
  ];
  const texts = new Map<string, string[]>();
  for (const { shader } of kernels) {
    const name = 'module' in shader ? shader.module : 'kernel';
    const { wgsl } = 'wgsl' in shader ? shader : linkShader(shader);
    const own = texts.get(name) ?? [];
    if (!own.includes(wgsl)) own.push(wgsl);
    texts.set(name, own);
  }
  return Object.fromEntries(
    [...texts].flatMap(([name, own]) =>
      own.map((wgsl, i) => {
        const stem = name
          .split('/')
          .at(-1)!
          .replace(/\.wgsl$/, '');
        return [own.length > 1 ? `${stem}_${i + 1}.wgsl` : `${stem}.wgsl`, wgsl];
      }),
    ),
  );
}
