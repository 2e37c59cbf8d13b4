/** A tokenizer of whole words, as Hugging Face writes one: signs are tokens of their own, what is unknown is one, a text begins with a token. */
import { ENDINGS, MIDDLES, OPENINGS, REACTIONS, TURNS } from './sentences.ts';
import { SITUATIONS } from './situations.ts';
import { BOYS, FILLINGS, GIRLS } from './words.ts';

/** Tokens that are no words, by their ids. */
export const SPECIAL = ['<unk>', '<s>', '</s>'] as const;
export const UNKNOWN = 0;
export const BEGIN = 1;
export const END = 2;

/** Vocabularies are filled up to a multiple of this: kernels read rows of four. */
const EDGE = 8;

/** Every word and sign that stories are made of, by code units. */
export function storyWords(): string[] {
  const templates = [
    ...OPENINGS,
    ...MIDDLES,
    ...[TURNS, REACTIONS, ENDINGS].flatMap((lists) => Object.values(lists).flat()),
    ...SITUATIONS.flatMap(({ setup, good, bad, plain }) => [setup, good, bad, plain].flat()),
  ];
  const words = new Set<string>([...GIRLS, ...BOYS, ...Object.values(FILLINGS).flat(), 'She', 'she', 'her']);
  for (const template of templates)
    for (const word of template.replace(/[[\]|]/g, ' ').split(' '))
      if (word !== '' && !(word in FILLINGS && word !== 'A') && word !== 'N' && word !== 'M') words.add(word);
  return [...words].sort((a, b) => (a < b ? -1 : 1));
}

/** Words with their ids, special tokens first, filled up with tokens that no text has. */
export function vocabularyOf(words: readonly string[]): Record<string, number> {
  const all: string[] = [...SPECIAL, ...words];
  while (all.length % EDGE !== 0) all.push(`<reserved-${all.length}>`);
  return Object.fromEntries(all.map((word, id) => [word, id]));
}

/** `tokenizer.json` of a vocabulary: words and signs apart, `<s>` before every text. */
export function wordTokenizer(vocabulary: Readonly<Record<string, number>>) {
  const special = (id: number) => ({
    id,
    content: SPECIAL[id],
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  });
  const begin = { SpecialToken: { id: SPECIAL[BEGIN], type_id: 0 } };
  const [first, second] = ['A', 'B'].map((id) => ({ Sequence: { id, type_id: 0 } }));
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: SPECIAL.map((_, id) => special(id)),
    normalizer: null,
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [begin, first],
      pair: [begin, first, begin, second],
      special_tokens: { [SPECIAL[BEGIN]]: { id: SPECIAL[BEGIN], ids: [BEGIN], tokens: [SPECIAL[BEGIN]] } },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: { type: 'WordLevel', vocab: vocabulary, unk_token: SPECIAL[UNKNOWN] },
  };
}

/** `tokenizer_config.json`. @param positions that the model has */
export const tokenizerConfig = (positions: number) => ({
  add_bos_token: true,
  add_eos_token: false,
  bos_token: SPECIAL[BEGIN],
  eos_token: SPECIAL[END],
  unk_token: SPECIAL[UNKNOWN],
  clean_up_tokenization_spaces: true,
  model_max_length: positions,
  tokenizer_class: 'PreTrainedTokenizerFast',
});

/** Ids of a text whose words and signs stand apart, as the tokenizer gives them without `<s>`. */
export function wordIds(text: string, vocabulary: Readonly<Record<string, number>>): number[] {
  return (text.match(/\w+|[^\w\s]+/gu) ?? []).map((word) =>
    Object.hasOwn(vocabulary, word) ? vocabulary[word] : UNKNOWN,
  );
}
