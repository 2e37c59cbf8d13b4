/** A model out of a folder as Hugging Face publishes them: headers and tokenizer; weights stay where they lie. */
import { type FileFolder, fileIn } from '../../bundle/file-folder.ts';
import type { OwnFile } from '../../bundle/own-file.ts';
import { openTokenizer, type TextTokenizer, TOKENIZER_FILE } from '../../nn/text/tokenizer.ts';
import { openCheckpoint } from '../../nn/transformer/checkpoint.ts';
import type { DecoderSpec } from '../../nn/transformer/spec.ts';
import type { LoadedModel } from './model.ts';

/** @throws FileError that names the file or tensor at fault */
export async function readModel(folder: FileFolder, own: OwnFile): Promise<LoadedModel> {
  const { source, parameters, ends, spec } = await openCheckpoint(folder);
  const tokenizer = fileIn(folder, TOKENIZER_FILE) ? await openTokenizer(folder) : undefined;
  const end = tokenizer?.end;
  return {
    ...own,
    source,
    files: folder,
    parameters,
    ...(tokenizer && { tokenizer }),
    ends: ends.length === 0 && end !== undefined ? [end] : ends,
    warnings: tokenizer ? tokenizerConcerns(tokenizer, spec, own.name) : [withoutTokenizer(own.name)],
  };
}

const withoutTokenizer = (name: string) => `${name} has no ${TOKENIZER_FILE}: texts must be given as ids.`;

function tokenizerConcerns(tokenizer: TextTokenizer, { family, vocabulary }: DecoderSpec, name: string): string[] {
  const { begin, size } = tokenizer;
  const concerns: string[] = [];
  if (family === 'gemma2' && tokenizer.encode('a')[0] !== begin)
    concerns.push(
      `The tokenizer of ${name} does not begin texts with its first token (<bos>), and a Gemma without it writes nonsense: its tokenizer.json should have a post_processor.`,
    );
  if (size > vocabulary)
    concerns.push(
      `The tokenizer of ${name} has ${size} tokens and the model ${vocabulary}: texts with the last ones are refused.`,
    );
  return concerns;
}
