/** ro-crate-metadata.json: what the bundle is, made by what, from what, for archives (RO-Crate 1.2). */
import { canonicalJson } from './json.ts';
import { mediaTypeOf } from './manifest.ts';

export interface RoCrateInput {
  /** Of the experiment. */
  readonly title: string;
  readonly description: string;
  readonly appVersion: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Files at the root and in folders of the whole run. */
  readonly files: readonly string[];
  /** Folders of single items. */
  readonly folders: readonly string[];
}

const CRATE = 'ro-crate-metadata.json';

/** Text of ro-crate-metadata.json. Folders of items are listed as a whole: the manifest has their files. */
export function roCrateJson(input: RoCrateInput): string {
  const refs = (ids: readonly string[]) => ids.map((id) => ({ '@id': id }));
  const folders = input.folders.map((folder) => `${folder}/`);
  const results = [...input.files.filter((path) => path.endsWith('.nc') || path === 'summary.csv'), ...folders];
  return canonicalJson({
    '@context': 'https://w3id.org/ro/crate/1.2/context',
    '@graph': [
      {
        '@id': CRATE,
        '@type': 'CreativeWork',
        about: { '@id': './' },
        conformsTo: { '@id': 'https://w3id.org/ro/crate/1.2' },
      },
      {
        '@id': './',
        '@type': 'Dataset',
        name: input.title,
        description: input.description,
        datePublished: input.startedAt.slice(0, 10),
        license: { '@id': '#license' },
        hasPart: refs([...input.files, ...folders]),
        mentions: { '@id': '#run' },
      },
      {
        '@id': '#license',
        '@type': 'CreativeWork',
        name: 'No licence stated',
        description: 'The rights are with whoever made this run. Replace this entry before you publish the bundle.',
      },
      {
        '@id': '#run',
        '@type': 'CreateAction',
        name: `Run of Lockstep ${input.appVersion}`,
        startTime: input.startedAt,
        instrument: { '@id': '#lockstep' },
        object: { '@id': 'run.json' },
        result: refs(results),
      },
      {
        '@id': '#lockstep',
        '@type': 'SoftwareApplication',
        name: 'Lockstep',
        version: input.appVersion,
        description: 'Batched inference in lock-step on the GPU, in the browser and headless.',
      },
      ...input.files.map((path) => ({
        '@id': path,
        '@type': 'File',
        name: path,
        encodingFormat: mediaTypeOf(path),
      })),
      ...folders.map((folder) => ({ '@id': folder, '@type': 'Dataset', name: folder.slice(0, -1) })),
    ],
  });
}
