import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import type { TracedText } from '../jobs/trace-types.ts';
import { projectionArchive } from './projection-archive.ts';

test('the vector’s own layer of every text, parted behind its prompt', async () => {
  const values = Float32Array.from({ length: 6 }, (_, i) => i);
  const text = { pieces: ['a', 'b', 'c'], prompt: 2, projection: values, norm: values.map((value) => 10 * value) };
  const bytes = await projectionArchive([text as unknown as TracedText, text as unknown as TracedText], {
    ...{ layer: 1, model: 'my model' },
    choice: { from: 'fitted', position: 'response[:5]', component: 'residual', layer: 1, method: 'probe' },
  });
  const files = unzipSync(bytes);
  expect(Object.keys(files)).toEqual([1, 2].map((id) => `inference/my_model/projections/own/trait/traced/${id}.json`));
  const read = JSON.parse(new TextDecoder().decode(Object.values(files)[1]));
  expect(read.projections).toEqual({ prompt: [3, 4], response: [5] });
  expect(read.activation_norms).toEqual({ prompt: [30, 40], response: [50] });
  expect(read.metadata).toMatchObject({
    ...{ prompt_id: '2', prompt_set: 'traced', n_prompt_tokens: 2, n_response_tokens: 1, inference_model: 'my model' },
    vector_source: { layer: 0, method: 'probe', position: 'response[:5]', component: 'residual' },
  });
});
