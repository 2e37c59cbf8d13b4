/** What computes the stages of a run: their problems and their kernels. Apart from `stages.ts`, because the head of a checkpoint reads kernels alone. */
import type { Problem } from '../../workloads/workload.ts';
import type { RunPlan } from '../plan/plan-run.ts';

/** The problem of each stage. `problem`: the run's own, which is that of its only stage. */
export function stageProblems({ stages, config }: RunPlan, problem: Problem): Problem[] {
  return stages.map(({ stage, configured }) => (stage ? configured.prepare(config.seed) : problem));
}

/**
 * The WGSL of every stage, by file name, and below the stage's name where there are several. Of several, one whose kernels cannot be linked
 * has none here: it fails when its turn comes, and the others do not.
 */
export async function shadersOf(plan: RunPlan, problem: Problem): Promise<Record<string, string>> {
  const { workload, stages } = plan;
  const problems = stageProblems(plan, problem);
  const files: [string, string][] = [];
  for (const [i, { stage, shape, sizes }] of stages.entries()) {
    const folder = stages.length > 1 ? `${stage?.name}/` : '';
    for (const [name, wgsl] of Object.entries(await shadersOfStage(() => workload.shaders(problems[i], shape, sizes))))
      files.push([folder + name, wgsl]);
  }
  return Object.fromEntries(files);

  async function shadersOfStage(link: () => ReturnType<typeof workload.shaders>) {
    try {
      return await link();
    } catch (thrown) {
      if (stages.length > 1) return {};
      throw thrown;
    }
  }
}
