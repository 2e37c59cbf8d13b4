/**
 * The WGSL of the project, linked on demand: modules import each other (`import package::lib::rng::threefry2x32;`), host
 * values come in through `import constants::NAME;`, and `@if(name)` keeps or drops a declaration or statement.
 * Functions nobody calls are left out. See https://wesl-lang.dev for the syntax.
 */

import { composeResolvers, createConstantsResolver, linkRegistry, RecordResolver, type SrcMap } from 'wesl/core';
import { ShaderError, type ShaderMessage } from './errors.ts';
import { type UnrollCounts, unroll } from './unroll.ts';

export interface ShaderSpec {
  /** Path under `shaders/` without extension, e.g. `lib/reduce`. */
  readonly module: string;
  /** Values of the `@if` conditions; a condition that is not named is false. */
  readonly conditions?: Readonly<Record<string, boolean>>;
  /** Values of `constants::…`; text is put in as it is, so a typed literal such as `8u` can be given. */
  readonly constants?: Readonly<Record<string, number | string>>;
  /** Language extensions that the text needs; the device must have the feature. */
  readonly enable?: readonly ('f16' | 'subgroups')[];
  /** Copies that a `//! unroll` block becomes (see unroll.ts). */
  readonly unroll?: UnrollCounts;
}

export interface LinkedShader {
  readonly module: string;
  /** Plain WGSL, the text the device compiles. */
  readonly wgsl: string;
  /** Where a character of `wgsl` came from. Line and column are 1-based. */
  locate(offset: number): ShaderPlace;
}

export interface ShaderPlace {
  /** Path under `shaders/` with extension. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The whole source line. */
  readonly excerpt: string;
}

const ROOT = '../../shaders/';
const files = import.meta.glob<string>('../../shaders/**/*.wgsl', { query: '?raw', import: 'default', eager: true });

/** Every WGSL file by its path under `shaders/`, e.g. `lib/rng.wgsl`. */
export const shaderSources: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(files).map(([path, text]) => [path.slice(ROOT.length), text]),
);

const resolvers = new Map<string, RecordResolver>();

/** The project's modules with marked loops unrolled; parsed once for the same counts. */
function projectResolver(counts: UnrollCounts): RecordResolver {
  const key = JSON.stringify(counts);
  let resolver = resolvers.get(key);
  if (!resolver) {
    const sources = Object.entries(shaderSources).map(([path, text]) => [`./${path}`, unroll(text, counts)]);
    resolver = new RecordResolver(Object.fromEntries(sources));
    resolvers.set(key, resolver);
  }
  return resolver;
}

const linked = new Map<string, LinkedShader>();

/** Links a module of `shaders/` into plain WGSL. Throws `ShaderError` when an imported name is missing. */
export function linkShader(spec: ShaderSpec): LinkedShader {
  const key = JSON.stringify([spec.module, sorted(spec.conditions), sorted(spec.constants), spec.unroll, spec.enable]);
  let result = linked.get(key);
  if (!result) {
    if (!shaderSources[`${spec.module}.wgsl`]) throw new Error(`There is no shader file shaders/${spec.module}.wgsl`);
    result = link(projectResolver(spec.unroll ?? 1), spec);
    linked.set(key, result);
  }
  return result;
}

/** Links WGSL text that is not a file of the project but may import its modules: for tests and probes. */
export function linkText(module: string, source: string, spec: Omit<ShaderSpec, 'module'> = {}): LinkedShader {
  const own = new RecordResolver({ [`./${module}.wgsl`]: source });
  return link(composeResolvers(own, projectResolver(spec.unroll ?? 1)), { ...spec, module });
}

function link(resolver: RecordResolver | ReturnType<typeof composeResolvers>, spec: ShaderSpec): LinkedShader {
  const constants = spec.constants ?? {};
  for (const [name, value] of Object.entries(constants)) {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new Error(`Shader constant ${name} of ${spec.module} is ${value}; WGSL has no such literal`);
    }
  }
  let map: SrcMap;
  try {
    map = linkRegistry({
      resolver: composeResolvers(resolver, createConstantsResolver({ ...constants })),
      rootModuleName: spec.module,
      conditions: { ...spec.conditions },
    });
  } catch (error) {
    throw new ShaderError(spec.module, [
      linkMessage(spec.module, error instanceof Error ? error.message : String(error)),
    ]);
  }
  // The linker drops the comment that opens a file; it says what the kernel computes, so it stays with the text that runs.
  const enabled = (spec.enable ?? []).map((extension) => `enable ${extension};\n`).join('');
  const header = openingComment(shaderSources[`${spec.module}.wgsl`] ?? '') + enabled;
  return {
    module: spec.module,
    wgsl: header + map.dest.text.trimStart(),
    locate: (offset) => {
      const trimmed = map.dest.text.length - map.dest.text.trimStart().length;
      return locate(map, Math.max(0, offset - header.length + trimmed));
    },
  };
}

function openingComment(text: string): string {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('//'));
  return end > 0 ? `${lines.slice(0, end).join('\n')}\n\n` : '';
}

function locate(map: SrcMap, offset: number): ShaderPlace {
  const { src, position } = map.destToSrc(Math.min(offset, map.dest.text.length));
  const before = src.text.slice(0, position);
  const lineStart = before.lastIndexOf('\n') + 1;
  const lineEnd = src.text.indexOf('\n', position);
  return {
    file: sourceName(src.path ?? 'linked'),
    line: before.split('\n').length,
    column: position - lineStart + 1,
    excerpt: src.text.slice(lineStart, lineEnd < 0 ? undefined : lineEnd),
  };
}

/** wesl begins its messages with the place, "./lib/reduce.wesl:10:1 error: …", and shows the line below. */
function linkMessage(module: string, text: string): ShaderMessage {
  const found = /^(\S+):(\d+):(\d+)\s+error: ([^\n]*)(?:\n([^\n]*))?/.exec(text);
  if (!found) return { file: `${module}.wgsl`, line: 0, column: 0, text, excerpt: '' };
  const [, path, line, column, what, excerpt = ''] = found;
  return { file: sourceName(path), line: Number(line), column: Number(column), text: what, excerpt };
}

/** wesl names files `./lib/reduce.wesl` whatever their extension. */
function sourceName(path: string): string {
  return path.replace(/^\.\//, '').replace(/\.wesl$/, '.wgsl');
}

function sorted(record: Readonly<Record<string, unknown>> = {}): [string, unknown][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** "sha256:…" of a shader's text, as it goes into the bundle. */
export async function shaderHash(wgsl: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(wgsl));
  return `sha256:${[...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
