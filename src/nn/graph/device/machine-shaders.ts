/** The WGSL that a machine computes with, by file name. */
import { linkShader } from '../../../gpu/shaders.ts';
import type { MachineOptions } from '../machine.ts';
import { adjointWalk } from './adjoints.ts';
import { backwardKernels } from './backward.ts';
import type { PassContext } from './context.ts';
import { outputKernel } from './curvature-seeds.ts';
import { forwardKernels } from './forward.ts';
import { gradientKernels } from './gradient-kernels.ts';
import { tiedTables } from './gradients.ts';
import type { GraphKernel } from './kernel.ts';
import { Layout, THETA } from './layout.ts';
import { lossKernels } from './loss.ts';
import type { MachineSizes } from './sizes.ts';
import { tangentKernels } from './tangent.ts';
import { turnKernels } from './tangent-backward.ts';
import { gradientTurnKernels } from './tangent-gradients.ts';

/** Each text once, under the name of its module. */
export function machineShaders(options: MachineOptions, sizes: MachineSizes): Readonly<Record<string, string>> {
  const { graph, vectors, parameterGradients } = options;
  const layout = new Layout(options, sizes);
  const into = parameterGradients ? vectors[0] : undefined;
  const context: PassContext = { layout, theta: THETA, ...(into !== undefined && { into }) };
  const back = options.backward || options.tangents ? adjointWalk(graph, graph.output).steps : [];
  const joint = new Set(tiedTables(graph).map(({ table }) => table));
  const along: PassContext = { ...context, direction: vectors[0] ?? THETA };
  const kernels: GraphKernel[] = [
    ...graph.operations.flatMap((operation) => forwardKernels(operation, context)),
    ...lossKernels(layout),
    ...back.flatMap((step) => [
      ...backwardKernels(step, context),
      ...(into === undefined ? [] : gradientKernels(step, context, joint)),
    ]),
    ...(options.tangents
      ? [
          ...graph.operations.flatMap((operation) => tangentKernels(operation, along)),
          outputKernel(layout, 'curved', layout.adjoint(graph.output)),
          ...back.flatMap((step) => [
            ...turnKernels(step, along),
            ...(into === undefined ? [] : gradientTurnKernels(step, into, along, joint)),
          ]),
        ]
      : []),
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
