import { describe, expect, it } from 'vitest';
import { RandomWords } from '../../../stats/two-sample/random-words.ts';
import type { JobSetting } from '../../../worker/jobs.ts';
import { readVectors } from '../vectors/files/read-vector.ts';
import { fittedVectors } from './fitted-vectors.ts';
import type { VectorsEvent, VectorsWish } from './vector-types.ts';
import { vectorsJob } from './vectors.ts';

/** Twelve questions of four texts; layer 2 knows the labels. */
function wish(more: Partial<VectorsWish> = {}): VectorsWish {
  const [n, layers, d] = [48, 4, 6];
  const words = new RandomWords(1, 0);
  const y = Uint8Array.from({ length: n }, (_, i) => i % 2);
  const values = Float32Array.from({ length: n * layers * d }, (_, at) => {
    const [text, layer, k] = [Math.floor(at / (layers * d)), Math.floor(at / d) % layers, at % d];
    return words.normal() + (layer === 2 && k === 0 ? 4 * y[text] : 0);
  });
  return {
    arrays: [{ position: 'prompt[-1]', component: 'residual', layers, d, values }],
    ...{ y, seed: 42 },
    question: Array.from({ length: n }, (_, i) => `question ${i >> 2}`),
    length: new Uint32Array(n).fill(9),
    ...more,
  };
}

function started(signal = new AbortController().signal, more: Partial<VectorsWish> = {}) {
  const events: VectorsEvent[] = [];
  const job = vectorsJob({ post: (event: VectorsEvent) => events.push(event) } as unknown as JobSetting);
  return { events, job, begun: job.start(wish(more), signal) };
}

const place = { position: 'prompt[-1]', component: 'residual', layer: 2, method: 'probe' } as const;

describe('the job of vectors', () => {
  it('tells of every cell, replies with the table, and keeps what it fitted', async () => {
    const { events, job, begun } = started();
    const { reply } = await begun;
    expect(events.filter(({ type }) => type === 'progress').at(-1)).toMatchObject({ done: 4, of: 4 });
    const told = events.flatMap((event) => (event.type === 'scores' ? event.scores : []));
    expect(told.map(({ layer, method }) => [layer, method])).toEqual(
      reply.scores.map(({ layer, method }) => [layer, method]),
    );
    expect(reply.choices.find(({ method }) => method === 'probe')?.layer).toBe(2);
    expect(reply.scores.map(({ method }) => method)).toContain('ica');
    const fitted = fittedVectors.find(place)!;
    const { save } = job.messages!;
    for (const format of ['safetensors', 'npy', 'gguf'] as const) {
      const { name, bytes } = await save(place, format, true);
      const { vectors } = readVectors(name, bytes);
      expect(vectors.find(({ layer }) => layer === 2 || layer === undefined)?.values).toEqual(fitted.vector);
    }
    expect((await save(place, 'safetensors', true)).name).toBe('prompt_-1-residual-probe-layer1.safetensors');
    expect(() => save({ ...place, method: 'rfm' }, 'npy', true)).toThrow('has not been fitted');
  });

  it('stopped replies with what there is', async () => {
    const abort = new AbortController();
    abort.abort();
    const many = Array.from({ length: 40 }, () => wish().arrays[0]);
    const { begun } = started(abort.signal, { arrays: many });
    const { reply } = await begun;
    expect(reply.scores.length).toBeLessThan(many.length * 4);
    expect(reply.counts.questions).toBe(12);
  });

  it('says what is wrong with texts that cannot be parted', async () => {
    await expect(started(undefined, { y: new Uint8Array(48) }).begun).rejects.toThrow('there are 0 and 48');
    const one = Array.from({ length: 48 }, () => 'the same');
    await expect(started(undefined, { question: one }).begun).rejects.toThrow('at least two questions');
  });
});
