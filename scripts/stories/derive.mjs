/**
 * `node scripts/stories/derive.mjs` makes what of public/models/stories follows from the grammar again, equal to the byte: tokenizer and
 * configuration. Weights and provenance.json are of `npm run lockstep -- train --workload activations --output public/models/stories --replace
 * --runtime deno`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../locate.mjs';
import { withTypeScript } from '../typescript-server.mjs';

await withTypeScript(async (server) => {
  const { derivedFiles } = await server.ssrLoadModule('/src/workloads/activations/training/folder.ts');
  const { DEFAULT_RECIPE, specOf } = await server.ssrLoadModule('/src/workloads/activations/training/recipe.ts');
  const { storyWords, vocabularyOf } = await server.ssrLoadModule(
    '/src/workloads/language-models/stories/tokenizer.ts',
  );
  const vocabulary = vocabularyOf(storyWords());
  const folder = join(root, 'public', 'models', 'stories');
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of derivedFiles(specOf(DEFAULT_RECIPE, Object.keys(vocabulary).length), vocabulary)) {
    writeFileSync(join(folder, name), bytes);
    console.log(`${name}: ${bytes.length} bytes`);
  }
});
