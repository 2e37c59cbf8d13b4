/** What a sampler of tokens is told: its rule, its steps, and what shape the cells have. */
import { ConfigError } from '../../workload.ts';
import { isIndependent, type RevealRule } from './rules.ts';
import type { ScheduleName } from './schedule.ts';

export interface SamplerSettings {
  readonly genes: number;
  /** Tokens a gene can have, V; token V is the mask. */
  readonly bins: number;
  readonly rule: RevealRule;
  /** Of `tweedie`, `euler` and `origin`. */
  readonly schedule: ScheduleName;
  /**
   * Steps N before the denoising; `first-hitting` takes one a gene instead. With 0 steps `tweedie`, `euler` and `origin` are the denoising
   * alone: all hidden genes at once.
   */
  readonly steps: number;
  /** How what the steps leave masked is filled in; drawn unless given, and always by the most probable token by the origin's rule. */
  readonly denoise?: 'draw' | 'argmax';
  /** T of p^{1/T}: 1 is the predictor's own law. */
  readonly temperature: number;
  /** γ of log p_γ = γ log p(·|c) + (1 − γ) log p(·); 1 asks the predictor once, anything else with and without the label. */
  readonly guidance: number;
}

/** Most bins: a token and the mask fit a byte. */
export const MOST_BINS = 255;
/** Most steps: the step of a gene fits 16 bits. */
export const MOST_STEPS = 65_534;

/** Throws `ConfigError` for settings that cannot be sampled with. */
export function checkSettings({ genes, bins, rule, steps, temperature, guidance }: SamplerSettings): void {
  const whole = (name: string, value: number, most: number, least = 1) => {
    if (!Number.isInteger(value) || value < least || value > most)
      throw new ConfigError(
        `params.${name}`,
        `Expected a whole number from ${least} to ${most} for ${name}, got ${value}.`,
      );
  };
  whole('genes', genes, MOST_STEPS);
  whole('bins', bins, MOST_BINS);
  if (rule !== 'first-hitting') whole('steps', steps, MOST_STEPS, isIndependent(rule) ? 0 : 1);
  if (!(temperature > 0 && Number.isFinite(temperature)))
    throw new ConfigError('params.temperature', `Expected a temperature above 0, got ${temperature}.`);
  if (!Number.isFinite(guidance))
    throw new ConfigError('params.guidance', `Expected a finite guidance, got ${guidance}; 1 is none.`);
}

/** Steps in which genes may reveal, with the denoising where the rule leaves something for it. */
export function stepsOf({ genes, rule, steps }: Pick<SamplerSettings, 'genes' | 'rule' | 'steps'>): number {
  if (rule === 'first-hitting') return genes;
  return isIndependent(rule) ? steps + 1 : steps;
}

/** Whether the predictor is asked twice. */
export function isGuided({ guidance }: Pick<SamplerSettings, 'guidance'>): boolean {
  return guidance !== 1;
}

/** The step whose genes take the most probable token; undefined where all are drawn. */
export function argmaxStep({
  rule,
  steps,
  denoise,
}: Pick<SamplerSettings, 'rule' | 'steps' | 'denoise'>): number | undefined {
  return isIndependent(rule) && (rule === 'origin' || denoise === 'argmax') ? steps : undefined;
}
