/** Training on a real device with tiny numbers: judged, sampled, gone on with, handed to runs and to files. */
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultSizes } from '../../src/batch/sizes.ts';
import { decodeSafetensors } from '../../src/bundle/safetensors.ts';
import { parseRunConfig } from '../../src/engine/config/run-config.ts';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import { trainedTensors } from '../../src/nn/transformer/training/tensors.ts';
import { namedWeights } from '../../src/nn/transformer/training/trained-weights.ts';
import { TrainingJob } from '../../src/workloads/activations/jobs/training.ts';
import type { TrainingEvent } from '../../src/workloads/activations/jobs/training-types.ts';
import {
  decodeStoryCheckpoint,
  encodeStoryCheckpoint,
} from '../../src/workloads/activations/training/checkpoint-file.ts';
import { baselines, storyCorpus } from '../../src/workloads/activations/training/corpus.ts';
import { DEFAULT_RECIPE, optimiserOf, type StoryRecipe } from '../../src/workloads/activations/training/recipe.ts';
import { type StoryCheckpoint, StoryTrainingRun } from '../../src/workloads/activations/training/run.ts';
import { BEGINNINGS } from '../../src/workloads/activations/training/samples.ts';
import { wordIds } from '../../src/workloads/language-models/stories/tokenizer.ts';
import { tallyWorkload } from '../../src/workloads/tally/workload.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const recipe: StoryRecipe = {
  ...DEFAULT_RECIPE,
  layers: 1,
  width: 16,
  heads: 2,
  hidden: 16,
  batch: 2,
  length: 20,
  stories: 200,
  judgeEvery: 3,
  optimiser: optimiserOf(DEFAULT_RECIPE.optimiser, { steps: 6 }),
};
/** Small blocks: SwiftShader takes long to compile large ones. */
const small = {
  'activations.laneLinearRows': 2,
  'activations.laneLinearQuads': 1,
  'activations.laneGradientQuads': 1,
  'activations.laneTrainingQueries': 1,
};
const sizes = { ...defaultSizes, ...small };
const corpus = storyCorpus(recipe);
const vocabulary = Object.keys(corpus.vocabulary).length;

test('counts say more of held-out stories than chance, the word before more than frequency, and nothing more than the grammar', () => {
  const { unigram, bigram } = baselines(corpus);
  expect(unigram).toBeLessThan(Math.log(vocabulary));
  expect(bigram).toBeLessThan(unigram);
  expect(corpus.entropy).toBeLessThan(bigram);
  expect(corpus.begins).toHaveLength(200);
  const seen = new Set([...corpus.begins].map((at, i) => corpus.list.slice(at, corpus.begins[i + 1]).join()));
  for (const ids of corpus.heldOut) expect(seen.has(ids.join())).toBe(false);
});

test('a training that was cut short goes on to the same weights, bit for bit', async () => {
  const whole = new StoryTrainingRun({ gpu, recipe, corpus, sizes });
  await whole.run();
  const score = await whole.score();
  await whole.close();
  expect(whole.judgements.map(({ step }) => step)).toEqual([3, 6]);
  expect(score.texts).toBe(500);
  // Hardly anything is learned in six steps: all tokens are about as likely.
  expect(Math.abs(score.nats - Math.log(vocabulary))).toBeLessThan(0.6);

  const first = new StoryTrainingRun({ gpu, recipe, corpus, sizes, listener: { judged: () => first.stop() } });
  await first.run();
  await first.close();
  const kept: StoryCheckpoint = decodeStoryCheckpoint(
    'x.training',
    encodeStoryCheckpoint(first.checkpoint),
    vocabulary,
  );
  expect(kept.state.step).toBe(3);
  expect(kept.recipe).toEqual(recipe);
  const second = new StoryTrainingRun({ gpu, recipe, corpus, sizes, from: kept });
  await second.run();
  await second.close();
  expect(second.judgements).toEqual(whole.judgements);
  expect(second.chosen).toEqual(whole.chosen);
});

test('the job judges, writes stories, and gives its model to files and to runs', async () => {
  const events: TrainingEvent[] = [];
  const taken: { role: string; name: string; files: string[] }[] = [];
  const job = new TrainingJob({
    requireGpu: async () => gpu,
    post: (event) => events.push(event as TrainingEvent),
    warn: () => {},
    takeFile: async (role, name, given) => {
      if (given instanceof ArrayBuffer) throw new TypeError('a folder is expected');
      taken.push({ role, name, files: given.map((part) => part.name) });
      return { role, name, count: 1, what: 'a model', sha256: '', options: {} };
    },
  });
  const config = parseRunConfig({ workload: 'tally' }, [tallyWorkload]);
  const wish = { config, layers: 1, width: 16, heads: 2, batch: 2, steps: 2, sizes: small };
  const { signal } = new AbortController();
  await expect(job.start({ ...wish, heads: 3 }, signal)).rejects.toMatchObject({ field: 'heads' });
  await expect(job.messages.save()).rejects.toThrow('No network has been trained');
  const { reply, ended } = await job.start(wish, signal);
  expect(reply).toMatchObject({ spec: { layers: 1, vocabulary }, stories: { heldOut: 500 }, batch: 2 });
  await ended;
  const kinds = events.map(({ type }) => type);
  for (const kind of ['baselines', 'progress', 'judged', 'samples', 'score']) expect(kinds).toContain(kind);
  expect(events.at(-1)).toMatchObject({ type: 'ended', error: undefined, report: { step: 2 } });
  const samples = events.find((event) => event.type === 'samples')!;
  samples.texts.forEach((text, i) => {
    expect(text.startsWith(BEGINNINGS[i])).toBe(true);
    expect(wordIds(text, corpus.vocabulary)).not.toContain(0);
  });

  const saved = await job.messages.save();
  expect(saved.name).toBe('stories-2.zip');
  const files = unzipSync(saved.bytes);
  const text = (name: string) => JSON.parse(new TextDecoder().decode(files[`stories-2/${name}`]));
  expect(text('config.json')).toMatchObject({ model_type: 'llama', num_hidden_layers: 1, vocab_size: vocabulary });
  const score = events.find((event) => event.type === 'score')!;
  expect(text('provenance.json')).toMatchObject({ steps: 2, heldOutLoss: score.score.nats });
  const { tensors } = decodeSafetensors('model.safetensors', files['stories-2/model.safetensors']);
  expect(tensors.get('model.layers.0.mlp.up_proj.weight')!.shape).toEqual([DEFAULT_RECIPE.hidden, 16]);
  expect(tensors.size).toBe(namedWeights(reply.spec, new Float32Array(trainedTensors(reply.spec).table.size)).size);
  await job.messages.use();
  expect(taken).toMatchObject([{ role: 'model', name: 'stories-2' }]);
  expect(taken[0].files.sort()).toEqual(
    Object.keys(files)
      .map((name) => name.slice('stories-2/'.length))
      .sort(),
  );
});
