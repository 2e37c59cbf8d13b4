/** Every kernel of a graph is accepted by Tint and by Naga, in the forms of all adapters. */
import { afterAll, expect, test } from 'vitest';
import type { ShaderSpec } from '../../src/gpu/shaders.ts';
import { linkShader } from '../../src/gpu/shaders.ts';
import { closeTestContexts, openNullContext } from '../../src/gpu/testing.ts';
import { compileWithNaga } from '../../src/gpu/testing-naga.ts';
import { adjointWalk } from '../../src/nn/graph/device/adjoints.ts';
import { backwardKernels } from '../../src/nn/graph/device/backward.ts';
import { outputKernel, type SeedForm } from '../../src/nn/graph/device/curvature-seeds.ts';
import { forwardKernels } from '../../src/nn/graph/device/forward.ts';
import { gradientKernels } from '../../src/nn/graph/device/gradient-kernels.ts';
import { tiedTables } from '../../src/nn/graph/device/gradients.ts';
import type { GraphKernel } from '../../src/nn/graph/device/kernel.ts';
import { Layout } from '../../src/nn/graph/device/layout.ts';
import { lossKernels } from '../../src/nn/graph/device/loss.ts';
import { momentKernels } from '../../src/nn/graph/device/moments.ts';
import { lossSeedKernel } from '../../src/nn/graph/device/plain-seeds.ts';
import { headKernel, lensKernels } from '../../src/nn/graph/device/statistics.ts';
import { tangentKernels } from '../../src/nn/graph/device/tangent.ts';
import { turnKernels } from '../../src/nn/graph/device/tangent-backward.ts';
import { gradientTurnKernels } from '../../src/nn/graph/device/tangent-gradients.ts';
import type { TensorForm } from '../../src/nn/tensor/shape.ts';
import { testSizes } from './device-machines.ts';
import { allOptions, SMALL_GRAPHS, type SmallGraph } from './small-graphs.ts';

afterAll(closeTestContexts);

const FORMS: readonly SeedForm[] = ['curved', 'empirical', 'labelled', 'classes'];
const NOWHERE = { file: '', line: 0, column: 0, excerpt: '' };

function kernelsOf(small: SmallGraph, layout: Layout): GraphKernel[] {
  const { graph } = small;
  const context = { layout, theta: 'theta', into: 'g', direction: 'v' };
  const joint = new Set(tiedTables(graph).map(({ table }) => table));
  const given = { ...context, direction: undefined };
  return [
    ...graph.operations.flatMap((operation) => forwardKernels(operation, context)),
    ...lossKernels(layout),
    lossSeedKernel(layout),
    ...[context, given].flatMap((along) => graph.operations.flatMap((operation) => tangentKernels(operation, along))),
    ...FORMS.map((form) => outputKernel(layout, form, layout.adjoint(graph.output))),
    ...graph.operations.flatMap((operation) => (operation.kind === 'attention' ? [headKernel(layout, operation)] : [])),
    ...(graph.blocks.length > 0 ? lensKernels(layout, 'theta', graph.residuals[0]) : []),
    ...momentKernels(layout, graph.residuals[0], graph.final),
    ...adjointWalk(graph, graph.output).steps.flatMap((step) => [
      ...backwardKernels(step, context),
      ...[new Set<string>(), joint].flatMap((own) => gradientKernels(step, context, own)),
      ...[context, given].flatMap((along) => turnKernels(step, along)),
      ...[new Set<string>(), joint].flatMap((own) => gradientTurnKernels(step, 'g', context, own)),
    ]),
  ];
}

test('kernels compile with Tint and Naga', async () => {
  const tint = await openNullContext();
  const forms: TensorForm[] = ['quads', 'lanes', 'tiles'];
  const texts = new Map<string, string>();
  for (const form of forms)
    for (const small of SMALL_GRAPHS) {
      const layout = new Layout(allOptions(small, ['g', 'v']), { ...testSizes(tint), form });
      for (const { shader } of kernelsOf(small, layout)) {
        const { wgsl } = linkShader(shader as ShaderSpec);
        if (!texts.has(wgsl)) texts.set(wgsl, `${form} ${small.name} ${shader.module}`);
      }
    }
  for (const wgsl of texts.keys()) await tint.compile({ module: 'graph', wgsl, locate: () => NOWHERE });
  // Adapters of wgpu that are tested have no quads.
  const plain = [...texts].filter(([wgsl]) => !wgsl.includes('enable subgroups'));
  const found = await compileWithNaga(plain.map(([wgsl, label]) => ({ label, wgsl })));
  expect(found.filter(({ errors }) => errors.length > 0)).toEqual([]);
});
