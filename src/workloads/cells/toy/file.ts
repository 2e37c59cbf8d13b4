/**
 * Cells of the toy in one file of NumPy's, `.npz`: counts, labels, and about.json with names, the true network and where they come from.
 * It is read without the megabyte that HDF5 needs.
 */
import * as v from 'valibot';
import { FileError } from '../../../bundle/file-error.ts';
import { canonicalJson } from '../../../bundle/json.ts';
import { readJson } from '../../../bundle/json-record.ts';
import { parseJson } from '../../../bundle/json-text.ts';
import { decodeNpy, encodeNpy } from '../../../bundle/npy.ts';
import { ZipReader } from '../../../bundle/read-zip.ts';
import { zipBundle } from '../../../bundle/zip.ts';
import { CELL_TYPES, CONTROL, GENES, PERTURBATIONS, trueEdges } from './network.ts';
import type { ToyCells } from './simulate.ts';

const ADVICE = 'Get the file that came with the program again.';
/** An entry may unpack to this many bytes. */
const MOST_BYTES = 16 * 1024 ** 2;

const ABOUT = v.object({
  genes: v.array(v.string()),
  perturbations: v.array(v.string()),
  cell_types: v.array(v.string()),
  seed: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});

/** What is in a file: the hidden states stay with the simulator. */
export interface ToyFile extends Omit<ToyCells, 'states' | 'depth'> {
  readonly seed: number;
}

/** Equal cells give equal bytes. */
export async function encodeToy({
  cells,
  counts,
  perturbation,
  cellType,
  seed,
}: ToyFile): Promise<Uint8Array<ArrayBuffer>> {
  const about = {
    about: `${cells} cells of a simulated toy of gene regulation (src/workloads/cells/toy, seed ${seed}); counts[cell][gene] are molecules, perturbation and cell_type index the names here. No cell is real.`,
    seed,
    genes: GENES.map(({ name }) => name),
    perturbations: PERTURBATIONS,
    control: CONTROL,
    cell_types: CELL_TYPES,
    edges: trueEdges().map(({ from, to, sign }) => ({ from, to, sign })),
    license: 'MIT',
  };
  const files = [
    { path: 'about.json', bytes: new TextEncoder().encode(canonicalJson(about)) },
    { path: 'cell_type.npy', bytes: encodeNpy(cellType, [cells]) },
    { path: 'counts.npy', bytes: encodeNpy(counts, [cells, GENES.length]) },
    { path: 'perturbation.npy', bytes: encodeNpy(perturbation, [cells]) },
  ];
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const part of zipBundle(files)) parts.push(part);
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** @throws FileError for a file that is damaged or of another network */
export async function decodeToy(file: string, bytes: Uint8Array<ArrayBuffer>): Promise<ToyFile> {
  const zip = await ZipReader.open(file, new Blob([bytes]));
  const text = new TextDecoder().decode(await zip.bytes('about.json', MOST_BYTES));
  const about = readJson(file, 'about.json', ABOUT, parseJson(text));
  const same = (names: readonly string[], known: readonly string[]) => names.join('\n') === known.join('\n');
  if (
    !same(
      about.genes,
      GENES.map(({ name }) => name),
    ) ||
    !same(about.perturbations, PERTURBATIONS) ||
    !same(about.cell_types, CELL_TYPES)
  )
    throw new FileError(file, 'it names other genes or labels than this version simulates', ADVICE);
  const read = async (name: string) => decodeNpy(`${file}, ${name}`, await zip.bytes(name, MOST_BYTES));
  const counts = await read('counts.npy');
  const cells = counts.shape[0];
  const labels = async (name: string, names: readonly string[]) => {
    const { shape, data } = await read(name);
    if (shape.length !== 1 || shape[0] !== cells || data.some((code) => !(code < names.length)))
      throw new FileError(file, `${name} is no label a cell`, ADVICE);
    return Uint8Array.from(data);
  };
  if (counts.shape.length !== 2 || counts.shape[1] !== GENES.length)
    throw new FileError(
      file,
      `counts.npy has the shape ${counts.shape.join(' × ')}, not cells × ${GENES.length}`,
      ADVICE,
    );
  return {
    cells,
    counts: Uint8Array.from(counts.data),
    perturbation: await labels('perturbation.npy', PERTURBATIONS),
    cellType: await labels('cell_type.npy', CELL_TYPES),
    seed: about.seed,
  };
}
