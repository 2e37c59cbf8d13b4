/** The user's files that a run of activations takes, in the order in which they are read. */
import type { OwnFile } from '../../../bundle/own-file.ts';
import { type FileRole, fileOf } from '../../file-role.ts';
import { modelRole } from '../../language-models/model-role.ts';
import type { GivenText, Label } from '../../language-models/texts.ts';
import type { TextsInput } from '../../language-models/texts-input.ts';
import { ConfigError, type RunInputs } from '../../workload.ts';
import { isTraitPart, NEGATIVE, POSITIVE, says } from './trait-names.ts';
import { vectorRole } from './vector-role.ts';

const TEXTS = ['.txt', '.csv', '.json', '.jsonl'] as const;

const previewOfTexts = async (input: TextsInput) =>
  (await import('../../language-models/texts-preview.ts')).textsPreview(input);

const texts = (
  role: string,
  label: Label,
  told: Pick<FileRole, 'label' | 'flagHelp' | 'help' | 'drop'> & Partial<FileRole<TextsInput>>,
): FileRole<TextsInput> => ({
  role,
  accept: TEXTS,
  read: async (name, bytes) => (await import('../../language-models/read-texts.ts')).readTexts(name, bytes, label),
  preview: previewOfTexts,
  ...told,
});

const positive = texts('positive', 'positive', {
  label: 'Positive texts',
  recognises: (_, name) => says(name, 'pos'),
  flagHelp: 'texts that show the trait, one a line (.txt, .csv, .json)',
  help: 'Texts that show a trait, one a line, or as CSV or JSON with prompt, response, question.',
  drop: 'positive.txt',
});

const negative = texts('negative', 'negative', {
  label: 'Negative texts',
  recognises: (_, name) => says(name, 'neg'),
  flagHelp: 'texts that show its opposite, line by line of the same questions',
  help: 'Texts that show its opposite: a line belongs to the line of that number among the positive ones.',
  drop: 'negative.txt',
  counts: { as: positive.role, todo: 'Texts of one number are taken for one question: give as many of each.' },
});

const trait: FileRole<TextsInput> = {
  role: 'trait',
  label: 'Trait',
  accept: ['.json', '.csv', '.jsonl'],
  recognises: (head) =>
    /"(instruction"\s*:\s*\[|(eval_prompt|trait_score|label)"\s*:)|(^|,)"?(trait_score|label)"?\s*(,|$)/m.test(head),
  flagHelp: 'a trait: trait_definition.json, texts with labels, or a folder with positive.txt and negative.txt',
  help: 'A trait: trait_definition.json, a CSV or JSON with labels, or a folder of positive.txt, negative.txt, definition.txt, steering.json.',
  drop: 'a trait',
  example: { path: 'examples/happy-sad.csv', title: 'happy and sad texts', preset: 'happy-and-sad' },
  read: async (name, bytes) => (await import('./read-trait.ts')).readTraitFile(name, bytes),
  preview: previewOfTexts,
  folder: {
    called: 'the folder of a trait',
    recognises: (names) =>
      names.some((name) => POSITIVE.test(name)) && names.some((name) => NEGATIVE.test(name))
        ? true
        : names.includes('trait_definition.json'),
    takes: isTraitPart,
    read: async (folder) => (await import('./read-trait.ts')).readTraitFolder(folder),
  },
};

const prompts = texts('prompts', 'none', {
  label: 'Prompts',
  flagHelp: 'prompts without a label: one a line, or {prompts: [{id, text}]}',
  help: 'Prompts without a label.',
  drop: 'prompts',
  example: { path: 'examples/openings.json', title: 'openings', preset: 'watch' },
});

const TEXT_ROLES = [positive, negative, trait, prompts] as const;

export const activationsFiles: readonly FileRole[] = [
  modelRole,
  ...TEXT_ROLES,
  vectorRole,
] as unknown as readonly FileRole[];

/** The user's model; undefined for the one that ships. */
export const modelOf = (inputs: RunInputs) => fileOf(inputs, modelRole);

/** The user's trait: its definition and the prompts on which steering is tried. */
export const traitOf = (inputs: RunInputs) => fileOf(inputs, trait);

/** The user's texts, of whichever files, with what tells them from others; undefined where there are none. @throws ConfigError where they do not go together */
export function textsOf(inputs: RunInputs): (OwnFile & { readonly texts: readonly GivenText[] }) | undefined {
  const given = TEXT_ROLES.flatMap((role) => fileOf(inputs, role) ?? []);
  if (given.length === 0) return undefined;
  if (fileOf(inputs, trait) && (fileOf(inputs, positive) ?? fileOf(inputs, negative)))
    throw new ConfigError(
      'trait',
      'positive and negative texts are there besides, and it has its own. Give one or the other.',
    );
  const all = given.flatMap((each) => each.texts);
  const ids = new Set<string>();
  const twice = all.find(({ id }) => ids.size === ids.add(id).size);
  if (twice) throw new ConfigError('prompts', `two texts have the id ${twice.id}. Give every text its own.`);
  const [name, sha256] = [given.map((each) => each.name).join(', '), given.map((each) => each.sha256).join(' ')];
  return { name, sha256, texts: all };
}
