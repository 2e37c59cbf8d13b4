/**
 * Tokens for given uniforms against a reference by NumPy, of the twin and of the kernel. It lies outside of the project: LOCKSTEP_SHARED names
 * the folder that holds data/activations; without it there is nothing to compare with.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext, runKernel } from '../../src/gpu/testing.ts';
import { NO_ID, samplingRowsShader } from '../../src/nn/transformer/sampling/rows-kernel.ts';
import { samplingWords } from '../../src/nn/transformer/sampling/sampling.ts';
import { chooseToken, keptTokens } from '../../src/nn/transformer/sampling/twin.ts';

const SHARED = process.env.LOCKSTEP_SHARED;

interface Case {
  readonly logits: number[];
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly kept: number;
  readonly uniforms: number[];
  readonly tokens: number[];
}

describe.skipIf(!SHARED)('tokens of a reference', () => {
  let gpu: GpuContext;
  let cases: Case[];
  beforeAll(async () => {
    gpu = await openTestContext();
    cases = JSON.parse(readFileSync(`${SHARED}/data/activations/probe/sampling.json`, 'utf8'));
    expect(cases.length).toBeGreaterThan(3);
  });
  afterAll(closeTestContexts);

  it('are chosen by the twin', () => {
    for (const { logits, kept, uniforms, tokens, ...sampling } of cases) {
      expect(keptTokens(logits, sampling).ids).toHaveLength(kept);
      expect(uniforms.map((u) => chooseToken(logits, sampling, u))).toEqual(tokens);
    }
  });

  it('are chosen by the kernel', async () => {
    for (const { logits, uniforms, tokens, ...sampling } of cases) {
      const found = await runKernel(gpu, {
        shader: samplingRowsShader(
          logits.length,
          { samplingThreads: 16, searchBanks: 2 },
          { scored: false, words: true },
        ),
        storage: {
          0: Float32Array.from(uniforms.flatMap(() => logits)),
          1: Uint32Array.from(uniforms.flatMap((u) => [Math.round(u * 2 ** 32), 0, 0, NO_ID])),
          3: new Uint32Array(2 * uniforms.length),
        },
        uniforms: { 2: samplingWords(sampling) },
        workgroups: uniforms.length,
      });
      expect(uniforms.map((_, row) => found[3][2 * row])).toEqual(tokens);
    }
  });
});
