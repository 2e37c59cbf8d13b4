/**
 * A configuration as a query string: only what differs from its preset, so that links stay short and readable, e.g.
 * `?preset=quick&seed=7&batch=16&draws=640`. Data never goes into the URL.
 */
import { experiments } from '../../workloads/catalog.ts';
import { paramFromText, paramToText } from '../../workloads/param-text.ts';
import type { ParamValue } from '../../workloads/params.ts';
import { didYouMean } from '../../workloads/suggest.ts';
import { ConfigError } from '../../workloads/workload.ts';
import { type Catalog, findPreset, findWorkload, parseRunConfig, presetConfig, type RunConfig } from './run-config.ts';

/** Names of the fields that are not parameters. No parameter may have one of these as its key. */
export const FIELDS = ['workload', 'preset', 'seed', 'precision', 'batch', 'memory', 'memoryClass', 'sizes'] as const;

/** The query string (without "?") that `fromUrl` turns back into `config`; empty for the first preset as it comes. */
export function toUrl(config: RunConfig, registry: Catalog = experiments): string {
  const workload = findWorkload(config.workload, registry);
  const preset = findPreset(workload, config.preset);
  const base = presetConfig(workload, preset);
  const query = new URLSearchParams();
  if (workload !== registry[0]) query.set('workload', workload.id);
  if (preset !== workload.presets[0]) query.set('preset', preset.id);
  if (config.seed !== base.seed) query.set('seed', String(config.seed));
  if (config.precision !== base.precision) query.set('precision', config.precision);
  if (config.batch.size !== base.batch.size) query.set('batch', String(config.batch.size));
  if (config.batch.memoryBudgetMiB !== base.batch.memoryBudgetMiB) {
    query.set('memory', String(config.batch.memoryBudgetMiB));
  }
  if (config.batch.memoryClass !== base.batch.memoryClass) query.set('memoryClass', config.batch.memoryClass);
  const sizes = Object.entries(config.batch.sizes).map(([key, size]) => `${key}:${size}`);
  if (sizes.length > 0) query.set('sizes', sizes.join(','));
  for (const { key } of workload.params) {
    const text = paramToText(config.params[key]);
    if (text !== paramToText(base.params[key])) query.set(key, text);
  }
  // Commas and colons need no escape in a query.
  return query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
}

/**
 * Reads a query string. `pageKeys` are names that belong to the page (an open tab, hidden controls) and are passed over; any
 * other unknown name is a `ConfigError`, as is a value that does not fit.
 */
export function fromUrl(search: string, pageKeys: readonly string[] = [], registry: Catalog = experiments): RunConfig {
  const query = new URLSearchParams(search);
  const workload = findWorkload(query.get('workload') ?? undefined, registry);
  const params: Record<string, ParamValue> = {};
  for (const [name, text] of query) {
    if (pageKeys.includes(name) || FIELDS.some((field) => field === name)) continue;
    const spec = workload.params.find(({ key }) => key === name);
    if (!spec) {
      const known = [...FIELDS, ...workload.params.map(({ key }) => key)];
      throw new ConfigError(`params.${name}`, `the link has an unknown field "${name}". ${didYouMean(name, known)}`);
    }
    params[name] = paramFromText(spec, text);
  }
  const batch = query.get('batch');
  return parseRunConfig(
    {
      workload: workload.id,
      preset: query.get('preset') ?? undefined,
      seed: decodeNumber(query.get('seed')),
      precision: query.get('precision') ?? undefined,
      batch: {
        size: batch === 'auto' ? batch : decodeNumber(batch),
        memoryBudgetMiB: decodeNumber(query.get('memory')),
        memoryClass: query.get('memoryClass') ?? undefined,
        sizes: decodeSizes(query.get('sizes')?.split(',') ?? []),
      },
      params,
    },
    registry,
  );
}

/** Sizes of the batch table written as "key:value"; what is no number stays text, for validation to name. */
export function decodeSizes(texts: readonly string[]): Record<string, number | string | undefined> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.search(/[:=]/);
      return at < 0 ? [text, ''] : [text.slice(0, at), decodeNumber(text.slice(at + 1))];
    }),
  );
}

/** A number where the text is one; else the text itself, so that validation names the field and shows what stood there. */
export function decodeNumber(text: string | null): number | string | undefined {
  if (text === null) return undefined;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isNaN(value) ? text : value;
}
