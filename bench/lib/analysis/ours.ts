/** Ours as metrics use it: a machine on the device in f32, or on the CPU in f64. */
import { guessMemoryClass } from '../../../src/batch/memory-class.ts';
import { type BatchSizes, defaultSizes, sizesFor } from '../../../src/batch/sizes.ts';
import type { GpuContext } from '../../../src/gpu/context.ts';
import { deviceMachines } from '../../../src/nn/graph/device/machine.ts';
import type { Machine, MachineOptions, Machines } from '../../../src/nn/graph/machine.ts';
import { twinMachines } from '../../../src/nn/graph/twin/machine.ts';
import { embeddingsOf, type Path, pathPhase } from '../../../src/workloads/analysis/metrics/common/paths.ts';
import { zero } from '../../../src/workloads/analysis/metrics/common/products.ts';
import { machineSizes } from '../../../src/workloads/analysis/setting.ts';
import type { AnalysisEntrant } from './entrant.ts';
import type { AnalysisProblem, Quantity } from './problem.ts';

export function onDevice(gpu: GpuContext, problem: AnalysisProblem): Promise<AnalysisEntrant> {
  const sizes = sizesFor(guessMemoryClass(gpu.report));
  return entrantOf('Lockstep', deviceMachines(gpu, machineSizes(gpu.report, sizes)), problem, sizes);
}

export const twin = (problem: AnalysisProblem): Promise<AnalysisEntrant> =>
  entrantOf('Lockstep on the CPU in f64', twinMachines, problem, defaultSizes);

async function entrantOf(
  name: string,
  machines: Machines,
  problem: AnalysisProblem,
  sizes: BatchSizes,
): Promise<AnalysisEntrant> {
  const { graph, theta, direction } = problem;
  const open = (given: Pick<MachineOptions, 'rows' | 'vectors'> & Partial<MachineOptions>): Promise<Machine> =>
    machines.open(
      {
        graph,
        length: problem.length + 1,
        backward: true,
        parameterGradients: false,
        tangents: false,
        adjoints: [],
        ...given,
      },
      theta,
    );
  const rows = Math.min(problem.texts, sizes['analysis.gradientChunk']);
  const losses = await open({ rows, vectors: ['gradient'], parameterGradients: true });
  const pathRows = Math.min(problem.pathTexts * problem.nodes, sizes['analysis.pathRows']);
  const paths = await open({ rows: pathRows, vectors: [], adjoints: [graph.embedded] });
  const curvatureRows = Math.min(problem.texts, sizes['analysis.curvatureChunk']);
  const curved = await open({
    rows: curvatureRows,
    vectors: ['direction', 'product'],
    parameterGradients: true,
    tangents: true,
  });
  await curved.write('direction', direction);

  const compute: Readonly<Record<Quantity, () => Promise<ArrayLike<number>>>> = {
    gradient: async () => {
      await zero(losses, 'gradient');
      for (const { ids, weights } of chunksOf(problem, rows)) {
        await losses.forward({ ids });
        await losses.backward({ seed: { kind: 'loss', weights }, into: 'gradient' });
      }
      return losses.readVector('gradient');
    },
    'integrated gradients': () => integrated(paths, problem, pathRows),
    'Hessian · vector': async () => {
      await zero(curved, 'product');
      for (const { ids, weights } of chunksOf(problem, curvatureRows)) {
        await curved.forward({ ids });
        await curved.tangent({ parameters: 'direction' });
        await curved.tangentBackward({ seed: { kind: 'loss', weights }, into: 'product' });
      }
      return curved.readVector('product');
    },
  };
  return {
    name,
    output: (quantity) => compute[quantity](),
    async run(quantity, steps) {
      for (let step = 0; step < steps; step++) await compute[quantity]();
    },
    close() {
      for (const machine of [losses, paths, curved]) machine.close();
    },
  };
}

/** Texts of the loss, some at a time, with ω = 1/M for every position that has a next token. */
function chunksOf({ ids, texts, length }: AnalysisProblem, rows: number) {
  const weight = 1 / (texts * length);
  const own = Float64Array.from({ length: length + 1 }, (_, t) => (t < length ? weight : 0));
  return Array.from({ length: Math.ceil(texts / rows) }, (_, chunk) => {
    const some = ids.slice(chunk * rows, Math.min(texts, (chunk + 1) * rows));
    return { ids: some, weights: some.map(() => own) };
  });
}

async function integrated(machine: Machine, problem: AnalysisProblem, rows: number): Promise<Float64Array> {
  const { graph, theta, ids, length, pathTexts, nodes, pad, rule } = problem;
  const into = new Float64Array(pathTexts * length);
  const all = ids.map((text): Path => {
    const own = text.slice(0, length);
    const from = embeddingsOf(
      graph,
      theta,
      own.map(() => pad),
    );
    const target = { position: length - 1, index: text[length], kind: 'logit' } as const;
    return { target, ids: own, from, to: embeddingsOf(graph, theta, own) };
  });
  const units = pathTexts * nodes;
  const phase = pathPhase({
    count: { units, work: 3 },
    machine,
    rule,
    value: graph.embedded,
    path: (item) => all[item],
    into,
    stride: length,
    width: graph.widths[graph.embedded],
  });
  for (let at = 0; at < units; ) at += await phase.piece(at, Math.min(rows, units - at));
  return into;
}
