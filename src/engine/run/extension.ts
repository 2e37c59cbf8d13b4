/** What a run takes over of a finished one: items of the same name whose stage would compute them to the same bits. */
import { canonicalJson } from '../../bundle/json.ts';
import type { OwnFiles } from '../../bundle/own-file.ts';
import type { AdapterReport } from '../../gpu/report.ts';
import { ConfigError, type CpuArithmetic } from '../../workloads/workload.ts';
import { type Place, placeOf } from '../checkpoint/head.ts';
import { placeObjection, requireSameFile } from '../checkpoint/same-run.ts';
import { fixedParams, keepsApart } from '../config/extending.ts';
import { ownFiles } from '../config/own-files.ts';
import type { RunConfig } from '../config/run-config.ts';
import { planRun, type RunPlan } from '../plan/plan-run.ts';
import type { RunController } from './controller.ts';
import { arithmeticWords, cpuPathOf } from './cpu-path.ts';
import type { FinishedItem } from './run-options.ts';
import { shadersOf } from './stage-shaders.ts';

/** A finished run, wherever it is kept. */
export interface EarlierRun {
  readonly config: RunConfig;
  /** Where it was computed; of an adapter that was not recorded nothing is asked. */
  readonly place: Omit<Place, 'adapter'> & Partial<Pick<Place, 'adapter'>>;
  /** With what, on the CPU. */
  readonly cpu?: CpuArithmetic;
  /** The user's files by role, and what was loaded. */
  readonly files: OwnFiles;
  readonly loaded?: { readonly name: string; readonly sha256: string };
  /** The WGSL that ran, by file name; empty on the CPU. */
  readonly shaders: Readonly<Record<string, string>>;
  readonly finished: readonly FinishedItem[];
}

/** One that ran here. */
export function earlierOf({ plan, report, cpu, shaders, store }: RunController): EarlierRun {
  const { workload, config, inputs, mode } = plan;
  const { loaded } = inputs;
  const finished = store.stored(
    workload.results,
    store.items().map(({ info }) => info.index),
  );
  return {
    config,
    place: placeOf(mode, report?.name ?? null),
    ...(cpu && { cpu: cpu.arithmetic }),
    files: ownFiles(workload, inputs.files),
    ...(loaded && { loaded: { name: loaded.name, sha256: loaded.sha256 } }),
    shaders,
    finished,
  };
}

/** What computes now. */
export interface Now {
  readonly plan: RunPlan;
  /** Null on the CPU. */
  readonly report: AdapterReport | null;
}

/**
 * Its results under the new run's indices: a run that starts with them (`RunOptions.finished`) ends as one that computes everything. Items
 * of a stage that is configured or compiled otherwise are left out, and computed again.
 * @throws ConfigError for `extend`, or for the file of the user's that is another, where nothing can be taken over
 */
export async function takenOver(earlier: EarlierRun, { plan, report }: Now): Promise<FinishedItem[]> {
  await requireExtendable(earlier, { plan, report });
  const { workload, inputs } = plan;
  const problem = plan.configured.prepare(plan.config.seed);
  const [then, now] = [
    stagesByItem(planRun(workload, earlier.config, inputs, report), earlier.shaders),
    stagesByItem(plan, report ? await shadersOf(plan, problem) : {}),
  ];
  const infos = new Map(problem.items.map((info) => [info.runId, info]));
  const taken = earlier.finished.flatMap(({ stored, attempts }) => {
    const info = infos.get(stored.info.runId);
    if (info === undefined || info.seed !== stored.info.seed) return [];
    const same = then(stored.info.index) === now(info.index);
    return same ? [{ stored: { ...stored, info }, attempts }] : [];
  });
  if (taken.length > 0) return taken;
  throw new ConfigError(
    'extend',
    `that run has no result of this one: all ${workload.itemName.many} would be computed anew.`,
  );
}

/** What computes an item, as a text: equal ones give equal bits. By the item's index. */
function stagesByItem(plan: RunPlan, shaders: Readonly<Record<string, string>>): (item: number) => string | undefined {
  const texts = plan.stages.map((stage) => {
    const folder = plan.stages.length > 1 ? `${stage.stage?.name}/` : '';
    const own = Object.entries(shaders).filter(([path]) => path.startsWith(folder));
    return {
      items: stage.stage && new Set(stage.stage.items),
      text: canonicalJson({
        name: stage.stage?.name,
        params: { ...fixedParams(plan.workload, stage.config.params) },
        shape: { ...stage.shape.record },
        shaders: Object.fromEntries(own.map(([path, wgsl]) => [path.slice(folder.length), wgsl])),
      }),
    };
  });
  return (item) => texts.find(({ items }) => items?.has(item) ?? true)?.text;
}

async function requireExtendable(earlier: EarlierRun, { plan, report }: Now): Promise<void> {
  const { workload, config, inputs, mode } = plan;
  const field = keepsApart(workload, earlier.config, config);
  if (field)
    throw new ConfigError('extend', `that run has another value of ${field}: its results are not of this one.`);
  const now = placeOf(mode, report?.name ?? null);
  // An adapter that was not recorded is taken for the one that is here.
  const then: Place = { ...now, ...earlier.place };
  const cpu = mode === 'cpu' ? (await cpuPathOf(workload)).arithmetic : undefined;
  const objection =
    placeObjection(then, now) ??
    (cpu && arithmeticWords(earlier.cpu) !== arithmeticWords(cpu)
      ? `It was computed by ${arithmeticWords(earlier.cpu)}, and here that would be ${arithmeticWords(cpu)}.`
      : undefined);
  if (objection) throw new ConfigError('extend', `that run cannot be added to here bit for bit. ${objection}`);
  const files = ownFiles(workload, inputs.files);
  for (const { role } of workload.files) requireSameFile(role, earlier.files[role], files[role]);
  requireSameFile('extend', earlier.loaded, inputs.loaded);
}
