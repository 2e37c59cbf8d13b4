/** Data and predictor of a run: those that ship, or the user's; with all that computes. Loaded with the first use of the experiment. */
import { sha256Of } from '../../bundle/sha256.ts';
import type { ParamValues } from '../params.ts';
import { shippedFile } from '../shipped-files.ts';
import { ConfigError, type LoadedFile, type RunInputs } from '../workload.ts';
import { fitMixture } from './baselines/fit.ts';
import { concerns, dataFacts } from './concerns.ts';
import { makeBins } from './data/bins.ts';
import { SHIPPED_CELLS, shippedTokens } from './data/shipped.ts';
import { tokenise } from './data/tokenise.ts';
import type { TokenData } from './data/types.ts';
import { type DataInput, labelOptions } from './files/data-input.ts';
import { dataOf, networkOf } from './files/roles.ts';
import { cellsShape, planCells } from './gpu/predictor.ts';
import type { CellsModel, ModelSubject } from './model.ts';
import { checkGenes, splitConcerns } from './network-concerns.ts';
import { type CellsNetworkInput, readCellsNetwork } from './network-file.ts';
import { type CellsParams, readCellsParams } from './params.ts';
import { cellsProblem, heldOut, itemCount, SPLIT_SEED } from './problem.ts';
import { cellsWork } from './work.ts';

/** What the workload is made of once its code, data and a predictor are there. */
export const code = { itemCount, readCellsParams, cellsProblem, cellsShape, cellsWork, planCells, concerns, dataFacts };

export interface LoadedCells extends LoadedFile {
  readonly code: typeof code;
  readonly model: CellsModel;
  readonly data: TokenData;
}

/** The network that ships, below `public/`. */
export const SHIPPED_NETWORK = 'networks/regulatory.safetensors';
/** Starts the mixture that is fitted to the data. */
const MIXTURE_SEED = 0;
/** What was made of data is kept for the latest so many questions: plans are asked for with every change of the form. */
const KEPT = 4;

const made = new Map<string, Promise<LoadedCells>>();

/** @throws ConfigError where data and predictor do not go together; FileError for a file that is damaged */
export function loadCells(values: ParamValues, inputs: RunInputs): Promise<LoadedCells> {
  const params = readCellsParams(values);
  const { model, genes, geneList, bins, binCount } = params;
  const [data, network] = [dataOf(inputs), networkOf(inputs)];
  const about = model === 'network' ? [network?.sha256] : data ? [genes, geneList, bins, binCount] : [];
  const key = JSON.stringify([model, data?.sha256, data?.options, ...about]);
  const known = made.get(key) ?? (model === 'network' ? withNetwork(inputs) : withMixture(params, inputs));
  made.delete(key);
  made.set(key, known);
  // What is not there now may be there later.
  known.catch(() => made.delete(key));
  for (const old of [...made.keys()].slice(0, -KEPT)) made.delete(old);
  return known;
}

async function withNetwork(inputs: RunInputs): Promise<LoadedCells> {
  const network = networkOf(inputs) ?? (await shippedNetwork());
  const own = dataOf(inputs);
  const { spec, weights, provenance, name, sha256 } = network;
  const subject = network.subject ?? subjectOfCheckpoint(network, own);
  if (own) checkGenes(subject, name, own.table.genes, own.name);
  const tokens = own
    ? tokenise(own.table, { genes: subject.genes, allGenes: true, bins: subject.bins, ...labelOptions(own) })
    : await shippedTokens(subject.bins);
  if (!own && tokens.genes.join() !== subject.genes.join())
    throw new ConfigError(
      'network',
      `${name} is about other genes than the data that ship. Give the data that it was trained on as well.`,
    );
  const data = { ...tokens, warnings: [...tokens.warnings, ...splitConcerns(provenance, SPLIT_SEED)] };
  return { name, sha256, code, data, model: { kind: 'network', spec, weights, provenance, ...subject } };
}

/** A checkpoint of another program does not say what its genes are called: they are those of the data, in the order of the file. */
function subjectOfCheckpoint({ name, spec }: CellsNetworkInput, own: DataInput | undefined): ModelSubject {
  if (own?.table.genes.length !== spec.genes)
    throw new ConfigError(
      'network',
      `${name} does not say which genes it is about. Give data with exactly its ${spec.genes} genes, in its order, as well${own ? `; ${own.name} has ${own.table.genes.length}` : ''}.`,
    );
  const labels = (what: string, names: readonly string[] | undefined, count: number) => {
    if (count === 0) return [];
    if (names?.length === count) return names;
    throw new ConfigError(
      'network',
      `${name} knows ${count} ${what}, and the data have ${names?.length ?? 0}: which is which cannot be told.`,
    );
  };
  return {
    genes: own.table.genes,
    bins: makeBins('exact', spec.bins),
    perturbations: labels('perturbations', own.perturbation?.names, spec.perturbations),
    cellTypes: labels('cell types', own.cellType?.names, spec.cellTypes),
  };
}

async function withMixture(params: CellsParams, inputs: RunInputs): Promise<LoadedCells> {
  const own = dataOf(inputs);
  const data = own ? ownTokens(own, params) : await shippedTokens();
  const { name, sha256 } = own ?? (await shippedHash());
  const rows = { genes: data.genes.length, bins: data.bins.count, tokens: data.tokens };
  const mixture = fitMixture(rows, heldOut(data).training, { seed: MIXTURE_SEED });
  const subject = { genes: data.genes, bins: data.bins, perturbations: [], cellTypes: [] };
  return { name, sha256, code, data, model: { kind: 'mixture', mixture, ...subject } };
}

/** The user's cells with the genes and bins that the form asks for: what a network is trained on, too. */
export function ownTokens(
  own: DataInput,
  { genes, geneList, bins, binCount }: Pick<CellsParams, 'genes' | 'geneList' | 'bins' | 'binCount'>,
): TokenData {
  return tokenise(own.table, {
    genes: geneList.trim() ? geneList.split(',') : genes,
    bins: makeBins(bins, binCount),
    ...labelOptions(own),
  });
}

async function shippedHash(): Promise<LoadedFile> {
  const bytes = await shippedFile(SHIPPED_CELLS);
  return { name: SHIPPED_CELLS.slice(SHIPPED_CELLS.indexOf('/') + 1), sha256: bytes ? sha256Of(bytes) : '' };
}

async function shippedNetwork(): Promise<CellsNetworkInput> {
  const bytes = await shippedFile(SHIPPED_NETWORK);
  if (!bytes)
    throw new ConfigError(
      'params.model',
      `Predictor (model): no trained network is there (${SHIPPED_NETWORK}). Choose the mixture, train a network, or give one of your own.`,
    );
  return readCellsNetwork(SHIPPED_NETWORK.slice(SHIPPED_NETWORK.indexOf('/') + 1), bytes);
}
