/** The user's files that a run of analysis takes, in the order in which they are read. */
import type { OwnFile } from '../../../bundle/own-file.ts';
import type { Graph } from '../../../nn/graph/graph.ts';
import { type FileRole, fileOf } from '../../file-role.ts';
import { modelRole } from '../../language-models/model-role.ts';
import type { GivenText } from '../../language-models/texts.ts';
import type { TextsInput } from '../../language-models/texts-input.ts';
import type { RunInputs } from '../../workload.ts';
import type { PathPoint } from '../metrics/metric.ts';
import { networkRole, rowsRole } from './network-role.ts';
import { pathPoints } from './path-input.ts';
import { pathRole } from './path-role.ts';

const texts: FileRole<TextsInput> = {
  role: 'texts',
  label: 'Texts',
  accept: ['.txt', '.csv', '.json', '.jsonl'],
  flagHelp: 'texts, one a line, or as CSV or JSON with prompt and label (.txt, .csv, .json)',
  help: 'Texts, one a line, or as CSV or JSON: prompt, and label where there are two groups. Lists of ids in brackets are taken as ids.',
  drop: 'texts',
  example: { path: 'examples/happy-sad.csv', title: 'happy and sad texts', preset: 'slopes' },
  preview: async (input) => (await import('../../language-models/texts-preview.ts')).textsPreview(input),
  read: async (name, bytes) =>
    (await import('../../language-models/read-texts.ts')).readTexts(
      name,
      bytes,
      name.toLowerCase().endsWith('.txt') ? 'none' : undefined,
    ),
};

export const analysisFiles: readonly FileRole[] = [
  modelRole,
  networkRole,
  texts,
  rowsRole,
  pathRole,
] as unknown as readonly FileRole[];

/** The user's model; undefined for the one that ships. */
export const modelOf = (inputs: RunInputs) => fileOf(inputs, modelRole);

/** The user's perceptron, and the rows that it takes. */
export const networkOf = (inputs: RunInputs) => fileOf(inputs, networkRole);
export const rowsOf = (inputs: RunInputs) => fileOf(inputs, rowsRole);

/** The user's texts; undefined where there are none. */
export function textsOf(inputs: RunInputs): (OwnFile & { readonly texts: readonly GivenText[] }) | undefined {
  return fileOf(inputs, texts);
}

/** Checkpoints of a training; none where there is no path. @throws ConfigError where they are of another model */
export function pathOf(inputs: RunInputs, graph: Graph): readonly PathPoint[] {
  const given = fileOf(inputs, pathRole);
  return given ? pathPoints(given, graph) : [];
}
