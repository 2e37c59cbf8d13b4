/** The activations experiment's parameters. One row gives form field, flag, link and validation. */
import type { ParamSpec, ParamValues } from '../params.ts';
import { parseParams } from '../validate.ts';

/** The origin's. */
const DEFAULT_POSITION = 'response[:5]';

const draws = (values: ParamValues) => Number(values.maxNewTokens) > 0;
const random = (values: ParamValues) => draws(values) && Number(values.temperature) > 0;
const steered = (values: ParamValues) => values.strength !== 0;

export const activationsParams: readonly ParamSpec[] = [
  {
    key: 'texts',
    label: 'Texts of each side',
    help: 'How many of the texts that ship are taken of each side, happy and sad. Texts of your own are taken as they are.',
    group: 'Texts',
    kind: 'integer',
    multiplies: 'items',
    simulates: true,
    default: 40,
    min: 1,
    max: 1000,
  },
  {
    key: 'maxNewTokens',
    label: 'New tokens',
    help: 'Tokens that the model writes behind each prompt at most; 0 reads prompts and writes nothing.',
    group: 'Texts',
    kind: 'integer',
    default: 40,
    min: 0,
    max: 100_000,
  },
  {
    key: 'template',
    label: 'Chat template',
    help: 'Whether prompts are put into the model’s own form for conversations, as instruct models expect them.',
    group: 'Texts',
    kind: 'choice',
    default: 'none',
    choices: [
      { value: 'none', label: 'None', help: 'the text as it stands' },
      { value: 'chat', label: 'The model’s', help: 'as tokenizer_config.json has it' },
    ],
    advanced: true,
  },
  {
    key: 'temperature',
    label: 'Temperature',
    help: '0 takes the likeliest token each time; 1 draws tokens as likely as the model says.',
    group: 'Sampling',
    kind: 'number',
    default: 0,
    min: 0,
    max: 10,
    step: 0.1,
    when: draws,
  },
  {
    key: 'topK',
    label: 'Top k',
    help: 'Draws among so many of the likeliest tokens; 0 among all.',
    group: 'Sampling',
    kind: 'integer',
    default: 0,
    min: 0,
    max: 1_000_000,
    zero: 'all',
    advanced: true,
    when: random,
  },
  {
    key: 'topP',
    label: 'Top p',
    help: 'Draws among the fewest of the likeliest tokens that have this much probability together; 1 among all.',
    group: 'Sampling',
    kind: 'number',
    default: 1,
    min: 0,
    exclusiveMin: true,
    max: 1,
    step: 0.05,
    advanced: true,
    when: random,
  },
  {
    key: 'position',
    label: 'Positions',
    help: 'Over which tokens activations are averaged: prompt, response or all, with a Python slice. Several are separated by commas.',
    group: 'Activations',
    kind: 'text',
    default: DEFAULT_POSITION,
    maxLength: 400,
    allowed: 'e.g. response[:5], prompt[-1]',
  },
  {
    key: 'components',
    label: 'Components',
    help: 'What is kept of every block: the stream alone, or also what attention and MLP add to it, keys and values.',
    group: 'Activations',
    kind: 'choice',
    flag: 'component',
    default: 'residual',
    choices: [
      { value: 'residual', label: 'Residual stream', help: 'the stream before the first block and behind each' },
      {
        value: 'contributions',
        label: 'With contributions',
        help: 'and what attention and MLP add to it',
      },
      { value: 'all', label: 'All five', help: 'and keys and values, before rotary positions' },
    ],
  },
  {
    key: 'pipeline',
    label: 'Pipeline',
    help: 'Whether activations are taken while tokens are generated, or in a second pass over the finished text. Both give equal bits; the second takes longer.',
    group: 'Activations',
    kind: 'choice',
    default: 'combined',
    choices: [
      { value: 'combined', label: 'Combined', help: 'one pass' },
      { value: 'two-stage', label: 'Two stages', help: 'generate first, then read again, as the origin began' },
    ],
    advanced: true,
    when: draws,
  },
  {
    key: 'score',
    label: 'Score tokens',
    help: 'Whether −log p of every token is kept, at temperature 1: how well the text suits the model. It takes logits of the prompt as well.',
    group: 'Activations',
    kind: 'boolean',
    default: true,
    advanced: true,
  },
  {
    key: 'strength',
    label: 'Steering strength',
    help: 'The vector that you give is added so many times to the stream; 0 leaves the model as it is.',
    group: 'Steering',
    kind: 'number',
    default: 0,
    min: -1e6,
    max: 1e6,
    step: 0.25,
    advanced: true,
  },
  {
    key: 'steerLayer',
    label: 'Behind block',
    help: 'The block behind which it is added, counted from 1; 0 adds what the file has for each block.',
    group: 'Steering',
    kind: 'integer',
    default: 0,
    min: 0,
    max: 1000,
    zero: 'as the file says',
    advanced: true,
    when: steered,
  },
  {
    key: 'steerWhere',
    label: 'Steered tokens',
    help: 'Whether it is added at every token, or only behind the prompt.',
    group: 'Steering',
    kind: 'choice',
    default: 'response',
    choices: [
      { value: 'response', label: 'Of the response' },
      { value: 'all', label: 'All', help: 'the prompt’s, too' },
    ],
    advanced: true,
    when: steered,
  },
];

/** The table's values by name and type. */
export interface ActivationsParams {
  /** Of each label, of those that ship. */
  readonly texts: number;
  readonly maxNewTokens: number;
  readonly template: 'none' | 'chat';
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly position: string;
  readonly components: 'residual' | 'contributions' | 'all';
  readonly pipeline: 'combined' | 'two-stage';
  readonly score: boolean;
  readonly strength: number;
  readonly steerLayer: number;
  readonly steerWhere: 'response' | 'all';
}

/**
 * Types a set of parameters, filling gaps with the table's defaults.
 * @throws ConfigError where the table does not allow a value or does not know a key.
 */
export function readActivationsParams(values: ParamValues): ActivationsParams {
  // The table has just checked every key and value that the interface lists.
  return parseParams(activationsParams, undefined, values) as unknown as ActivationsParams;
}

/** New tokens and positions of a run: "40 tokens", "response[:5]". */
export function runWords(values: ParamValues): string[] {
  const { maxNewTokens, position, pipeline, strength } = readActivationsParams(values);
  return [
    maxNewTokens === 0 ? 'read' : `${maxNewTokens} tokens`,
    position,
    ...(pipeline === 'combined' ? [] : [pipeline]),
    ...(strength === 0 ? [] : [`steered ${strength}`]),
  ];
}
