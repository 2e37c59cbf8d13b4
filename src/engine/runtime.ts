/** Apart from the environment's record, which hashes: this is part of the worker's first load. */
import type { EnvironmentRecord } from '../bundle/environment.ts';

/** What the program runs in: a browser, Node or Deno. */
export function runtimeRecord(): EnvironmentRecord['runtime'] {
  const scope = globalThis as {
    Deno?: { version: { deno: string }; build: { os: string; arch: string } };
    process?: { versions?: { node?: string }; platform: string; arch: string };
    navigator?: { userAgent?: string };
  };
  const { Deno: deno, process } = scope;
  if (deno) return { name: 'deno', version: deno.version.deno, platform: `${deno.build.os} ${deno.build.arch}` };
  if (process?.versions?.node !== undefined) {
    return { name: 'node', version: process.versions.node, platform: `${process.platform} ${process.arch}` };
  }
  return { name: 'browser', version: scope.navigator?.userAgent ?? 'unknown' };
}
