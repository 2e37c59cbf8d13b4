/** Files of a bundle that tell about the run: README, run.json, reproduce.sh, RO-Crate, and what the plots show. */
import { bundleReadme, type ResultsAbout } from '../../bundle/readme.ts';
import { reproduceSh } from '../../bundle/reproduce.ts';
import { roCrateJson } from '../../bundle/ro-crate.ts';
import type { ResultWords } from '../../results/kind.ts';
import { qualityNotes } from '../../results/posterior/quality/notes.ts';
import type { RunQuality } from '../../results/posterior/quality/types.ts';
import { sizesOf } from '../../workloads/sizes-of.ts';
import { ownFiles } from '../config/own-files.ts';
import { toJson } from '../config/run-config.ts';
import { shapeRecord } from '../plan/plan-run.ts';
import type { StagePlan } from '../plan/stage-plan.ts';
import type { RunController } from '../run/controller.ts';
import { arithmeticWords } from '../run/cpu-path.ts';
import { unrescuedLines } from '../run/unrescued.ts';
import { appVersion } from '../version.ts';

/** Text of run.json: the configuration, and what the run notes about itself: choices that were left to it, files it was given. */
export function runJson({ plan, problem, rescues, faults, cpu }: RunController): string {
  return toJson(plan.config, {
    version: appVersion,
    mode: plan.mode,
    cpu: cpu?.arithmetic,
    items: plan.items,
    chunk: plan.chunk,
    chunkSource: plan.chunkSource,
    memoryClass: plan.memoryClass,
    sizes: {
      ...Object.fromEntries(sizesOf(plan.workload.id).map(({ key }) => [key, plan.sizes[key]])),
      [plan.workload.chunkEntry]: plan.chunk,
    },
    shape: plan.mode === 'webgpu' ? shapeRecord(plan) : undefined,
    stages: plan.stages.length > 1 ? plan.stages.map(stageRecord) : undefined,
    ...ownFiles(plan.workload, plan.inputs.files),
    loaded: plan.inputs.loaded && { name: plan.inputs.loaded.name, sha256: plan.inputs.loaded.sha256 },
    stated: plan.stated.length > 0 ? plan.stated : undefined,
    rescues,
    faults,
    parameters: problem.parameters,
    notes: problem.notes,
    warnings: problem.warnings,
  });
}

function stageRecord({ stage, items, chunk, inner }: StagePlan) {
  return { name: stage?.name, items, chunk, ...(inner && { entry: inner.entry, value: inner.value }) };
}

export function reproduce({ plan }: RunController): string {
  return reproduceSh({ cpu: plan.mode === 'cpu', files: ownFiles(plan.workload, plan.inputs.files) });
}

/** @param files paths of the files about the whole run */
export function crate(run: RunController, about: ResultsAbout, files: readonly string[]): string {
  const { workload, config } = run.plan;
  const { one, many } = workload.itemName;
  const count = run.store.size;
  return roCrateJson({
    title: workload.title,
    description:
      `${count} ${count === 1 ? one : many}, ${count === 1 ? 'with' : 'each with'} ${about.each} ` +
      `(preset ${config.preset}, seed ${config.seed}). ${workload.blurb}`,
    appVersion,
    startedAt: run.startedAt.toISOString(),
    files,
    folders: run.store.items().map(({ info }) => info.runId),
  });
}

/** @param quality what the run was found to be worth; undefined where that was not asked */
export function readme(run: RunController, about: ResultsAbout, words: ResultWords, quality?: RunQuality): string {
  const { workload, items } = run.plan;
  const summaries = run.store.summaries();
  const failed = run.store.failed().length;
  return bundleReadme({
    title: workload.title,
    appVersion,
    itemName: workload.itemName,
    items: summaries.length,
    results: about,
    metrics: quality !== undefined,
    shaders: Object.keys(run.shaders).length > 0,
    ownFiles: ownFiles(workload, run.plan.inputs.files),
    notes: [
      words.verdict(summaries),
      ...run.rescues.map(
        ({ rescue, items, converged }) =>
          `Rescue ${rescue}: ${items} that did not were sampled again with harder parameters, and ${converged} of them passed.`,
      ),
      ...unrescuedLines(run),
      ...(failed > 0 ? [`${failed} of ${items} failed; failures.json says why.`] : []),
      ...(summaries.length + failed < items ? [`${items - summaries.length - failed} of ${items} did not run.`] : []),
      ...(run.faults ? [`Made with faults on demand, to see what they do: ${JSON.stringify(run.faults)}.`] : []),
      ...(run.cpu ? [`Computed on the CPU, without a GPU: ${arithmeticWords(run.cpu.arithmetic)}.`] : []),
      ...run.problem.warnings.map((warning) => `Warning: ${warning}`),
      ...words.warnings(summaries).map((warning) => `Warning: ${warning}`),
      ...(quality ? qualityNotes(quality) : []),
      ...run.problem.notes,
    ],
  });
}
