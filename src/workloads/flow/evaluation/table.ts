/** Evaluations of networks as tables: what was trained, how it was sampled, what came out. */
import { encodeCsv } from '../../../bundle/csv.ts';
import { mlpLayout } from '../../../nn/mlp.ts';
import { isAdaptive } from '../sampling/solvers.ts';
import type { EvaluationRecord, NetworkFile, Provenance } from '../weights/network-file.ts';
import type { Evaluation, ObservationScore } from './evaluate.ts';

export interface EvaluatedNetwork {
  /** Name of the file. */
  readonly name: string;
  readonly network: NetworkFile;
  readonly evaluations: readonly Evaluation[];
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export const meanC2st = ({ scores }: Evaluation) => meanOf(scores.map(({ c2st }) => c2st));
/** NaN where none was measured. */
export const meanControl = ({ scores }: Evaluation) =>
  meanOf(scores.map(({ selfControl }) => selfControl ?? Number.NaN));

/** The observation that is told best. */
export function worstOf({ scores }: Evaluation): ObservationScore {
  return scores.reduce((worst, score) => (score.c2st > worst.c2st ? score : worst));
}

/** Of the network's samples: from this share outside the prior an observation counts as one at the edge. */
const AT_THE_EDGE = 0.01;

/** Observations whose posterior the prior cuts: those of which more than a hundredth of the network's samples is rejected. */
export function atTheEdge({ scores }: Evaluation): readonly ObservationScore[] {
  return scores.filter(({ rejected }) => rejected > AT_THE_EDGE);
}

/** ".512 (predictive-3)". */
export const worstWords = (evaluation: Evaluation) => {
  const { c2st, observation } = worstOf(evaluation);
  return `${c2st.toFixed(3)} (${observation})`;
};

/** "9 of 24, C2ST 0.505". */
export function edgeWords(evaluation: Evaluation): string {
  const edge = atTheEdge(evaluation);
  const share = `${edge.length} of ${evaluation.scores.length}`;
  return edge.length === 0 ? share : `${share}, C2ST ${meanOf(edge.map(({ c2st }) => c2st)).toFixed(3)}`;
}

export const TABLE_HEADER = [
  'task',
  'solver',
  'steps',
  'evaluations',
  'precision',
  'C2ST',
  'self-control',
  'worst',
  'at the edge',
  'by observation',
  'samples',
  'simulations',
  'parameters',
  'training steps',
  'batch',
  'trained in',
];

/** A row for each evaluation: means over the observations, and every observation's own C2ST. */
export function tableCells(networks: readonly EvaluatedNetwork[]): string[][] {
  return networks.flatMap(({ network: { model, provenance }, evaluations }) =>
    evaluations.map((evaluation) => {
      const { settings, scores, samples } = evaluation;
      return [
        model.task.id,
        settings.solver,
        String(settings.steps),
        `${isAdaptive(settings.solver) ? '≤ ' : ''}${evaluation.evaluations}`,
        settings.precision,
        meanC2st(evaluation).toFixed(3),
        control(evaluation),
        worstWords(evaluation),
        edgeWords(evaluation),
        scores.map(({ c2st }) => c2st.toFixed(3)).join(' '),
        count(samples),
        count(provenance.simulations),
        count(mlpLayout(model.net).parameters),
        count(provenance.steps),
        count(provenance.batch),
        minutes(provenance.seconds),
      ];
    }),
  );
}

export function tableMarkdown(networks: readonly EvaluatedNetwork[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = TABLE_HEADER.map(() => '---');
  return `${[TABLE_HEADER, rule, ...tableCells(networks)].map(row).join('\n')}\n`;
}

/** A row for each observation, with every digit. */
export function tableCsv(networks: readonly EvaluatedNetwork[]): string {
  const header = [
    ...['network', 'task', 'solver', 'steps', 'evaluations', 'precision', 'samples', 'observation', 'c2st'],
    ...[
      'self_control',
      'rejected_frac',
      'samples_per_second',
      'simulations',
      'parameters',
      'training_steps',
      'batch',
      'seed',
    ],
    ...['training_precision', 'training_seconds', 'adapter'],
  ];
  const rows = networks.flatMap(({ name, network: { model, provenance }, evaluations }) =>
    evaluations.flatMap(({ settings, evaluations: each, samples, scores, samplesPerSecond }) =>
      scores.map(({ observation, c2st, selfControl, rejected }) => [
        ...[name, model.task.id, settings.solver, settings.steps, each, settings.precision, samples, observation, c2st],
        ...[
          selfControl,
          rejected,
          samplesPerSecond,
          provenance.simulations,
          mlpLayout(model.net).parameters,
          provenance.steps,
        ],
        ...[provenance.batch, provenance.seed, provenance.precision, provenance.seconds, provenance.adapter],
      ]),
    ),
  );
  return encodeCsv(header, rows);
}

/** Provenance with what an evaluation found. */
export function withEvaluation(provenance: Provenance, evaluation: Evaluation): Provenance {
  const { settings, evaluations, samples, scores } = evaluation;
  const by = (pick: (score: ObservationScore) => number) =>
    Object.fromEntries(scores.map((score) => [score.observation, pick(score)]));
  const controls = scores.flatMap(({ observation, selfControl }) =>
    selfControl === undefined ? [] : [[observation, selfControl] as const],
  );
  const record: EvaluationRecord = {
    solver: settings.solver,
    evaluations,
    precision: settings.precision,
    samples,
    c2st: by(({ c2st }) => c2st),
    rejected: by(({ rejected }) => rejected),
    ...(controls.length === 0 ? {} : { selfControl: Object.fromEntries(controls) }),
  };
  return { ...provenance, c2st: meanC2st(evaluation), c2stObservations: scores.length, evaluation: record };
}

const control = (evaluation: Evaluation) => {
  const mean = meanControl(evaluation);
  return Number.isFinite(mean) ? mean.toFixed(3) : '–';
};

const count = (value: number | undefined) => value?.toLocaleString('en-US') ?? '–';

function minutes(seconds: number | undefined): string {
  if (seconds === undefined) return '–';
  return seconds < 60 ? `${seconds.toFixed(0)} s` : `${(seconds / 60).toFixed(1)} min`;
}
