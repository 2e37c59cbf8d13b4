/** Runs of every metric of a tiny decoder by the engine, on one device that can be told to be out of memory. */
import type { BatchSizes } from '../../src/batch/sizes.ts';
import { textEntry } from '../../src/bundle/types.ts';
import type { Checkpoint } from '../../src/engine/checkpoint/read.ts';
import { parseRunConfig } from '../../src/engine/config/run-config.ts';
import { planRun } from '../../src/engine/plan/plan-run.ts';
import { RunController, type RunListener } from '../../src/engine/run/controller.ts';
import type { GpuContext } from '../../src/gpu/context.ts';
import { type BufferPlan, planBytes } from '../../src/gpu/plan.ts';
import { decoderGraph } from '../../src/nn/graph/decoder-graph.ts';
import type { DecoderSpec } from '../../src/nn/transformer/spec.ts';
import { configured, stagesOf } from '../../src/workloads/analysis/configured.ts';
import type { LoadedAnalysis } from '../../src/workloads/analysis/load.ts';
import { METRICS } from '../../src/workloads/analysis/metrics/index.ts';
import type { AnalysedItem } from '../../src/workloads/analysis/metrics/metric.ts';
import type { AnalysisProblem } from '../../src/workloads/analysis/problem.ts';
import { analysisWorkload } from '../../src/workloads/analysis/workload.ts';
import type { Session, Workload } from '../../src/workloads/workload.ts';
import { SMALL, someIds } from '../transformer/small-decoders.ts';
import { draw, smallTheta } from './small-graphs.ts';

export const IDS = METRICS.map(({ id }) => id);
/** Texts of each metric. */
export const TEXTS = 6;

const { vocabulary } = SMALL.gpt2;
const spec: DecoderSpec = { ...SMALL.gpt2, width: 8, heads: 2, kvHeads: 2, head: 4, hidden: 12, positions: 12 };
export const smallGraph = decoderGraph(spec);

/** In two groups, in pairs of equal length and other endings. */
const items = Array.from({ length: TEXTS }, (_, i): AnalysedItem => {
  const ids = (own: number) => someIds(vocabulary, 4 + 2 * (i >> 1), 60 + own);
  return {
    name: `t${i}`,
    ids: ids(i),
    words: ids(i).map(String),
    group: i % 2 === 0 ? 'positive' : 'negative',
    counterfactual: ids(i ^ 1),
  };
});

/** Of ids in texts, in any text. */
export const idsInTexts = new Set(items.flatMap(({ ids }) => ids!));

function smallLoaded(): LoadedAnalysis {
  const own = { name: 'a small gpt2', sha256: 'sha256:small' };
  const theta = smallTheta(smallGraph);
  const from = smallTheta(smallGraph, 4);
  const path = [1, 0.4, 0.1, 0].map((share, k) => ({
    name: `step-${k}`,
    theta: theta.map((value, p) => value + share * (from[p] - value) + 0.3 * share * (1 - share) * draw(5, p)),
  }));
  return {
    ...own,
    code: { configured, stagesOf },
    graph: smallGraph,
    theta,
    path,
    items,
    about: 'The test.',
    warnings: [],
    itemFiles: (folder) => ({ entry: textEntry(`${folder}/texts.json`, () => '[]'), about: 'texts' }),
  };
}

/** Statistical sizes at their least, where that still says something. */
const LEAST = {
  inductionTexts: 2,
  pathSteps: 3,
  conductanceSteps: 2,
  deletionOrders: 2,
  jacobianProbes: 2,
  singularSteps: 2,
  fisherDraws: 2,
  eigenvalues: 1,
  lanczosSteps: 3,
  blockSteps: 2,
  traceProbes: 2,
  landscapeGrid: 3,
  traceDraws: 2,
  permutations: 20,
  resamples: 50,
} as const;

/** @param rows in flight, of every metric */
function sizesWith(rows: number): Partial<BatchSizes> {
  const least = Object.entries(LEAST).map(([key, value]) => [`analysis.${key}`, value]);
  const own = METRICS.flatMap(({ chunk, items: texts }) => [
    [chunk, rows],
    [texts, TEXTS],
  ]);
  return Object.fromEntries([...least, ...own]);
}

/** What happens around a session of the metric of that name, which takes one piece of work at a time. */
export interface Around {
  /** Before it takes its memory, by this plan. */
  opens?(metric: string, bytes: number): void;
  /** After each piece, counted from 1 in each session. */
  piece?(metric: string, count: number): void;
}

function watched(around: Around): Workload {
  const workload = analysisWorkload as unknown as Workload;
  return {
    ...workload,
    open: async (gpu, problem, plan: BufferPlan, ...rest) => {
      const { params, stage } = problem as AnalysisProblem;
      const metric = params.metrics[stage];
      around.opens?.(metric, planBytes(plan));
      const session: Session = await workload.open(gpu, problem, plan, ...rest);
      const advance = session.advance.bind(session);
      let pieces = 0;
      session.advance = async (budget) => {
        const progress = await advance(budget, 1);
        pieces++;
        around.piece?.(metric, pieces);
        return progress;
      };
      return session;
    },
  };
}

export interface SmallRun {
  readonly rows?: number;
  readonly metrics?: readonly string[];
  readonly params?: Readonly<Record<string, unknown>>;
  readonly around?: Around;
  readonly listener?: RunListener;
  readonly from?: Checkpoint;
}

export function smallRun(gpu: GpuContext, given: SmallRun = {}): RunController {
  const { rows = TEXTS, metrics = IDS, params = {}, around = {}, listener = {}, from } = given;
  const workload = watched(around);
  const config = parseRunConfig(
    {
      workload: workload.id,
      params: { metrics: metrics.join(','), baseline: 'mean', plane: 'path', ...params },
      batch: { size: 1, sizes: sizesWith(rows) },
    },
    [workload],
  );
  const plan = planRun(workload, config, { loaded: smallLoaded() }, gpu.report);
  let clock = 0;
  // Long enough for the state to be kept after every piece.
  const now = () => {
    clock += 10_000;
    return clock;
  };
  return new RunController({ plan, gpu, listener, now, ...(from && { finished: from.finished, saved: from.saved }) });
}
