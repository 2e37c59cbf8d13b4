/** A language model of the user's, in the place of the one that ships: a folder that may be too large to be held. */
import type { FileRole } from '../file-role.ts';
import type { LoadedModel } from './model.ts';

/** Others in the folder are no part of the model. */
const WEIGHTS = /^model(-\d+-of-\d+)?\.safetensors$/;
const USED =
  /^(config|adapter_config|generation_config|tokenizer|tokenizer_config|model\.safetensors\.index)\.json$|^chat_template\.jinja$/;

export const modelRole: FileRole<LoadedModel> = {
  role: 'model',
  label: 'Model',
  accept: [],
  flagHelp: 'the folder of a language model as Hugging Face publishes it, in the place of the one that ships',
  help: 'The folder of a GPT-2, Llama, SmolLM2, Qwen2 or Gemma 2 as Hugging Face publishes it: config.json, *.safetensors, tokenizer.json. It is read where it lies.',
  drop: 'the folder of a model',
  replaces: { noun: 'model', shipped: 'the model that ships', params: [] },
  folder: {
    called: 'the folder of a model',
    // Vectors are such files, too, under other names.
    recognises: (names) =>
      names.includes('config.json') || names.some((name) => /^model[^/]*\.safetensors$/.test(name)),
    takes: (name) => WEIGHTS.test(name) || USED.test(name),
    async used(folder) {
      const { openCheckpoint } = await import('../../nn/transformer/checkpoint.ts');
      const { TOKENIZER_FILES } = await import('../../nn/text/tokenizer.ts');
      return [...(await openCheckpoint(folder)).files, ...TOKENIZER_FILES];
    },
    async read(folder) {
      const { ownFolder } = await import('../../bundle/hash-folder.ts');
      const input = await (await import('./model-folder.ts')).readModel(folder, ownFolder(folder));
      const { family, layers, width, vocabulary } = input.source.spec;
      const parameters = input.parameters.toLocaleString('en-US');
      const what = `a ${family} of ${layers} blocks of ${width}, ${vocabulary} tokens, ${parameters} parameters, stored as ${input.source.types.join(' and ')}`;
      return { input, count: 1, what };
    },
  },
  preview: async (input) => (await import('./model-preview.ts')).modelPreview(input),
  async read(name) {
    const { FileError } = await import('../../bundle/file-error.ts');
    throw new FileError(name, 'it is a single file, and a model is a folder', 'Give the folder that it lies in.');
  },
};
