/**
 * What storing weights in fewer bits costs a real model of stories, against figures of an implementation in NumPy; and what padding does to
 * texts of many lengths. Needs the reference data: LOCKSTEP_SHARED names the folder that holds `data/activations`.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directoryFolder } from '../../src/cli/directory-folder.ts';
import { measurePadding } from '../../src/workloads/activations/evaluation/padding.ts';
import { decoderPlace } from '../../src/workloads/activations/evaluation/place.ts';
import { measurePrecision } from '../../src/workloads/activations/evaluation/precision.ts';
import type { EvaluationSetting } from '../../src/workloads/activations/evaluation/setting.ts';
import { readActivationsParams } from '../../src/workloads/activations/params.ts';
import type { EncodedText } from '../../src/workloads/language-models/encode.ts';
import { readModel } from '../../src/workloads/language-models/model-folder.ts';
import { referenceFolder } from '../transformer/reference.ts';

const FOLDER = () => join(referenceFolder(), 'stories260k');

async function settingOf(texts: readonly (readonly number[])[]): Promise<EvaluationSetting> {
  const own = { name: 'stories260k', sha256: '' };
  const model = await readModel(await directoryFolder(own.name, FOLDER(), () => true), own);
  const encoded = texts.map((ids, i): EncodedText => {
    return {
      given: { id: `t${i}`, prompt: ids.join(' '), ids, label: 'none', question: '' },
      ids: [...ids],
      prompt: ids.length,
    };
  });
  const params = readActivationsParams({});
  return { model, texts: encoded, params, seed: 1, storage: 'f32', place: decoderPlace(model, null, {}) };
}

async function rows() {
  const { rows } = JSON.parse(await readFile(join(FOLDER(), 'expected.json'), 'utf8'));
  return rows as readonly { readonly ids: readonly number[]; readonly greedy: readonly number[] }[];
}

test('f16, bf16 and int8 by row cost logits, residuals and greedy texts what they cost elsewhere', async () => {
  const { ids, greedy } = (await rows()).find(({ greedy }) => greedy.length === 200)!;
  const { rows: found } = await measurePrecision(await settingOf([ids]), greedy.length);
  console.table(found.map(({ weightBytes, bytes, decodeTokensPerSecond, ...row }) => row));
  const [exact, ...others] = found;
  expect(exact).toMatchObject({ largestLogitChange: 0, kl: 0, sameTokens: 200 });
  // There f16 and bf16 hold norms, too, which are f32 here: with them rounded the changes of logits are 0.0166 and 0.132.
  const expected = [
    { storage: 'f16', largestLogitChange: 0.017, kl: 4e-7, sameTokens: 200, least: 0.5 },
    { storage: 'bf16', largestLogitChange: 0.13, kl: 5e-5, sameTokens: 181, least: 0.5 },
    { storage: 'int8', largestLogitChange: 0.32, kl: 3e-4, sameTokens: 57, least: 0.95 },
  ];
  for (const [i, { storage, largestLogitChange, kl, sameTokens, least }] of expected.entries()) {
    expect(others[i]).toMatchObject({ storage, sameTokens });
    for (const share of [others[i].largestLogitChange / largestLogitChange, others[i].kl / kl]) {
      expect(share).toBeGreaterThan(least);
      expect(share).toBeLessThan(1.1);
    }
  }
  for (const [i, cosine] of [1, 0.99997, 0.9997].entries()) expect(others[i].smallestCosine).toBeCloseTo(cosine, 4);
});

test('in a batch that is padded to its longest text, means over all positions move as they do elsewhere', async () => {
  const story = (await rows()).map(({ ids, greedy }) => [...ids, ...greedy]).find(({ length }) => length === 205)!;
  const texts = [21, 32, 43, 54, 64, 74].map((tokens) => story.slice(0, tokens));
  const { rows: found } = await measurePadding(await settingOf(texts), texts.length);
  console.table(found.map(({ tokens, pads, moved, cosine, layer }) => ({ tokens, pads, moved, cosine, layer })));
  // By a forward pass in NumPy over the padded row: pads before the text, masked for it, seen by later pads; the layer where it is most.
  const expected = [
    { pads: 53, moved: 3.64, cosine: 0.52 },
    { pads: 42, moved: 3.47, cosine: 0.59 },
    { pads: 31, moved: 2.61, cosine: 0.63 },
    { pads: 20, moved: 1.7, cosine: 0.73 },
    { pads: 10, moved: 0.88, cosine: 0.86 },
    { pads: 0, moved: 0, cosine: 1 },
  ];
  expect(found).toHaveLength(expected.length);
  for (const [i, { pads, moved, cosine }] of expected.entries()) {
    expect(found[i].pads).toBe(pads);
    expect(Math.abs(found[i].moved - moved)).toBeLessThan(0.006);
    expect(Math.abs(found[i].cosine - cosine)).toBeLessThan(0.006);
  }
});
