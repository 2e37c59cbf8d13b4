/** The model of stories that ships, below `public/`. */
import { bytesFolder } from '../../bundle/file-folder.ts';
import { hashFolder } from '../../bundle/hash-folder.ts';
import { TOKENIZER_CONFIG, TOKENIZER_FILE } from '../../nn/text/tokenizer.ts';
import { CONFIG_FILE } from '../../nn/transformer/checkpoint.ts';
import { shippedFile } from '../shipped-files.ts';
import { ConfigError } from '../workload.ts';
import type { LoadedModel } from './model.ts';
import { readModel } from './model-folder.ts';

const FOLDER = 'models/stories';
const FILES = [CONFIG_FILE, 'model.safetensors', TOKENIZER_FILE, TOKENIZER_CONFIG];

let found: Promise<LoadedModel> | undefined;

/** @throws ConfigError where it is not there */
export function shippedModel(): Promise<LoadedModel> {
  found ??= fetched();
  // What is not there now may be there later.
  found.catch(() => {
    found = undefined;
  });
  return found;
}

async function fetched(): Promise<LoadedModel> {
  const files = await Promise.all(FILES.map(async (name) => [name, await shippedFile(`${FOLDER}/${name}`)] as const));
  const missing = files.find(([, bytes]) => !bytes);
  if (missing) throw new ConfigError('model', `no model is there (${FOLDER}/${missing[0]}). Give the folder of one.`);
  const name = FOLDER.slice(FOLDER.indexOf('/') + 1);
  const there = files as readonly (readonly [string, Uint8Array<ArrayBuffer>])[];
  const folder = await hashFolder(bytesFolder(name, Object.fromEntries(there)));
  return readModel(folder, { name, sha256: folder.sha256 });
}
