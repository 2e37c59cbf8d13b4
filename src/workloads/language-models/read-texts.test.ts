/** Texts in the forms in which their users have them. */
import { expect, test } from 'vitest';
import { bytesFolder } from '../../bundle/file-folder.ts';
import { hashFolder } from '../../bundle/hash-folder.ts';
import { readTraitFile, readTraitFolder } from '../activations/files/read-trait.ts';
import { activationsFiles, textsOf } from '../activations/files/roles.ts';
import { folderRoleFor, roleFor } from '../role-for.ts';
import { readTexts } from './read-texts.ts';
import type { GivenText, Label } from './texts.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const read = async (name: string, text: string, label?: Label): Promise<readonly GivenText[]> =>
  (await readTexts(name, bytes(text), label)).input.texts;
const folder = (files: Record<string, string>) =>
  hashFolder(
    bytesFolder('curiosity', Object.fromEntries(Object.entries(files).map(([name, text]) => [name, bytes(text)]))),
  );

test('lines are texts, and lines of one number are of one question', async () => {
  const found = await read('positive.txt', '\uFEFFI had to know \r\n\r\n# not a comment\n[1, 403, 12]\n', 'positive');
  expect(found).toEqual([
    { id: 'positive-1', prompt: 'I had to know', label: 'positive', question: '1' },
    { id: 'positive-2', prompt: '# not a comment', label: 'positive', question: '2' },
    { id: 'positive-3', prompt: '', ids: [1, 403, 12], label: 'positive', question: '3' },
  ]);
  expect((await read('negative.txt', 'Whatever\n1984\n', 'negative'))[1]).toMatchObject({
    prompt: '1984',
    question: '2',
  });
});

test('a CSV has questions, instructions, responses', async () => {
  const csv =
    'question,instruction,prompt,response,trait_score\n"Why, then?",Be curious,,"Because ""so""",91.5\nHow?,,Tell me how,,12\n';
  expect(await read('pos.csv', csv, 'positive')).toEqual([
    {
      id: 'positive-1',
      prompt: 'Be curious\n\nWhy, then?',
      response: 'Because "so"',
      label: 'positive',
      question: 'Why, then?',
    },
    { id: 'positive-2', prompt: 'Tell me how', label: 'positive', question: 'How?' },
  ]);
  const { input, what } = await readTraitFile('both.csv', bytes(csv));
  expect(input.texts.map(({ label }) => label)).toEqual(['positive', 'negative']);
  expect(what).toBe('2 texts: 1 positive, 1 negative');
});

test('JSON is a list of objects or texts, a set of prompts, or one object a line', async () => {
  const responses = [{ prompt: 'Go', response: 'on', system_prompt: 'Be kind', token_ids: [1, 2], prompt_end: 1 }];
  expect(await read('pos.json', JSON.stringify(responses), 'positive')).toEqual([
    { id: 'positive-1', prompt: 'Go', response: 'on', system: 'Be kind', label: 'positive', question: '1' },
  ]);
  const set = {
    name: 'Baseline',
    prompts: [
      { id: 1, text: 'What is tea?', note: 'simple' },
      { id: 'x', text: 'Why?' },
    ],
  };
  expect(await read('baseline.json', JSON.stringify(set), 'none')).toEqual([
    { id: '1', prompt: 'What is tea?', label: 'none', question: '1' },
    { id: 'x', prompt: 'Why?', label: 'none', question: '2' },
  ]);
  expect(await read('x.json', '["a", "b"]', 'none')).toHaveLength(2);
  expect(await read('x.jsonl', '{"prompt":"a","label":"neg"}\n\n{"text":"b","label":1}\n')).toMatchObject([
    { prompt: 'a', label: 'negative' },
    { prompt: 'b', label: 'positive' },
  ]);
});

test.each([
  ['x.txt', '\n  \n', 'x.txt: it holds no texts. Give one text a line.'],
  ['x.csv', 'a,b\n1,2\n', 'its columns are a, b, and none is "prompt" or "question"'],
  ['x.csv', 'prompt,response\nhi,there\n,alone\n', 'row 3 has no prompt'],
  ['x.csv', 'prompt,label\nhi,maybe\n', 'row 2, field label, has "maybe". Write positive or negative'],
  ['x.csv', 'prompt,trait_score\nhi,high\n', 'row 2, field trait_score, has "high"'],
  ['x.json', '{"a": 1}', 'neither a list of texts nor has one (field prompts)'],
  ['x.json', '[{"prompt": 7}]', 'it has 7 where a text belongs (entry 1, field prompt)'],
  ['x.json', '[{"ids": [1, -2]}]', 'it has -2 where a number from 0 on belongs (entry 1, field ids.1)'],
  ['x.json', '[{"id": 1, "text": "a"}, {"id": 1, "text": "b"}]', 'two texts have the id 1'],
  ['x.json', '{', 'it is not JSON'],
  ['x.jsonl', '{"prompt":"a"}\nb\n', 'line 2 is not JSON'],
  ['x.txt', '\uD800', undefined],
])('%s: %j is refused by place', async (name, text, message) => {
  if (message === undefined)
    await expect(readTexts(name, Uint8Array.of(0xff, 0xfe, 0x41), 'none')).rejects.toThrow('it is no UTF-8 text');
  else await expect(read(name, text)).rejects.toThrow(message);
});

const definition = {
  instruction: [
    { pos: 'Ask.', neg: 'Accept.' },
    { pos: 'Dig.', neg: 'Leave it.' },
  ],
  questions: ['Why?', 'How?'],
  eval_prompt: 'How curious is {answer}?',
};

test('a definition asks every question under every instruction', async () => {
  const { input, what } = await readTraitFile('trait_definition.json', bytes(JSON.stringify(definition)));
  expect(what).toBe('8 texts: 4 positive, 4 negative; with a definition and 2 questions');
  expect(input.texts[1]).toEqual({ id: 'positive-1-2', prompt: 'Ask.\n\nHow?', label: 'positive', question: 'How?' });
  expect(input.texts[7]).toEqual({
    id: 'negative-2-2',
    prompt: 'Leave it.\n\nHow?',
    label: 'negative',
    question: 'How?',
  });
  expect(input).toMatchObject({ questions: ['Why?', 'How?'], definition: 'How curious is {answer}?' });
});

test('a folder of a trait is its texts, definition and questions', async () => {
  const files = {
    'positive.txt': 'I asked\nI dug\n',
    'negative.txt': 'I accepted\n',
    'definition.txt': 'HIGH: asks.\n',
    'steering.json': '{"questions": ["Why?"]}',
  };
  const { input, what } = await readTraitFolder(await folder(files));
  expect(what).toBe('3 texts: 2 positive, 1 negative; with a definition and 1 question');
  expect(input).toMatchObject({ name: 'curiosity', definition: 'HIGH: asks.', questions: ['Why?'] });
  expect(input.folder).toHaveLength(4);
  const old = await readTraitFolder(await folder({ 'trait_definition.json': JSON.stringify(definition) }));
  expect(old.count).toBe(8);
});

test.each([
  [{ 'positive.txt': 'a' }, 'curiosity: it has positive.txt alone'],
  [{ 'definition.txt': 'a' }, 'it has neither positive.txt nor negative.txt'],
  [{ 'positive.txt': 'a', 'negative.txt': '\n' }, 'curiosity/negative.txt: it holds no texts'],
  [
    { 'positive.txt': 'a', 'negative.txt': 'b', 'steering.json': '{}' },
    'curiosity/steering.json: field questions, is missing',
  ],
  [
    { 'trait_definition.json': '{"instruction": [{"pos": "a"}], "questions": ["b"]}' },
    'field instruction.0.neg, is missing',
  ],
  [
    { 'trait_definition.json': '{"instruction": [], "questions": ["b"]}' },
    'where at least one entry belongs (field instruction)',
  ],
] as [Record<string, string>, string][])('the folder %j is refused in words', async (files, message) => {
  const given = await folder(files);
  await expect(readTraitFolder(given)).rejects.toThrow(message);
});

test('texts of one kind alone are no trait', async () => {
  await expect(readTraitFile('x.csv', bytes('prompt,label\na,pos\n'))).rejects.toThrow('none of its texts is negative');
});

test.each([
  ['positive.txt', 'positive'],
  ['curiosity_pos.csv', 'positive'],
  ['neg.json', 'negative'],
  ['Negatives.txt', 'negative'],
  ['position.txt', 'prompts'],
  ['baseline.json', 'prompts'],
  ['trait_definition.json', 'trait', '{\n "instruction": ['],
  ['table.csv', 'trait', 'question,prompt,trait_score\n'],
  ['texts.jsonl', 'trait', '{"prompt": "a", "label": "pos"}\n'],
  ['pos.json', 'positive', '[{"prompt": "a", "trait_score": 91}]'],
  ['asked.json', 'prompts', '[{"question": "a", "instruction": "b"}]'],
])('%s is meant for %s', (name, role, head = '') => {
  expect(roleFor(activationsFiles, name, head)?.role).toBe(role);
});

test('files that make up a trait are one', () => {
  const role = (...names: string[]) => folderRoleFor(activationsFiles, names)?.role;
  expect(role('positive.txt', 'negative.txt', 'README.md')).toBe('trait');
  expect(role('trait_definition.json')).toBe('trait');
  expect(role('positive.txt')).toBeUndefined();
});

test('texts of several files go together where each has its place', async () => {
  const [positive, negative, prompts] = await Promise.all([
    readTexts('p.txt', bytes('a\n'), 'positive'),
    readTexts('n.txt', bytes('b\n'), 'negative'),
    readTexts('q.txt', bytes('c\n'), 'none'),
  ]);
  const inputs = { positive: positive.input, negative: negative.input, prompts: prompts.input };
  const found = textsOf({ files: inputs });
  expect(found).toMatchObject({ name: 'p.txt, n.txt, q.txt' });
  expect(found?.texts.map(({ id }) => id)).toEqual(['positive-1', 'negative-1', '1']);
  expect(textsOf({})).toBeUndefined();
  expect(() => textsOf({ files: { trait: positive.input, negative: negative.input } })).toThrow('one or the other');
});
