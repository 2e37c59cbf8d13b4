import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ShaderError } from './errors.ts';
import { linkShader, linkText, shaderHash } from './shaders.ts';

const SOURCE = `import package::lib::rng::threefry2x32;
import constants::FACTOR;
@if(double) const SCALE = 2u;
@if(!double) const SCALE = 1u;
@group(0) @binding(0) var<storage, read_write> out: array<u32>;
@compute @workgroup_size(1) fn main() {
  out[0] = threefry2x32(vec2u(0u), vec2u(0u)).x * SCALE * u32(FACTOR);
}`;

describe('linkText', () => {
  it('puts in imported functions, leaves out those nobody calls', () => {
    const { wgsl } = linkText('probe', SOURCE, { constants: { FACTOR: 3 } });
    expect(wgsl).toContain('fn threefry2x32');
    expect(wgsl).not.toContain('fn uniform01');
    expect(wgsl).not.toContain('import');
  });

  it('keeps one side of a condition', () => {
    const off = linkText('probe', SOURCE, { constants: { FACTOR: 3 } }).wgsl;
    const on = linkText('probe', SOURCE, { conditions: { double: true }, constants: { FACTOR: 3 } }).wgsl;
    expect(off).toContain('SCALE = 1u');
    expect(off).not.toContain('SCALE = 2u');
    expect(on).toContain('SCALE = 2u');
    expect(on).not.toContain('SCALE = 1u');
  });

  it('puts in constants, as numbers or as text', () => {
    expect(linkText('probe', SOURCE, { constants: { FACTOR: 3 } }).wgsl).toContain('FACTOR = 3;');
    expect(linkText('probe', SOURCE, { constants: { FACTOR: '7u' } }).wgsl).toContain('FACTOR = 7u;');
    expect(() => linkText('probe', SOURCE, { constants: { FACTOR: Number.NaN } })).toThrow(/FACTOR.*NaN/);
  });

  it('finds the file and line a linked character came from', () => {
    const shader = linkText('probe', SOURCE, { constants: { FACTOR: 3 } });
    const parity = shader.locate(shader.wgsl.indexOf('0x1BD11BDA'));
    expect(parity.file).toBe('lib/rng.wgsl');
    expect(parity.excerpt).toContain('THREEFRY_PARITY');
    expect(shader.locate(shader.wgsl.indexOf('out[0]'))).toMatchObject({ file: 'probe.wgsl', line: 7, column: 3 });
  });

  it('says in which line the syntax is wrong or a name is missing', () => {
    expect(() => linkText('broken', 'fn main() {\n  let = 1;\n}')).toThrow(/broken\.wgsl:2:/);
    expect(() => linkText('lost', 'import package::lib::rng::nothing;\nfn main() { nothing(); }')).toThrow(ShaderError);
  });
});

describe('linkShader', () => {
  it('links a file of the project once', () => {
    expect(linkShader({ module: 'lib/rng' })).toBe(linkShader({ module: 'lib/rng', constants: {} }));
  });

  it('names a file that is not there', () => {
    expect(() => linkShader({ module: 'lib/nothing' })).toThrow('shaders/lib/nothing.wgsl');
  });
});

describe('shaderHash', () => {
  it('is the SHA-256 of the text', async () => {
    const hex = createHash('sha256').update('fn f() {} // ö').digest('hex');
    expect(await shaderHash('fn f() {} // ö')).toBe(`sha256:${hex}`);
  });
});
