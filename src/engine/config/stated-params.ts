/** Parameters that the user's files state: a file's value takes the place of a preset's, and contradicts one that somebody chose. */
import { presetParams } from '../../workloads/validate.ts';
import { ConfigError, type RunInputs, type StatedParam, type Workload } from '../../workloads/workload.ts';
import { findPreset, type RunConfig } from './run-config.ts';

/** Relative difference below which two values say the same. */
const SAME = 1e-3;

export interface StatedConfig {
  /** What the run is configured with; the very one that was given where no file states anything else. */
  readonly config: RunConfig;
  /** What was taken from files instead of the preset, in sentences. */
  readonly stated: readonly string[];
  /** What files state, whether or not the configuration says the same. */
  readonly facts: readonly StatedParam[];
}

/** @throws ConfigError where a file states another value than the one that was chosen */
export function withStatedParams(workload: Workload, config: RunConfig, inputs: RunInputs): StatedConfig {
  const facts = workload.stated?.(inputs) ?? [];
  const preset = presetParams(workload.params, findPreset(workload, config.preset));
  const taken = facts.filter(({ key, value }) => !same(config.params[key], value));
  const chosen = taken.find(({ key }) => config.params[key] !== preset[key]);
  if (chosen) throw contradiction(workload, config, preset[chosen.key], chosen);
  if (taken.length === 0) return { config, facts, stated: [] };
  const values = Object.fromEntries(taken.map(({ key, value }) => [key, value]));
  return {
    config: { ...config, params: { ...config.params, ...values } },
    facts,
    stated: taken.map(
      (fact) =>
        `${labelOf(workload, fact)} ${fact.value} is that of ${fact.source}, in the place of the preset's ${preset[fact.key]}.`,
    ),
  };
}

function contradiction(workload: Workload, { params }: RunConfig, preset: unknown, fact: StatedParam): ConfigError {
  const { key, value, source } = fact;
  return new ConfigError(
    `params.${key}`,
    `${labelOf(workload, fact)} (${key}): ${params[key]} was chosen, and ${source} says ${value}. ` +
      `Give ${value}, or the preset's ${preset} to have the file's value taken; where the file is wrong, correct it.`,
  );
}

function labelOf({ params }: Workload, { key }: StatedParam): string {
  return params.find((spec) => spec.key === key)?.label ?? key;
}

function same(a: unknown, b: number): boolean {
  return typeof a === 'number' && Math.abs(a - b) <= SAME * Math.max(Math.abs(a), Math.abs(b));
}
