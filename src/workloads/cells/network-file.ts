/** A score network as a safetensors file, with the genes, bins and labels that it is about, and where it comes from. */
import * as v from 'valibot';
import { FileError } from '../../bundle/file-error.ts';
import { readJson } from '../../bundle/json-record.ts';
import { metadataObject } from '../../bundle/safetensors.ts';
import { sha256Of } from '../../bundle/sha256.ts';
import { decodeScoreNetwork, encodeScoreNetwork, type ScoreNetwork } from '../../nn/score-network/safetensors.ts';
import type { LoadedFile } from '../workload.ts';
import { MOST_BINS } from './data/types.ts';
import type { ModelSubject, Provenance } from './model.ts';

export interface CellsNetworkFile extends ScoreNetwork {
  /** Absent in checkpoints of other programs, which do not say what their genes are called. */
  readonly subject?: ModelSubject;
  readonly provenance: Provenance;
}

/** With its name and the hash of its bytes. */
export interface CellsNetworkInput extends CellsNetworkFile, LoadedFile {}

/** Entries of the metadata. */
const SUBJECT = 'cells';
const PROVENANCE = 'provenance';
const ADVICE = 'Give a file that `npm run lockstep -- train --workload cells` or the page saved.';

const names = v.array(v.string());
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const SUBJECT_SCHEMA = v.object({
  genes: names,
  bins: v.object({
    kind: v.picklist(['octave', 'exact', 'quantile']),
    count: v.pipe(v.number(), v.safeInteger(), v.minValue(2), v.maxValue(MOST_BINS)),
    edges: v.optional(v.array(whole)),
  }),
  perturbations: names,
  cellTypes: names,
});

export function encodeCellsNetwork({ spec, weights, subject, provenance }: CellsNetworkFile): Uint8Array<ArrayBuffer> {
  return encodeScoreNetwork(
    { spec, weights },
    {
      ...(subject && { [SUBJECT]: JSON.stringify(subject) }),
      [PROVENANCE]: JSON.stringify(provenance),
    },
  );
}

/** @throws FileError that names the tensor or the entry at fault */
export function readCellsNetwork(name: string, bytes: Uint8Array): CellsNetworkInput {
  const { spec, weights, metadata } = decodeScoreNetwork(name, bytes);
  const provenance = metadata[PROVENANCE] ? metadataObject(name, metadata, PROVENANCE, ADVICE) : {};
  const file = { name, sha256: sha256Of(bytes), spec, weights, provenance: provenance as Provenance };
  if (metadata[SUBJECT] === undefined) return file;
  const given = metadataObject(name, metadata, SUBJECT, ADVICE);
  const subject = readJson(name, `metadata entry "${SUBJECT}"`, SUBJECT_SCHEMA, given) as ModelSubject;
  const counts = [
    ['genes', subject.genes.length, spec.genes],
    ['bins', subject.bins.count, spec.bins],
    ['perturbations', subject.perturbations.length, spec.perturbations],
    ['cell types', subject.cellTypes.length, spec.cellTypes],
  ] as const;
  for (const [what, named, sized] of counts)
    if (named !== sized)
      throw new FileError(name, `its metadata name ${named} ${what}, and its tensors are for ${sized}`, ADVICE);
  return { ...file, subject };
}
