/** The flow experiment's parameters. One row gives form field, flag, link and validation. */
import type { ParamSpec, ParamValues } from '../params.ts';
import { parseParams } from '../validate.ts';
import { defaultSteps, hasAlpha, hasSpacing, type Solver, type Spacing } from './sampling/solvers.ts';

/** What the page calls a task; its id where it is none of these. */
export function taskTitle(id: string): string {
  return labelOf('task', id);
}

/** What the page calls a choice of a parameter; its value where it is none of these. */
function labelOf(key: string, value: string): string {
  const spec = flowParams.find((each) => each.key === key);
  return (spec?.kind === 'choice' && spec.choices.find((choice) => choice.value === value)?.label) || value;
}

/** Task, solver and steps of a run: "SLCP", "Midpoint × 10". */
export function runWords(values: ParamValues): string[] {
  const { task, solver, steps } = readFlowParams(values);
  return [taskTitle(task), `${labelOf('solver', solver)} × ${steps}`];
}

const solver = (values: ParamValues) => values.solver as Solver;

export const flowParams: readonly ParamSpec[] = [
  {
    key: 'task',
    label: 'Task',
    help: 'A simulator whose posterior is known exactly.',
    group: 'Problem',
    kind: 'choice',
    default: 'two_moons',
    choices: [
      { value: 'gaussian', label: 'Gaussian', help: '3 parameters; a box prior and Gaussian noise' },
      { value: 'two_moons', label: 'Two moons', help: '2 parameters; a posterior of two crescents' },
      { value: 'gaussian_linear', label: 'Gaussian linear', help: '10 parameters; everything is Gaussian' },
      { value: 'gaussian_mixture', label: 'Gaussian mixture', help: '2 parameters; a narrow peak on a wide one' },
      { value: 'slcp', label: 'SLCP', help: '5 parameters; four modes from a simple likelihood' },
      {
        value: 'shear',
        label: 'Shear',
        help: '2 parameters of a galaxy stamp of 48 × 48 pixels, as the Shear experiment infers them',
      },
    ],
  },
  {
    key: 'truthSource',
    simulates: true,
    label: 'Observations',
    help: 'What is inferred from: the task’s reference observations, or new simulations with parameters from the prior. A file of your own goes before both.',
    group: 'Problem',
    kind: 'choice',
    default: 'task',
    choices: [
      { value: 'task', label: 'The task’s own' },
      { value: 'prior', label: 'Simulated' },
    ],
  },
  {
    key: 'observation',
    simulates: true,
    label: 'Which of them',
    help: 'Numbers of the task’s observations, from 1. Those of the sbibm benchmark come first.',
    group: 'Problem',
    kind: 'numberList',
    default: [1],
    min: 1,
    max: 10,
    maxLength: 10,
    when: (values) => values.truthSource === 'task',
  },
  {
    key: 'observations',
    simulates: true,
    label: 'How many',
    help: 'Observations to simulate.',
    group: 'Problem',
    flag: 'n-observations',
    flagAliases: ['observations'],
    kind: 'integer',
    multiplies: 'items',
    default: 64,
    min: 1,
    max: 100_000,
    when: (values) => values.truthSource === 'prior',
  },
  {
    key: 'samples',
    label: 'Samples',
    help: 'Posterior samples for each observation.',
    group: 'Sampler',
    flag: 'n-samples',
    flagAliases: ['samples'],
    kind: 'integer',
    default: 1000,
    min: 1,
    max: 1_000_000,
  },
  {
    key: 'solver',
    label: 'Solver',
    help: 'How samples follow the flow. Midpoint is nearest for its price; stochastic ones add noise on the way and take it out again.',
    group: 'Sampler',
    kind: 'choice',
    default: 'midpoint',
    choices: [
      { value: 'euler', label: 'Euler', help: '1 evaluation a step' },
      { value: 'midpoint', label: 'Midpoint', help: '2 evaluations a step' },
      { value: 'heun', label: 'Heun', help: '2 evaluations a step' },
      { value: 'rk4', label: 'Runge–Kutta 4', help: '4 evaluations a step' },
      { value: 'dopri5', label: 'Dormand–Prince 5', help: 'steps of adapted length for each sample' },
      { value: 'zero_ends', label: 'SDE, zero ends', help: 'stochastic, 1 evaluation a step' },
      { value: 'non_singular', label: 'SDE, non-singular', help: 'stochastic, 1 evaluation a step' },
      { value: 'edm', label: 'EDM', help: 'the path and steps of Karras et al., 2 evaluations a step' },
      { value: 'vp_sde', label: 'Score matching (VP)', help: 'stochastic, 1 evaluation a step' },
    ],
  },
  {
    key: 'steps',
    label: 'Steps',
    help: 'Steps from noise to posterior; automatic (0) suits the solver. More cost time and follow the flow more closely. Of adapted length they are at most so many.',
    group: 'Sampler',
    kind: 'integer',
    default: 0,
    min: 0,
    max: 1000,
    zero: 'automatic',
  },
  {
    key: 'spacing',
    label: 'Spacing of the steps',
    help: 'Where along the way from noise to posterior the steps lie. Narrow posteriors take their shape near the end.',
    group: 'Sampler',
    advanced: true,
    kind: 'choice',
    default: 'late',
    choices: [
      { value: 'late', label: 'Shorter near the end', help: 'step i of n ends at t = 1 − (1 − i/n)²' },
      { value: 'uniform', label: 'Uniform', help: 'equal steps, as GenSBI takes them' },
    ],
    when: (values) => hasSpacing(solver(values)),
  },
  {
    key: 'alpha',
    label: 'Noise α',
    help: 'Strength of the noise that the stochastic solvers add.',
    group: 'Sampler',
    kind: 'number',
    default: 1,
    min: 0,
    max: 10,
    step: 0.1,
    when: (values) => hasAlpha(solver(values)),
  },
  {
    key: 'rejectOutside',
    label: 'Inside the prior only',
    help: 'Samples outside the prior are drawn anew; the share is told. Networks are taught a wider prior, whose samples are kept otherwise.',
    group: 'Sampler',
    advanced: true,
    kind: 'boolean',
    default: true,
  },
];

/** The table's values by name and type. */
export interface FlowParams {
  /** Id of the task. */
  readonly task: string;
  readonly truthSource: 'task' | 'prior';
  /** From 1. */
  readonly observation: readonly number[];
  readonly observations: number;
  readonly samples: number;
  readonly solver: Solver;
  /** At least 1. */
  readonly steps: number;
  readonly spacing: Spacing;
  readonly alpha: number;
  readonly rejectOutside: boolean;
}

/**
 * Types a set of parameters, filling gaps with the table's defaults.
 * @throws ConfigError where the table does not allow a value or does not know a key.
 */
export function readFlowParams(values: ParamValues): FlowParams {
  // The table has just checked every key and value that the interface lists.
  const params = parseParams(flowParams, undefined, values) as unknown as FlowParams;
  return { ...params, steps: params.steps || defaultSteps(params.solver) };
}
