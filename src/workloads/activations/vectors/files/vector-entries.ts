/** Vectors as the origin's tree has them: a file a layer below position, component and method. */
import { canonicalJson, type JsonValue } from '../../../../bundle/json.ts';
import { type FileEntry, textEntry } from '../../../../bundle/types.ts';
import type { FittedTable } from '../growing-table.ts';
import { controlsCsv, scoresCsv, tableJson } from '../table-text.ts';
import type { FittedVector, VectorScore } from '../types.ts';
import { layerName, positionFolder } from './names.ts';
import { controlVector, vectorNpy, vectorSafetensors } from './vector-file.ts';

export interface VectorsAbout {
  readonly model: string;
  readonly trait: string;
  /** Of the model, e.g. "gemma2". */
  readonly family: string;
}

/** Unit vectors, as the origin saves them; `norm` in the metadata makes them what they were. @param base folder of the trait and variant */
export function vectorEntries(base: string, { table, vectors }: FittedTable, about: VectorsAbout): FileEntry[] {
  const folders = new Map<string, FittedVector[]>();
  for (const vector of vectors) {
    const folder = `${base}/vectors/${positionFolder(vector.position)}/${vector.component}/${vector.method}`;
    folders.set(folder, [...(folders.get(folder) ?? []), vector]);
  }
  const own = [...folders].flatMap(([folder, all]): FileEntry[] => [
    ...all.flatMap((vector) => {
      const path = `${folder}/${layerName(vector.component, vector.layer)}`;
      return [
        bytesEntry(`${path}.npy`, () => vectorNpy(vector, true)),
        bytesEntry(`${path}.safetensors`, () => vectorSafetensors(vector, true)),
      ];
    }),
    textEntry(`${folder}/metadata.json`, () => metadata(all, table.scores, about)),
    // Directions of llama.cpp begin behind the second block.
    ...(all[0].component === 'residual' && all.some(({ layer }) => layer >= 2)
      ? [bytesEntry(`${folder}/control_vector.gguf`, () => controlVector(all, about.family, true))]
      : []),
  ]);
  return [
    ...own,
    textEntry(`${base}/vectors/table.json`, () => tableJson(table)),
    textEntry(`${base}/vectors/scores.csv`, () => scoresCsv(table)),
    textEntry(`${base}/vectors/controls.csv`, () => controlsCsv(table)),
  ];
}

const bytesEntry = (path: string, bytes: () => Uint8Array<ArrayBuffer>): FileEntry => ({
  path,
  make: () => ({ path, bytes: bytes() }),
});

function metadata(
  vectors: readonly FittedVector[],
  scores: readonly VectorScore[],
  { model, trait }: VectorsAbout,
): string {
  const [{ position, component, method }] = vectors;
  const layers = vectors.map((vector): readonly [string, JsonValue] => {
    const { layer, norm, baseline, trainAccuracy, activationNorm } = vector;
    const score = scores.find(
      (each) =>
        each.position === position && each.component === component && each.layer === layer && each.method === method,
    );
    return [
      layerName(component, layer).replace('layer', ''),
      {
        ...{ norm, baseline },
        train_acc: trainAccuracy,
        activation_norm: activationNorm,
        ...(component === 'residual' && { residual: layer }),
        ...(score && {
          chosen: score.chosen,
          held_out_auc: finite(score.heldOut.auc.value),
          held_out_auc_95: [finite(score.heldOut.auc.low), finite(score.heldOut.auc.high)],
          held_out_cohens_d: finite(score.heldOut.cohensD),
          held_out_accuracy: finite(score.heldOut.accuracy),
        }),
      },
    ];
  });
  return canonicalJson({
    ...{ model, trait, method, position, component },
    fitted_to: 'all texts, those of train and val; held-out scores are of fits to four fifths of the questions',
    layers: Object.fromEntries(layers),
  });
}

const finite = (value: number) => (Number.isFinite(value) ? value : null);
