import { describe, expect, it } from 'vitest';
import { makeReport } from './report.ts';

/** Adapters as the engines describe them; the fields are what each really reported. */
function adapter(info: Partial<GPUAdapterInfo> | undefined): GPUAdapter {
  class Limits {
    get maxBufferSize() {
      return 1024;
    }
  }
  Object.defineProperty(Limits.prototype, 'maxBufferSize', { enumerable: true });
  return { info, features: new Set(['subgroups', 'shader-f16']), limits: new Limits() } as unknown as GPUAdapter;
}

describe('makeReport', () => {
  it('names a Chromium GPU by vendor and architecture, and reads limits and features', () => {
    const report = makeReport(
      adapter({ vendor: 'nvidia', architecture: 'ampere', device: '', description: '', isFallbackAdapter: false }),
    );
    expect(report).toMatchObject({ name: 'NVIDIA ampere', software: false, loopIterationLimit: null, runtime: 'node' });
    expect(report.limits).toEqual({ maxBufferSize: 1024 });
    expect(report.features).toEqual(['shader-f16', 'subgroups']);
  });

  it('knows SwiftShader as software whose loops run to the end', () => {
    const info = {
      vendor: 'google',
      architecture: 'swiftshader',
      device: 'swiftshader-device-subzero-',
      description: '',
      subgroupMinSize: 4,
      subgroupMaxSize: 4,
    };
    expect(makeReport(adapter(info))).toMatchObject({
      name: 'SwiftShader (software)',
      software: true,
      loopIterationLimit: null,
      subgroupSize: 4,
    });
    expect(makeReport(adapter({ ...info, subgroupMaxSize: 8 }))).not.toHaveProperty('subgroupSize');
  });

  it("knows Deno's llvmpipe as software that ends loops after 65,535 iterations", () => {
    const info = { vendor: '65541', architecture: '', device: '0', description: 'llvmpipe (LLVM 15.0.6, 256 bits)' };
    expect(makeReport(adapter(info))).toMatchObject({
      name: 'llvmpipe (LLVM 15.0.6, 256 bits) (software)',
      software: true,
      loopIterationLimit: 65_535,
    });
  });

  it('is careful with a fallback adapter that hides its name, and works without adapter.info', () => {
    const hidden = { vendor: '', architecture: '', device: '', description: '', isFallbackAdapter: true };
    expect(makeReport(adapter(hidden))).toMatchObject({
      name: 'WebGPU adapter (software)',
      software: true,
      loopIterationLimit: 65_535,
    });
    expect(makeReport(adapter(undefined))).toMatchObject({ name: 'WebGPU adapter', software: false });
  });
});
