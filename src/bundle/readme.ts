/** README.md of a bundle: what it is and how to open it. */
import type { OwnFiles } from './own-file.ts';
import { givenFiles } from './reproduce.ts';

/** What a kind of result says of its files, for the README and for archives. */
export interface ResultsAbout {
  /** What each item comes with, e.g. "a posterior of its own". */
  readonly each: string;
  /** A sentence about all of them; absent where there is none. */
  readonly sentence?: string;
  /** Paths as the table shows them, and what they hold: of files that are there, the most wanted first. */
  readonly files: readonly (readonly [path: string, what: string])[];
  /** Markdown that shows how to read them in Python. */
  readonly python: string;
}

export interface ReadmeInput {
  /** Of the experiment. */
  readonly title: string;
  readonly appVersion: string;
  /** What an item is called, e.g. realization and realizations. */
  readonly itemName: { readonly one: string; readonly many: string };
  readonly items: number;
  readonly results: ResultsAbout;
  /** It was held against exact posteriors. */
  readonly metrics?: boolean;
  /** WGSL that ran is in it. */
  readonly shaders?: boolean;
  readonly ownFiles?: OwnFiles;
  /** What the run says about itself, e.g. "63 of 64 converged". One bullet each. */
  readonly notes: readonly string[];
}

/** Text of README.md. Equal input gives equal text. */
export function bundleReadme(input: ReadmeInput): string {
  const { results, items } = input;
  const { one, many } = input.itemName;
  const notes = input.notes.map((note) => `- ${note}\n`).join('');
  const own = givenFiles(input.ownFiles ?? {});
  const flags = own.map(({ flag, quoted }) => ` ${flag} ${quoted}`).join('');
  const files: readonly (readonly [path: string, what: string])[] = [
    ...results.files,
    [
      'run.json',
      `the whole configuration; rerun it with \`npm run lockstep -- run --config run.json${flags}\`${own.length > 0 ? ', your own files, which are not in here' : ''}`,
    ],
    ['reproduce.sh', 'reruns it headless and compares the result id'],
    ['environment.json', 'software and, if included, the graphics adapter'],
    ['timing.csv', 'time of each chunk'],
    ['memory.csv', 'exact bytes of each GPU buffer in every pass'],
    ['tuning.json', 'who chose the batch size, and what the tuner measured where it did'],
    ['failures.json', `${many} without a result or that missed a threshold, and why`],
    ...(input.metrics
      ? ([
          [
            'metrics.json',
            'how near the draws are to the exact posteriors: C2ST, MMD, sliced W2, shifts, calibration, each with its definition',
          ],
        ] as const)
      : []),
    ...(input.shaders ? ([['shaders/', 'the WGSL that ran']] as const) : []),
    ['manifest.json', 'size and SHA-256 of every file, and the result id: equal for equal runs on one adapter'],
    ['ro-crate-metadata.json', 'the same for archives (RO-Crate 1.2)'],
  ];
  return `# ${input.title}

A run of Lockstep ${input.appVersion}: ${items} ${items === 1 ? `${one}, with` : `${many}, each with`} ${results.each}.
${results.sentence ? `${results.sentence}\n` : ''}${notes ? `\n${notes}` : ''}
## Files

| path | what it holds |
|---|---|
${files.map(([path, what]) => `| \`${path}\` | ${what} |\n`).join('')}
## Open it in Python

${results.python}`;
}
