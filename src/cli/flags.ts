/** Flags of `lockstep run`, generated from the parameter table, and the configuration that they and `--config` make. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Registry } from '../engine/config/run-config.ts';
import { decodeNumber, decodeSizes } from '../engine/config/url-state.ts';
import { paramFlag, paramFromText, paramToText } from '../workloads/param-text.ts';
import type { ParamSpec } from '../workloads/params.ts';
import { allowedValues } from '../workloads/validate.ts';
import { ConfigError, type Workload } from '../workloads/workload.ts';

/** Flags of fields that are not parameters, by the field's path in the configuration. */
const FIELD_FLAGS: Readonly<Record<string, string>> = {
  config: '--config',
  workload: '--workload',
  preset: '--preset',
  seed: '--base-seed',
  precision: '--precision',
  'batch.size': '--batch-size',
  'batch.memoryBudgetMiB': '--memory-budget',
  'batch.memoryClass': '--memory-class',
  'output-dir': '--output-dir',
  resume: '--resume',
  extend: '--extend',
  price: '--price',
  beyond: '--beyond',
  csv: '--csv',
  markdown: '--markdown',
};

/** Values of the flags that were given, by long flag without dashes. */
export type GivenFlags = ReadonlyMap<string, string | readonly string[] | true>;

/** The flag that sets a field (`params.noiseSigma` → `--noise-sigma`); undefined where there is none. */
export function flagOf(workload: Workload, field: string): string | undefined {
  const spec = workload.params.find(({ key }) => `params.${key}` === field);
  if (field.startsWith('batch.sizes')) return '--size';
  if (workload.files.some(({ role, options }) => [role, ...(options ?? []).map(({ name }) => name)].includes(field)))
    return `--${field}`;
  return spec ? `--${paramFlag(spec)}` : FIELD_FLAGS[field];
}

/** A parameter of the experiment is set by that flag: it means nothing else then. */
export function isOwnFlag({ params }: Pick<Workload, 'params'>, flag: string): boolean {
  return params.some((spec) => paramFlag(spec) === flag || spec.flagAliases?.includes(flag));
}

/** Adds one flag for every file that the experiment takes. Those of other experiments are known, so that they are refused with a reason. */
export function addFileFlags(command: Command, workload: Workload, registry: Registry): void {
  for (const { role, flagHelp, options = [] } of workload.files) {
    command.addOption(new Option(`--${role} <file>`, flagHelp));
    for (const { name, value, help } of options)
      command.addOption(new Option(`--${name} <${value}>`, `of --${role}: ${help}`));
  }
  const own = new Set([
    ...workload.files.map(({ role }) => role),
    ...workload.params.flatMap((spec) => [paramFlag(spec), ...(spec.flagAliases ?? [])]),
  ]);
  for (const { title, files } of registry)
    for (const { role } of files) {
      if (own.has(role)) continue;
      own.add(role);
      const refuse = () => {
        throw new InvalidArgumentError(`${workload.title} takes no such file; ${title} does.`);
      };
      command.addOption(new Option(`--${role} <file>`).argParser(refuse).hideHelp());
    }
}

const VALUES: Readonly<Partial<Record<ParamSpec['kind'], string>>> = { numberList: '<numbers...>', set: '<names>' };

/** Adds one flag for every parameter of the table, under its group's heading. */
export function addParameterFlags(command: Command, workload: Workload): void {
  for (const spec of workload.params) {
    const value = spec.kind === 'boolean' ? '[true|false]' : (VALUES[spec.kind] ?? `<${spec.kind}>`);
    const unit = spec.unit ? ` [${spec.unit}]` : '';
    const text = `${spec.label}${unit}: ${allowedValues(spec)} (default ${defaultWords(spec)})`;
    command.addOption(new Option(`--${paramFlag(spec)} ${value}`, text).helpGroup(`${spec.group}:`));
    for (const alias of spec.flagAliases ?? []) {
      command.addOption(
        new Option(`--${alias} ${value}`, `the same as --${paramFlag(spec)}`).helpGroup(`${spec.group}:`),
      );
    }
  }
}

/** A default as its form says it: "automatic" where 0 is no quantity. */
function defaultWords(spec: ParamSpec): string {
  const word = 'zero' in spec && spec.default === 0 ? spec.zero : undefined;
  return word ?? (paramToText(spec.default) || 'nothing');
}

/** Flags that were given, whatever commander made of their names. */
export function givenFlags(command: Command): GivenFlags {
  const given = new Map<string, string | readonly string[] | true>();
  for (const option of command.options) {
    if (command.getOptionValueSource(option.attributeName()) !== 'cli') continue;
    given.set((option.long ?? option.flags).replace(/^--/, ''), command.getOptionValue(option.attributeName()));
  }
  return given;
}

/**
 * The configuration as JSON, not yet checked for missing or unknown fields: `base` (a run.json) with the flags laid over it.
 * Throws `ConfigError` for a parameter that cannot be read.
 */
export function configFromFlags(workload: Workload, given: GivenFlags, base: Record<string, unknown>): unknown {
  const text = (flag: string) => {
    const value = given.get(flag);
    return typeof value === 'string' ? value : null;
  };
  const params: Record<string, unknown> = { ...(base.params as object | undefined) };
  for (const spec of workload.params) {
    const flags = [paramFlag(spec), ...(spec.flagAliases ?? [])].filter((flag) => given.has(flag));
    if (flags.length > 1) {
      throw new ConfigError(`params.${spec.key}`, `--${flags.join(' and --')} say the same thing; give one of them.`);
    }
    const value = given.get(flags[0]);
    if (value !== undefined) params[spec.key] = paramFromText(spec, asText(spec, value));
  }
  const batch: Record<string, unknown> = { ...(base.batch as object | undefined) };
  const size = text('batch-size');
  if (size !== null) batch.size = size === 'auto' ? size : decodeNumber(size);
  if (given.has('memory-budget')) batch.memoryBudgetMiB = decodeNumber(text('memory-budget'));
  if (given.has('memory-class')) batch.memoryClass = text('memory-class');
  const sizes = given.get('size');
  if (Array.isArray(sizes)) batch.sizes = { ...(batch.sizes as object | undefined), ...decodeSizes(sizes) };
  return {
    ...base,
    workload: workload.id,
    preset: text('preset') ?? base.preset,
    seed: decodeNumber(text('base-seed') ?? text('seed')) ?? base.seed,
    precision: text('precision') ?? base.precision,
    batch,
    params,
  };
}

function asText(spec: ParamSpec, value: string | readonly string[] | true): string {
  if (value === true) return spec.kind === 'boolean' ? 'true' : '';
  return typeof value === 'string' ? value : value.join(',');
}
