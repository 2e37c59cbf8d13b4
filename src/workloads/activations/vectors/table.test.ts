import { describe, expect, it } from 'vitest';
import { RandomWords } from '../../../stats/two-sample/random-words.ts';
import { foldsOf, questionsOf, shuffledLabels } from './folds.ts';
import { massiveDimensions } from './massive.ts';
import { vectorNews, vectorTable } from './table.ts';
import { type PooledActivations, VECTOR_OPTIONS } from './types.ts';

/**
 * Ten questions of eight texts. Layer 0 knows nothing of the labels, layer 1 something, layer 2 much; layer 3 knows each question's labels in a
 * direction of its own, which says nothing of other questions. Coordinate 5 is massive.
 */
function activations(): PooledActivations {
  const [questions, each, width, entries] = [10, 8, 24, 4];
  const n = questions * each;
  const words = new RandomWords(5, 0);
  const y = Uint8Array.from({ length: n }, (_, i) => i % 2);
  const question = Uint32Array.from({ length: n }, (_, i) => Math.floor(i / each));
  const values = new Float32Array(n * entries * width);
  for (let i = 0; i < n; i++) {
    for (let layer = 0; layer < entries; layer++) {
      const row = values.subarray((i * entries + layer) * width, (i * entries + layer + 1) * width);
      for (let k = 0; k < width; k++) row[k] = words.normal();
      row[5] += 60;
      if (layer === 1) row[0] += 1 * y[i];
      if (layer === 2) row[0] += 3 * y[i];
      if (layer === 3) row[8 + question[i]] += 4 * (2 * y[i] - 1);
    }
  }
  const length = Uint32Array.from({ length: n }, (_, i) => 20 + (i % 3));
  return { n, y, question, length, parts: [{ position: 'prompt[-1]', component: 'residual', entries, width, values }] };
}

describe('folds', () => {
  it('keep texts of a question together, in runs of questions', () => {
    const { y, question } = activations();
    const folds = foldsOf(y, question, 5);
    expect(folds.count).toBe(5);
    expect([...folds.of]).toEqual([...question].map((number) => Math.floor(number / 2)));
  });

  it('have both classes where every question has one', () => {
    const y = Uint8Array.from({ length: 12 }, (_, i) => (i < 7 ? 1 : 0));
    const folds = foldsOf(
      y,
      Uint32Array.from({ length: 12 }, (_, i) => 100 - i),
      5,
    );
    expect(folds.count).toBe(5);
    for (let fold = 0; fold < 5; fold++)
      expect(new Set([...y].filter((_, i) => folds.of[i] === fold))).toEqual(new Set([0, 1]));
  });

  it('are as few as questions allow, and not fewer than two', () => {
    const y = Uint8Array.of(1, 0, 1, 0, 1, 0);
    expect(foldsOf(y, Uint32Array.of(1, 1, 2, 2, 3, 3), 5).count).toBe(3);
    expect(() => foldsOf(y, new Uint32Array(6), 5)).toThrow('at least two questions');
    expect(() => foldsOf(new Uint8Array(6), Uint32Array.of(1, 1, 2, 2, 3, 3), 5)).toThrow('there are 0 and 6');
  });
});

describe('shuffled labels', () => {
  it('stay as many in every question, and come in another order', () => {
    const { y, question } = activations();
    const shuffled = shuffledLabels(y, question, 1);
    expect(shuffled).not.toEqual(y);
    for (const { texts } of questionsOf(y, question))
      expect(texts.filter((text) => shuffled[text] === 1)).toHaveLength(4);
    expect(shuffledLabels(y, question, 1)).toEqual(shuffled);
    expect(shuffledLabels(y, question, 2)).not.toEqual(shuffled);
  });

  it('go to other questions as wholes where a question has one class', () => {
    const y = Uint8Array.from({ length: 40 }, (_, i) => (i < 20 ? 1 : 0));
    const question = Uint32Array.from({ length: 40 }, (_, i) => i >> 1);
    const shuffled = shuffledLabels(y, question, 3);
    expect(shuffled.reduce((sum, label) => sum + label, 0)).toBe(20);
    expect(shuffled).not.toEqual(y);
    for (let i = 0; i < 40; i += 2) expect(shuffled[i]).toBe(shuffled[i + 1]);
  });
});

describe('massive dimensions', () => {
  it('are those whose mean size is ten times the median of the coordinates', () => {
    // Mean sizes 1, 2, 3, 31, 19: the median is 3.
    const x = [1, -2, 3, 30, 0, -1, 2, -3, -32, 38];
    expect(massiveDimensions(x, 2, { component: 'residual', layer: 4 })).toEqual([
      { component: 'residual', layer: 4, dimension: 3, times: 31 / 3 },
    ]);
  });
});

describe('the table of vectors', () => {
  const pooled = activations();

  it('knows what holds for other questions from what is learned by heart', async () => {
    const { table, vectors } = await vectorTable(pooled, VECTOR_OPTIONS);
    const auc = (layer: number, method: string) =>
      table.scores.find((each) => each.layer === layer && each.method === method)!;
    expect(table.scores).toHaveLength(16);
    expect(auc(2, 'probe').heldOut.auc.value).toBeGreaterThan(0.9);
    expect(auc(1, 'mean_diff').heldOut.auc.value).toBeLessThan(auc(2, 'mean_diff').heldOut.auc.value);
    // Each question's own direction: seen in training, of no use for others.
    expect(auc(3, 'probe').train.auc.value).toBeGreaterThan(0.95);
    expect(auc(3, 'probe').heldOut.auc.value).toBeLessThan(0.75);
    expect(table.choices.map(({ method, layer }) => [method, layer])).toEqual([
      ['mean_diff', 2],
      ['probe', 2],
      ['gradient', 2],
    ]);
    expect(table.scores.filter(({ chosen }) => chosen).map(({ layer }) => layer)).toEqual([2, 2, 2]);
    expect(table.counts).toEqual({ positive: 40, negative: 40, questions: 10, folds: 5 });
    expect(new Set(table.massive.map(({ dimension }) => dimension))).toEqual(new Set([5]));
    const vector = vectors.find(({ layer, method }) => layer === 2 && method === 'mean_diff')!;
    expect(vector.vector[0]).toBeGreaterThan(0.9);
    expect(vector.norm).toBeGreaterThan(2.5);
    expect(auc(2, 'mean_diff').cosine).toBeCloseTo(1, 12);
  });

  it('has all controls, and they find nothing', async () => {
    const { table } = await vectorTable(pooled, VECTOR_OPTIONS);
    const of = (name: string) => table.controls.filter((control) => control.name === name);
    expect([of('labels shuffled').length, of('random direction').length]).toEqual([4, 4]);
    expect([of('words alone').length, of('text length').length]).toEqual([1, 1]);
    for (const { heldOut } of of('labels shuffled')) {
      expect(heldOut.auc.low).toBeLessThan(0.5);
      expect(heldOut.auc.value).toBeLessThan(0.7);
    }
    expect(of('words alone')[0].heldOut).toEqual(
      table.scores.find(({ layer, method }) => layer === 0 && method === 'probe')!.heldOut,
    );
    const random = of('random direction')[2].heldOut.auc;
    expect(random.low).toBeLessThan(random.value);
    expect(random.value).toBeLessThan(random.high);
  });

  it('sets massive dimensions to zero where that is asked for', async () => {
    const options = { ...VECTOR_OPTIONS, methods: ['mean_diff' as const], zeroMassive: true };
    const { table, vectors } = await vectorTable(pooled, options);
    expect(table.massive.length).toBeGreaterThan(0);
    for (const { vector } of vectors) expect(vector[5]).toBe(0);
    const asTheyAre = await vectorTable(pooled, { ...options, zeroMassive: false });
    expect(asTheyAre.vectors[0].vector[5]).not.toBe(0);
  });

  it('fits the probe to rows over their lengths where that is asked for', async () => {
    const tables = await Promise.all(
      (['raw', 'unit'] as const).map((rows) => vectorTable(pooled, { ...VECTOR_OPTIONS, methods: ['probe'], rows })),
    );
    expect(tables[0].vectors[2].vector).not.toEqual(tables[1].vectors[2].vector);
  });

  it('adds ICA, with the component that the origin takes, and RFM at the chosen layer alone', async () => {
    const options = { ...VECTOR_OPTIONS, methods: ['mean_diff', 'ica', 'rfm'] as const };
    const { table } = await vectorTable(pooled, options);
    const slow = table.scores.filter(({ method }) => method === 'ica' || method === 'rfm');
    expect(slow.map(({ method, layer, chosen }) => [method, layer, chosen])).toEqual([
      ['ica', 2, true],
      ['rfm', 2, true],
    ]);
    expect(slow[1].heldOut.auc.value).toBeGreaterThan(0.8);
    expect(table.controls.filter(({ name }) => name === 'ICA component 0')).toHaveLength(1);
  });

  it('comes cell by cell and ends when nobody asks on', async () => {
    const done: number[] = [];
    for await (const news of vectorNews(pooled, VECTOR_OPTIONS, async () => undefined)) {
      done.push(news.done);
      if (news.done === 2) break;
    }
    expect(done).toEqual([0, 0, 1, 2]);
  });

  it('refuses activations that do not fit the texts', async () => {
    const parts = [{ ...pooled.parts[0], entries: 3 }];
    await expect(vectorTable({ ...pooled, parts }, VECTOR_OPTIONS)).rejects.toThrow(
      '80 texts × 3 layers × 24 are 5760',
    );
  });
});
