/** Texts to ids and back, with tokenizers of a few tokens. */
import { expect, test } from 'vitest';
import { bytesFolder } from '../../bundle/file-folder.ts';
import { pastedIds } from './pasted-ids.ts';
import { visiblePiece } from './pieces.ts';
import { openTokenizer } from './tokenizer.ts';

type Json = Record<string, unknown>;

const folderOf = (files: Record<string, Json | string>) =>
  bytesFolder(
    'tiny',
    Object.fromEntries(
      Object.entries(files).map(([name, value]) => [
        name,
        new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)),
      ]),
    ),
  );

const special = (id: number, content: string) => ({ id, content, special: true, normalized: false });

const begin = {
  type: 'TemplateProcessing',
  single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
  pair: [],
  special_tokens: { '<s>': { id: '<s>', ids: [0], tokens: ['<s>'] } },
};

/** Words. */
const words: Json = {
  added_tokens: [special(0, '<s>'), special(1, '</s>')],
  pre_tokenizer: { type: 'WhitespaceSplit' },
  post_processor: begin,
  model: {
    type: 'WordLevel',
    unk_token: '<unk>',
    vocab: { '<s>': 0, '</s>': 1, '<unk>': 2, the: 3, cat: 4, sat: 5, a: 6, dog: 7 },
  },
};
const settings = { bos_token: '<s>', eos_token: { content: '</s>' }, unk_token: '<unk>' };

/** Words whose decoder sets signs and endings close, as that of the model that ships does. */
const stories: Json = {
  ...words,
  pre_tokenizer: { type: 'Whitespace' },
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  model: {
    type: 'WordLevel',
    unk_token: '<unk>',
    vocab: { '<s>': 0, '</s>': 1, '<unk>': 2, the: 3, cat: 4, '.': 5, "'s": 6, '##s': 7 },
  },
};

/** Bytes as GPT-2 writes them; "é" is two of them. */
const bytes: Json = {
  added_tokens: [special(9, '<|end|>')],
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
  decoder: { type: 'ByteLevel' },
  model: {
    type: 'BPE',
    vocab: { h: 0, i: 1, Ġ: 2, hi: 3, '.': 4, Ġhi: 5, Ã: 6, '©': 7, Ċ: 8 },
    merges: ['h i', 'Ġ hi'],
    unk_token: 'h',
  },
};

test('pieces of a WordPiece decoder joined are the decoded text', async () => {
  const tokenizer = await openTokenizer(folderOf({ 'tokenizer.json': stories, 'tokenizer_config.json': settings }));
  const ids = [0, 3, 4, 7, 5, 4, 6];
  expect(tokenizer.pieces(ids)).toEqual(['<s>', 'the', ' cat', 's', '.', ' cat', "'s"]);
  expect(tokenizer.pieces(ids).slice(1).join('')).toBe(tokenizer.decode(ids));
});

test('words become ids behind the first token, and ids words', async () => {
  const tokenizer = await openTokenizer(folderOf({ 'tokenizer.json': words, 'tokenizer_config.json': settings }));
  expect(tokenizer.encode('the cat sat')).toEqual([0, 3, 4, 5]);
  expect(tokenizer.encode('the dog', false)).toEqual([3, 7]);
  expect(tokenizer.encode('the horse', false)).toEqual([3, 2]);
  expect(tokenizer).toMatchObject({ size: 8, begin: 0, end: 1, chat: undefined });
  expect(tokenizer.decode([0, 3, 4, 1])).toBe('the cat');
  expect(tokenizer.decode([0])).toBe('');
  expect(tokenizer.decodeBehind([0, 3], [4, 5])).toBe(' cat sat');
  expect(tokenizer.pieces([0, 3, 4])).toEqual(['<s>', ' the', ' cat']);
});

test('a character of two tokens belongs to its second', async () => {
  const tokenizer = await openTokenizer(folderOf({ 'tokenizer.json': bytes }));
  expect(tokenizer.encode('hi hi')).toEqual([3, 5]);
  expect(tokenizer.encode('hié\n')).toEqual([3, 6, 7, 8]);
  expect(tokenizer.pieces([3, 6, 7, 8, 5, 9])).toEqual(['hi', '', 'é', '\n', ' hi', '<|end|>']);
  expect(tokenizer.decode([3, 6, 7, 9])).toBe('hié');
  expect(tokenizer.pieces([6]).join('')).toBe('\uFFFD');
  expect(tokenizer.pieces([6, 9])).toEqual(['', '\uFFFD<|end|>']);
  expect(visiblePiece(' hi\n')).toBe('·hi↵');
});

test('an id that the tokenizer has not is named', async () => {
  const tokenizer = await openTokenizer(folderOf({ 'tokenizer.json': words }));
  expect(() => tokenizer.decode([3, 8])).toThrow('8 is no id of this tokenizer, which has 0 to 7');
  expect(() => tokenizer.pieces([-1])).toThrow('-1 is no id');
});

test('its hash is that of its files, whatever else is in the folder', async () => {
  const hash = async (files: Record<string, Json | string>) => (await openTokenizer(folderOf(files))).sha256;
  const one = await hash({ 'tokenizer.json': words });
  expect(one).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(await hash({ 'config.json': {}, 'tokenizer.json': words })).toBe(one);
  expect(await hash({ 'tokenizer.json': words, 'tokenizer_config.json': settings })).not.toBe(one);
});

const template =
  '{{ bos_token }}{% for message in messages %}{% if message.role == "system" %}{{ raise_exception("no system") }}{% endif %}[{{ message.role }}] {{ message.content }} {% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}';

test.each([
  ['a file of its own', { 'chat_template.jinja': template, 'tokenizer_config.json': settings }],
  ['the configuration', { 'tokenizer_config.json': { ...settings, chat_template: template } }],
  [
    'several in the configuration',
    {
      'tokenizer_config.json': {
        ...settings,
        chat_template: [
          { name: 'tools', template: 'no' },
          { name: 'default', template },
        ],
      },
    },
  ],
])('messages are put as the template of %s says', async (_, files) => {
  const { chat } = await openTokenizer(folderOf({ 'tokenizer.json': words, ...files }));
  expect(await chat!.render([{ role: 'user', content: 'the cat' }])).toBe('<s>[user] the cat [assistant]');
  const refused = chat!.render([{ role: 'system', content: 'be kind' }]);
  await expect(refused).rejects.toThrow(/does not take these messages \(system\): no system/);
});

test.each([
  [{}, 'tiny/tokenizer.json: it is missing. Give the folder as it was published'],
  [{ 'tokenizer.model': 'x' }, "tokenizer.model is SentencePiece's own format"],
  [{ 'tokenizer.json': '{' }, 'tokenizer.json: it is not JSON'],
  [{ 'tokenizer.json': '[1]' }, 'it holds no object'],
  [{ 'tokenizer.json': {} }, 'model.vocab, the list of tokens, is missing'],
  [{ 'tokenizer.json': { model: { vocab: { a: -1 } } } }, 'model.vocab has -1 for an id'],
  [{ 'tokenizer.json': { model: { vocab: { a: 1e15 } } } }, 'model.vocab has 1000000000000000 for an id'],
  [{ 'tokenizer.json': { ...words, added_tokens: [{ id: 'x' }] } }, 'added_tokens is damaged'],
  [{ 'tokenizer.json': { ...words, normalizer: { type: 'Mine' } } }, /kind that is not read \(.*Mine/],
  [{ 'tokenizer.json': words, 'tokenizer_config.json': '7' }, 'tokenizer_config.json: it holds no object'],
])('%j is refused in words', async (files, message) => {
  await expect(openTokenizer(folderOf(files as Record<string, Json | string>))).rejects.toThrow(message);
});

test('ids are pasted with commas, spaces or in brackets', () => {
  expect(pastedIds('1, 403, 12')).toEqual([1, 403, 12]);
  expect(pastedIds(' [1 403\n12] ')).toEqual([1, 403, 12]);
  expect(pastedIds('7')).toEqual([7]);
  for (const text of ['', '1, -2', '1.5', 'one', '1,,2', '[1']) expect(pastedIds(text)).toBeUndefined();
});

test('a word that there is no token for is named where there is none for unknown ones', async () => {
  const { unk_token: _, ...model } = words.model as Json;
  const tokenizer = await openTokenizer(folderOf({ 'tokenizer.json': { ...words, model } }));
  expect(() => tokenizer.encode('the horse')).toThrow('it has no token for "horse" and none for unknown words');
});
