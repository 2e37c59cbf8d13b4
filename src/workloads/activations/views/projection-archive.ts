/** Texts that were followed token by token, as the files that the origin's viewer reads. */
import type { BundleFile } from '../../../bundle/types.ts';
import { archiveOf } from '../../join-parts.ts';
import type { TracedText, TraceReply } from '../jobs/trace-types.ts';
import type { VectorChoice } from '../jobs/vector-types.ts';
import { type ProjectedOn, projectionEntry } from '../vectors/files/projection-file.ts';

export interface Followed extends Pick<TraceReply, 'layer' | 'model'> {
  readonly choice: VectorChoice;
}

/** Bytes of a zip: `inference/{model}/projections/own/trait/traced/{number}.json`. */
export async function projectionArchive(
  texts: readonly TracedText[],
  followed: Followed,
): Promise<Uint8Array<ArrayBuffer>> {
  const on = projectedOn(followed);
  const { layer } = followed;
  const entries = texts.map(({ pieces, prompt, projection, norm }, i) => {
    const at = layer * pieces.length;
    const own = (values: Float32Array) => values.subarray(at, at + pieces.length);
    const text = { id: String(i + 1), set: 'traced', pieces, prompt };
    return projectionEntry({ ...text, projections: own(projection), norms: own(norm) }, on);
  });
  return archiveOf(
    entries.map(({ path, make }) => ({
      name: path,
      bytes: async () => new Uint8Array(((await make()) as BundleFile).bytes),
    })),
  );
}

/** The origin counts what leaves a block from 0. */
function projectedOn({ layer, model, choice }: Followed): ProjectedOn {
  const place = { trait: 'own/trait', variant: model, model, layer: layer - 1, component: 'residual' };
  switch (choice.from) {
    case 'fitted':
      return { ...place, method: choice.method, position: choice.position, component: choice.component };
    case 'texts':
      return { ...place, method: 'mean_diff', position: 'prompt[-1]' };
    case 'file':
      return { ...place, method: 'file', position: '' };
  }
}
