/** A whole training at one go: from a recipe to a velocity network. */
import type { GpuContext } from '../../../gpu/context.ts';
import type { VelocityModel } from '../model.ts';
import type { FlowTask } from '../tasks/task.ts';
import type { Recipe } from './recipe.ts';
import { TrainingRun, type TrainingRunOptions } from './run.ts';

/** Trains to the end of the recipe. Frees all memory however it ends. Throws as `TrainingRun.run` does. */
export async function trainModel(
  gpu: GpuContext,
  task: FlowTask,
  recipe: Recipe,
  options: Partial<TrainingRunOptions> = {},
): Promise<VelocityModel> {
  return (await new TrainingRun({ ...options, gpu, task, recipe }).run()).model;
}
