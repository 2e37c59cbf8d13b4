/**
 * A configuration as a query string: only what differs from its preset, so that links stay short and readable, e.g.
 * `?preset=quick&seed=7&batch=16&draws=640`. Data never goes into the URL.
 */
import { knownExperiments } from '../../workloads/known.ts';
import { paramFromText, paramToText } from '../../workloads/param-text.ts';
import type { ParamValue } from '../../workloads/params.ts';
import { nearest } from '../../workloads/suggest.ts';
import { shortened } from '../../workloads/validate.ts';
import { ConfigError } from '../../workloads/workload.ts';
import {
  type BatchConfig,
  type Catalog,
  findPreset,
  findWorkload,
  parseRunConfig,
  presetConfig,
  type RunConfig,
} from './run-config.ts';

/** Names of the fields that are not parameters. No parameter may have one of these as its key. */
export const FIELDS: readonly string[] = [
  'workload',
  'preset',
  'seed',
  'precision',
  'batch',
  'memory',
  'memoryClass',
  'sizes',
];

/** Names that mailers and other sites add to any link: nobody meant a setting by them. */
const TRACKING = /^utm_|clid$/;

/** The query string (without "?") that `fromUrl` turns back into `config`; empty for the first preset as it comes. */
export function toUrl(config: RunConfig, registry: Catalog = knownExperiments): string {
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

/** What of a link was not taken. */
export interface LinkProblem {
  /** Its name in the link, shortened. */
  readonly name: string;
  /** What is wrong with it and what would be right; absent where nothing has that name. */
  readonly message?: string;
  /** What holds in its place, as a link would say it. */
  readonly instead?: string;
}

export interface ReadLink {
  readonly config: RunConfig;
  /** Names of the fields that were taken. */
  readonly taken: readonly string[];
  readonly problems: readonly LinkProblem[];
}

/**
 * Reads a query string, as far as it can be read: what is wrong or unknown costs only itself, and is told. `pageKeys` are names that belong to
 * the page (an open tab, hidden controls) and are passed over. Of a name that is there twice the first counts.
 */
export function fromUrl(
  search: string,
  pageKeys: readonly string[] = [],
  registry: Catalog = knownExperiments,
): ReadLink {
  const query = new URLSearchParams(search);
  const taken: string[] = [];
  const problems: LinkProblem[] = [];
  /** The part of a configuration that a field comes to; undefined where it is not there, or is not taken. */
  const read = <T>(name: string, instead: () => string, parse: (text: string) => T): T | undefined => {
    const text = query.get(name);
    if (text === null) return undefined;
    try {
      const part = parse(text);
      taken.push(name);
      return part;
    } catch (thrown) {
      if (!(thrown instanceof ConfigError)) throw thrown;
      problems.push({ name, message: thrown.message, instead: instead() });
      return undefined;
    }
  };
  const workload =
    read(
      'workload',
      () => registry[0].id,
      (id) => findWorkload(id, registry),
    ) ?? registry[0];
  const [first] = workload.presets;
  const preset =
    read(
      'preset',
      () => first.id,
      (id) => findPreset(workload, id),
    ) ?? first;
  const base = { workload: workload.id, preset: preset.id };
  const plain = presetConfig(workload, preset);
  const parsed = (part: object) => parseRunConfig({ ...base, ...part }, registry);
  const size = (text: string) => (text === 'auto' ? text : decodeNumber(text));
  const batchField = (name: string, key: keyof BatchConfig, decode: (text: string) => unknown) => {
    const value = read(
      name,
      () => String(plain.batch[key]),
      (text) => parsed({ batch: { [key]: decode(text) } }).batch,
    );
    return value && { [key]: value[key] };
  };
  const sizes: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(decodeSizes(query.get('sizes')?.split(',') ?? []))) {
    const one = () =>
      (parsed({ batch: { sizes: { [key]: value } } }).batch.sizes as Readonly<Record<string, number>>)[key];
    const accepted = read('sizes', () => 'the table’s value', one);
    if (accepted !== undefined) sizes[key] = accepted;
  }
  const params: Record<string, ParamValue> = {};
  for (const spec of workload.params) {
    const value = read(
      spec.key,
      () => paramToText(plain.params[spec.key]),
      (text) => paramFromText(spec, text),
    );
    if (value !== undefined) params[spec.key] = value;
  }
  const config = parsed({
    seed: read(
      'seed',
      () => String(plain.seed),
      (text) => parsed({ seed: decodeNumber(text) }).seed,
    ),
    precision: read(
      'precision',
      () => plain.precision,
      (precision) => parsed({ precision }).precision,
    ),
    batch: {
      ...batchField('batch', 'size', size),
      ...batchField('memory', 'memoryBudgetMiB', decodeNumber),
      ...batchField('memoryClass', 'memoryClass', (text) => text),
      sizes,
    },
    params,
  });
  const known = [...FIELDS, ...workload.params.map(({ key }) => key)];
  for (const name of new Set(query.keys())) {
    if (pageKeys.includes(name) || known.includes(name)) continue;
    const meant = TRACKING.test(name) ? undefined : nearest(name, known);
    problems.push({ name: shortened(meant ? `${name} (did you mean ${meant}?)` : name) });
  }
  return { config, taken: [...new Set(taken)], problems };
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
