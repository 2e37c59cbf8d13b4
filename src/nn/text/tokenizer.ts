/** Texts as a model's tokens, by the tokenizer in its folder, and tokens as text. */
import type { Tokenizer } from '@huggingface/tokenizers';
import { FileError } from '../../bundle/file-error.ts';
import { type FileFolder, pathIn, textIn } from '../../bundle/file-folder.ts';
import { parseJson } from '../../bundle/json-text.ts';
import { sha256Of } from '../../bundle/sha256.ts';
import { ChatTemplate } from './chat.ts';
import { piecesOf } from './pieces.ts';

export const TOKENIZER_FILE = 'tokenizer.json';
export const TOKENIZER_CONFIG = 'tokenizer_config.json';
export const CHAT_TEMPLATE = 'chat_template.jinja';
/** What says how texts become tokens: all that a tokenizer reads of a folder. */
export const TOKENIZER_FILES = [TOKENIZER_FILE, TOKENIZER_CONFIG, CHAT_TEMPLATE] as const;

const AS_PUBLISHED = 'Give the folder as it was published, with its tokenizer.json, or paste ids.';

type Json = Record<string, unknown>;

export class TextTokenizer {
  readonly #tokenizer: Tokenizer;
  /** Special ids, which are no text. */
  readonly #special: ReadonlySet<number>;
  /** "sha256:…" of names and hashes of its files: equal ones give equal ids. */
  readonly sha256: string;
  /** One more than the largest id. */
  readonly size: number;
  /** Token that ends a text, by its configuration; undefined where it names none. */
  readonly end: number | undefined;
  /** Token that texts begin with, by its configuration; `encode` prepends it where the post-processor says so, and only there. */
  readonly begin: number | undefined;
  /** How messages are put before the model; undefined where it was not made for that. */
  readonly chat: ChatTemplate | undefined;

  constructor(tokenizer: Tokenizer, config: Json, chat: ChatTemplate | undefined, sha256: string) {
    this.#tokenizer = tokenizer;
    this.sha256 = sha256;
    this.chat = chat;
    const added = [...tokenizer.get_added_tokens_decoder()];
    this.#special = new Set(added.flatMap(([id, { special }]) => (special ? [id] : [])));
    let largest = -1;
    for (const id of tokenizer.get_vocab(true).values()) largest = Math.max(largest, id);
    this.size = largest + 1;
    this.begin = this.idOf(tokenText(config.bos_token));
    this.end = this.idOf(tokenText(config.eos_token));
  }

  /** The id of exactly this token; undefined where there is none. */
  idOf(token: string | undefined): number | undefined {
    return token === undefined ? undefined : this.#tokenizer.token_to_id(token);
  }

  /**
   * Ids of a text, with those that the tokenizer's post-processor puts around every text (BOS of Llama and Gemma). A text that a chat
   * template made has them in it: `special: false` then.
   * @throws FileError for a text that it has no token for
   */
  encode(text: string, special = true): number[] {
    const { ids } = this.#tokenizer.encode(text, { add_special_tokens: special });
    if (ids.every((id) => Number.isInteger(id))) return ids;
    const { tokens } = this.#tokenizer.encode(text, { add_special_tokens: special });
    const without = tokens[ids.findIndex((id) => !Number.isInteger(id))];
    throw new FileError(
      TOKENIZER_FILE,
      `it has no token for ${JSON.stringify(without)} and none for unknown words`,
      'Leave that out of the text, or give the tokenizer that belongs to the model.',
    );
  }

  /** Text of ids, without special tokens. Spaces stand where the tokens say: nothing is cleaned up. */
  decode(ids: readonly number[]): string {
    this.requireKnown(ids);
    const texts = ids.filter((id) => !this.#special.has(id));
    // The library refuses an empty list.
    return texts.length === 0
      ? ''
      : this.#tokenizer.decode(texts, { skip_special_tokens: true, clean_up_tokenization_spaces: false });
  }

  /** Text of ids that go on behind others: decoders drop the space before the first word of a text, which is none there. */
  decodeBehind(before: readonly number[], ids: readonly number[]): string {
    const start = this.decode(before);
    const whole = this.decode([...before, ...ids]);
    return whole.startsWith(start) ? whole.slice(start.length) : this.decode(ids);
  }

  /** What each id adds to the text, special tokens by their names; a character of several tokens belongs to its last. */
  pieces(ids: readonly number[]): string[] {
    this.requireKnown(ids);
    return piecesOf(
      ids.map((id) => this.#tokenizer.id_to_token(id) ?? ''),
      ids.map((id) => this.#special.has(id)),
      this.#tokenizer.decoder?.config,
    );
  }

  /** @throws RangeError naming the first id outside the vocabulary */
  requireKnown(ids: readonly number[]): void {
    const wrong = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= this.size);
    if (wrong !== undefined)
      throw new RangeError(`${wrong} is no id of this tokenizer, which has 0 to ${this.size - 1}.`);
  }
}

/**
 * The tokenizer of a model's folder. Loads the library with the first.
 * @throws FileError where there is none, or it is of a kind that is not read
 */
export async function openTokenizer(folder: FileFolder): Promise<TextTokenizer> {
  const [json, config, jinja] = await Promise.all(TOKENIZER_FILES.map((name) => textIn(folder, name)));
  const path = pathIn(folder, TOKENIZER_FILE);
  if (json === undefined) throw new FileError(path, whyNone(folder), AS_PUBLISHED);
  const description = objectOf(path, json);
  const settings = config === undefined ? {} : objectOf(pathIn(folder, TOKENIZER_CONFIG), config);
  requireModel(path, description);
  const { Tokenizer } = await import('@huggingface/tokenizers');
  // Fields without a value may be left out of the file; the library wants them said.
  const whole = {
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: null,
    added_tokens: [],
    ...description,
  };
  const made = trying(path, () => new Tokenizer(whole, settings));
  const template = jinja ?? chatTemplate(settings.chat_template);
  const chat =
    template === undefined
      ? undefined
      : new ChatTemplate(template, settings, pathIn(folder, jinja === undefined ? TOKENIZER_CONFIG : CHAT_TEMPLATE));
  // A damaged one fails with its first text.
  trying(path, () => made.encode('A text.'));
  const tokenizer = trying(path, () => new TextTokenizer(made, settings, chat, hashOf([json, config, jinja])));
  if (tokenizer.size === 0) throw new FileError(path, 'it has no tokens', AS_PUBLISHED);
  return tokenizer;
}

function whyNone({ files }: FileFolder): string {
  const sentencePiece = files.find(({ name }) => /^(tokenizer|spiece)\.model$/.test(name));
  return sentencePiece
    ? `it is missing; ${sentencePiece.name} is SentencePiece's own format, which is not read`
    : 'it is missing';
}

function objectOf(path: string, text: string): Json {
  try {
    const value = parseJson(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  } catch (cause) {
    throw new FileError(path, `it is not JSON: ${(cause as Error).message}`, AS_PUBLISHED, { cause });
  }
  throw new FileError(path, 'it holds no object', AS_PUBLISHED);
}

/** What the library takes for granted. */
function requireModel(path: string, { model, added_tokens: added }: Json): void {
  const vocabulary = (model as Json | null | undefined)?.vocab;
  if (typeof vocabulary !== 'object' || vocabulary === null)
    throw new FileError(path, 'its field model.vocab, the list of tokens, is missing', AS_PUBLISHED);
  const ids = Array.isArray(vocabulary) ? vocabulary.map((_, id) => id) : Object.values(vocabulary);
  const wrong = ids.find((id) => !isId(id));
  if (wrong !== undefined)
    throw new FileError(path, `its field model.vocab has ${JSON.stringify(wrong)} for an id`, AS_PUBLISHED);
  if (added === undefined || added === null) return;
  const bad = !Array.isArray(added) || added.some((token) => !isId(token?.id) || typeof token?.content !== 'string');
  if (bad) throw new FileError(path, 'its field added_tokens is damaged', AS_PUBLISHED);
}

/** Larger ones would make lists of that length; the largest vocabulary in use has 262,144. */
const MOST_IDS = 2 ** 22;
const isId = (id: unknown) => Number.isInteger(id) && (id as number) >= 0 && (id as number) < MOST_IDS;

/** Errors of the library as errors of the file. */
function trying<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    throw new FileError(path, `it is of a kind that is not read (${(cause as Error).message})`, AS_PUBLISHED, {
      cause,
    });
  }
}

/** Written as text, or as an added token with its content. */
function tokenText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const { content } = (value ?? {}) as { content?: unknown };
  return typeof content === 'string' ? content : undefined;
}

/** One template, or several by name, of which "default" holds. */
function chatTemplate(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return undefined;
  const named = value.find((each) => each?.name === 'default') ?? value[0];
  return typeof named?.template === 'string' ? named.template : undefined;
}

function hashOf(texts: readonly (string | undefined)[]): string {
  const lines = TOKENIZER_FILES.flatMap((name, i) => {
    const text = texts[i];
    return text === undefined ? [] : [`${name}:${sha256Of(new TextEncoder().encode(text))}\n`];
  });
  return sha256Of(new TextEncoder().encode(lines.sort().join('')));
}
