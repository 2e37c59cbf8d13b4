/** Every function of `shaders/lib` passes both compilers: Tint (Dawn's null backend) and Naga (wgpu in Deno). */
import { afterAll, describe, expect, it } from 'vitest';
import { linkText, shaderSources } from '../../src/gpu/shaders.ts';
import { closeTestContexts, openNullContext } from '../../src/gpu/testing.ts';
import { compileWithNaga } from '../../src/gpu/testing-naga.ts';

afterAll(closeTestContexts);

const constants = { GROUP_THREADS: 8, WORKGROUP_THREADS: 64, PAGE_WORDS: 1024, TOUCH_THREADS: 64 };

/** A module as the root keeps all of its functions; an empty entry point makes it a kernel where it has none. */
const modules = Object.entries(shaderSources)
  .filter(([path]) => path.startsWith('lib/'))
  .map(([path, text]) => {
    const name = path.replace('lib/', 'whole_').replace('.wgsl', '');
    const entry = text.includes('@compute') ? '' : '\n@compute @workgroup_size(1) fn main() {}';
    return linkText(name, `${text}${entry}`, { constants });
  });

describe('shaders/lib', () => {
  it('has the modules this test is about', () => {
    expect(modules.length).toBeGreaterThanOrEqual(5);
  });

  it('compiles with Tint', async () => {
    const gpu = await openNullContext();
    for (const module of modules) await gpu.compile(module);
  });

  it('compiles with Naga', async () => {
    const outcomes = await compileWithNaga(modules.map(({ module, wgsl }) => ({ label: module, wgsl })));
    expect(outcomes.filter(({ errors }) => errors.length > 0)).toEqual([]);
  });

  it('is refused by Naga when it is wrong, so that the check above means something', async () => {
    const [outcome] = await compileWithNaga([
      { label: 'wrong', wgsl: '@compute @workgroup_size(1) fn main() { let x: u32 = 1.0f; }' },
    ]);
    expect(outcome.errors.join()).toContain('u32');
  });
});
