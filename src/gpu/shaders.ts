/**
 * The WGSL of the project, linked on demand: modules import each other (`import package::lib::rng::threefry2x32;`), host
 * values come in through `import constants::NAME;`, and `@if(name)` keeps or drops a declaration or statement.
 * Functions nobody calls are left out. See https://wesl-lang.dev for the syntax.
 */
import { composeResolvers, createConstantsResolver, linkRegistry, RecordResolver, type SrcMap } from 'wesl/core';

export interface ShaderSpec {
  /** Path under `shaders/` without extension, e.g. `shear/hmc`. */
  readonly module: string;
  /** Values of the `@if` conditions; a condition that is not named is false. */
  readonly conditions?: Readonly<Record<string, boolean>>;
  /** Values of `constants::…`; text is put in as it is, so a typed literal such as `8u` can be given. */
  readonly constants?: Readonly<Record<string, number | string>>;
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

const projectResolver = new RecordResolver(
  Object.fromEntries(Object.entries(shaderSources).map(([path, text]) => [`./${path}`, text])),
);
const linked = new Map<string, LinkedShader>();

/** Links a module of `shaders/` into plain WGSL. Throws when a module, an imported name or a constant is missing. */
export function linkShader(spec: ShaderSpec): LinkedShader {
  const key = JSON.stringify([spec.module, sorted(spec.conditions), sorted(spec.constants)]);
  let result = linked.get(key);
  if (!result) {
    if (!shaderSources[`${spec.module}.wgsl`]) throw new Error(`There is no shader file shaders/${spec.module}.wgsl`);
    result = link(projectResolver, spec);
    linked.set(key, result);
  }
  return result;
}

/** Links WGSL text that is not a file of the project but may import its modules: for tests and probes. */
export function linkText(module: string, source: string, spec: Omit<ShaderSpec, 'module'> = {}): LinkedShader {
  const own = new RecordResolver({ [`./${module}.wgsl`]: source });
  return link(composeResolvers(own, projectResolver), { ...spec, module });
}

function link(resolver: RecordResolver | ReturnType<typeof composeResolvers>, spec: ShaderSpec): LinkedShader {
  const constants = spec.constants ?? {};
  for (const [name, value] of Object.entries(constants)) {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new Error(`Shader constant ${name} of ${spec.module} is ${value}; WGSL has no such literal`);
    }
  }
  const map = linkRegistry({
    resolver: composeResolvers(resolver, createConstantsResolver({ ...constants })),
    rootModuleName: spec.module,
    conditions: { ...spec.conditions },
  });
  const wgsl = map.dest.text;
  return { module: spec.module, wgsl, locate: (offset) => locate(map, offset) };
}

function locate(map: SrcMap, offset: number): ShaderPlace {
  const { src, position } = map.destToSrc(Math.min(offset, map.dest.text.length));
  const before = src.text.slice(0, position);
  const lineStart = before.lastIndexOf('\n') + 1;
  const lineEnd = src.text.indexOf('\n', position);
  return {
    file: (src.path ?? 'linked').replace(/^\.\//, '').replace(/\.wesl$/, '.wgsl'),
    line: before.split('\n').length,
    column: position - lineStart + 1,
    excerpt: src.text.slice(lineStart, lineEnd < 0 ? undefined : lineEnd),
  };
}

function sorted(record: Readonly<Record<string, unknown>> = {}): [string, unknown][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** "sha256:…" of a shader's text, as it goes into the bundle. */
export async function shaderHash(wgsl: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(wgsl));
  return `sha256:${[...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
