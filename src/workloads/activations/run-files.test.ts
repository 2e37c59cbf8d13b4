import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runPython } from '../../bundle/fixtures/tools.ts';
import type { BundleFile } from '../../bundle/types.ts';
import type { DatasetItem } from '../../results/dataset/item.ts';
import { runFiles } from './run-files.ts';
import { LAYERS, labelledItems, labelledProblem, TEXTS, WIDTH } from './test-support/labelled-run.ts';
import { projectionEntry } from './vectors/files/projection-file.ts';
import { readVectors } from './vectors/files/read-vector.ts';

const folder = mkdtempSync(join(tmpdir(), 'lockstep-activations-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function files(of: readonly DatasetItem[]): Promise<Map<string, Uint8Array>> {
  const { entries } = await runFiles(labelledProblem, { items: of } as never);
  const made = await Promise.all(entries.map(({ make }) => make()));
  return new Map(made.map((file) => [file.path, (file as BundleFile).bytes]));
}

const json = (all: Map<string, Uint8Array>, path: string) => JSON.parse(new TextDecoder().decode(all.get(path)));

describe('files of a run', () => {
  const base = 'extraction/own/curiosity/my_model';

  it('are the tree of the origin', async () => {
    const all = await files(labelledItems());
    const paths = [...all.keys()];
    expect(paths.filter((path) => path.includes('activations/'))).toEqual(
      ['response__5', 'prompt_-1'].flatMap((position) => {
        const own = `${base}/activations/${position}/residual`;
        const arrays = ['train', 'val'].flatMap((split) => [`${own}/${split}_all_layers`, `${own}/${split}_embedding`]);
        return [...arrays.flatMap((path) => [`${path}.npy`, `${path}.safetensors`]), `${own}/metadata.json`];
      }),
    );
    const probe = `${base}/vectors/response__5/residual/probe`;
    expect(paths.filter((path) => path.startsWith(`${probe}/`)).map((path) => path.slice(probe.length + 1))).toEqual([
      ...['embedding', 'layer0', 'layer1', 'layer2'].flatMap((name) => [`${name}.npy`, `${name}.safetensors`]),
      ...['metadata.json', 'control_vector.gguf'],
    ]);
    expect(json(all, `${base}/responses/pos.json`)[1]).toEqual({
      ...{ id: 't/2', prompt: 'a b', response: 'c d', system_prompt: null, inference_model: 'my model' },
      ...{ tokens: ['<5>', '<6>', '<7>', '<8>'], token_ids: [5, 6, 7, 8], prompt_end: 2 },
      ...{ question: 'q0', finish: 'length', nll: null },
    });
    expect(json(all, 'inference/my_model/responses/texts/25_t_24.json').id).toBe('t/24');
    const about = json(all, `${base}/activations/response__5/residual/metadata.json`);
    expect([about.n_layers, about.hidden_dim, about.n_examples_pos + about.n_val_pos]).toEqual([LAYERS, WIDTH, 12]);
    expect(about.n_val_pos + about.n_val_neg).toBe(about.val_texts.length);
    const { layers } = json(all, `${base}/vectors/response__5/residual/mean_diff/metadata.json`);
    expect(layers['1'].held_out_auc).toBeGreaterThan(0.95);
    expect(layers['1'].residual).toBe(2);
    const { vectors } = readVectors('x.gguf', all.get(`${probe}/control_vector.gguf`)! as Uint8Array<ArrayBuffer>);
    expect(vectors.map(({ layer }) => layer)).toEqual([2, 3]);
    expect(json(all, `${base}/vectors/table.json`).counts.questions).toBe(6);
  });

  it('are read by load.py with NumPy alone', async () => {
    const all = await files(labelledItems());
    for (const [path, bytes] of all) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes);
    }
    const lines = runPython(join(folder, 'load.py')).trim().split('\n');
    // Two positions of four arrays, and of four layers by four methods; then what it says of torch.
    expect(lines).toHaveLength(2 * 4 + 2 * 4 * 4 + 1);
    const train = all.get(`${base}/activations/response__5/residual/train_all_layers.npy`)!;
    expect(lines).toContain(
      `${base}/activations/response__5/residual/train_all_layers.npy float32 ${(train.length - 128) / (4 * LAYERS * WIDTH)} ${LAYERS} ${WIDTH}`,
    );
    writeFileSync(
      join(folder, 'look.py'),
      `import load
v, about = load.vector("own/curiosity", "my_model", layer=1)
x, texts = load.activations("own/curiosity", "my_model")
p = texts["n_examples_pos"]
print(v.shape[0], round(float((v ** 2).sum()), 5), (x[:p, 1] @ v).mean() > (x[p:, 1] @ v).mean(), about["residual"])`,
    );
    expect(runPython(join(folder, 'look.py')).trim()).toBe(`${WIDTH} 1.0 True 2`);
  });

  it('are responses alone where nothing can be parted', async () => {
    const one = labelledItems().map((item) => ({ ...item, attributes: { ...item.attributes, question: 'the same' } }));
    expect([...(await files(one)).keys()].filter((path) => path.includes('vectors/'))).toEqual([]);
    const unlabelled = labelledItems().slice(TEXTS);
    expect([...(await files(unlabelled)).keys()]).toEqual(['inference/my_model/responses/texts/25_t_24.json']);
  });
});

describe('projections of a text', () => {
  it('are parted at the end of its prompt', async () => {
    const entry = projectionEntry(
      { id: 'a/1', set: 'main', pieces: ['x', 'y', 'z'], prompt: 1, projections: [1, 2, 3], norms: [4, 5, 6] },
      {
        ...{ trait: 'own/curiosity', variant: 'm', model: 'm', layer: 3 },
        ...{ method: 'probe', position: 'response[:]', component: 'residual' },
      },
    );
    expect(entry.path).toBe('inference/m/projections/own/curiosity/main/a_1.json');
    const file = (await entry.make()) as BundleFile;
    const { metadata, projections, activation_norms: norms } = JSON.parse(new TextDecoder().decode(file.bytes));
    expect([metadata.n_prompt_tokens, metadata.n_response_tokens]).toEqual([1, 2]);
    expect([projections, norms]).toEqual([
      { prompt: [1], response: [2, 3] },
      { prompt: [4], response: [5, 6] },
    ]);
  });
});
