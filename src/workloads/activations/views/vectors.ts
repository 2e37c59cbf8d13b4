/** Trait vectors of the run on screen: gathered once it is over, fitted by a job, chosen by the reader. */
import { create } from 'zustand';
import type { DatasetItem } from '../../../results/dataset/item.ts';
import { wordsOf } from '../../../ui/shared/wordsOf.ts';
import { download, itemOf, theEngine } from '../../../ui/state/actions.ts';
import { shownConfig } from '../../../ui/state/shown.ts';
import { useStore } from '../../../ui/state/store.ts';
import { jobOf } from '../../../worker/client.ts';
import type { VectorFormat, VectorPlace, VectorsTypes } from '../jobs/vector-types.ts';
import { type Method, VECTOR_OPTIONS, type VectorTable } from '../vectors/types.ts';
import { beginning, type Going, isStop } from './going.ts';
import { pooledOf } from './pooled.ts';
import { chooseVector } from './store.ts';

/** Items that are asked for at once. */
const AT_A_TIME = 64;
const NOTHING: VectorTable = {
  scores: [],
  controls: [],
  choices: [],
  massive: [],
  notes: [],
  options: VECTOR_OPTIONS,
  counts: { positive: 0, negative: 0, questions: 0, folds: 0 },
};

interface VectorsStore {
  readonly going: Going | undefined;
  /** As far as it has come. */
  readonly table: VectorTable | undefined;
  /** How many layers there will be at a position and component. */
  readonly layersOf: (place: Pick<VectorPlace, 'position' | 'component'>) => number;
  /** The run that it is of. */
  readonly run: unknown;
  /** The cell of the map that others use. */
  readonly picked: VectorPlace | undefined;
  readonly zeroMassive: boolean;
  readonly withRfm: boolean;
  readonly problem: string | undefined;
}

export const useVectors = create<VectorsStore>()(() => ({
  going: undefined,
  table: undefined,
  layersOf: () => 0,
  run: undefined,
  picked: undefined,
  zeroMassive: false,
  withRfm: false,
  problem: undefined,
}));

const job = () => jobOf<VectorsTypes>(theEngine(), 'activations', 'vectors');

let listening = false;

function listen(): void {
  if (listening) return;
  listening = true;
  const { setState } = useVectors;
  const grown = (change: (table: VectorTable) => Partial<VectorTable>) =>
    setState(({ table = NOTHING }) => ({ table: { ...table, ...change(table) } }));
  job().on((event) => {
    switch (event.type) {
      case 'progress':
        setState(({ going }) => ({
          going: going && { ...going, what: event.what, fraction: event.done / Math.max(1, event.of) },
        }));
        return;
      case 'scores':
        return grown(({ scores }) => ({ scores: [...scores, ...event.scores] }));
      case 'controls':
        return grown(({ controls }) => ({ controls: [...controls, ...event.controls] }));
      case 'massive':
        return grown(() => ({ massive: event.massive }));
    }
  });
}

/** Fits vectors to the finished texts on screen. */
export async function fitVectors(): Promise<void> {
  listen();
  const { run, summaries } = useStore.getState();
  const { zeroMassive, withRfm } = useVectors.getState();
  const { seed } = shownConfig(useStore.getState());
  useVectors.setState({
    run,
    table: undefined,
    problem: undefined,
    going: { ...beginning(), what: 'Gathering texts' },
  });
  try {
    const pooled = pooledOf(await itemsOf(summaries.map(({ info }) => info.index)));
    if (!pooled) throw new Error('There must be two texts or more of each side: positive, and negative.');
    useVectors.setState({
      layersOf: ({ position, component }) =>
        pooled.arrays.find((array) => array.position === position && array.component === component)?.layers ?? 0,
    });
    const methods: Method[] = [
      'mean_diff',
      'probe',
      'gradient',
      'ica',
      ...(withRfm ? (['rfm'] as const) : []),
      'random',
    ];
    const table = await job().start({ ...pooled, methods, zeroMassive, seed });
    if (useVectors.getState().run !== run) return;
    useVectors.setState({ table });
    const [best] = [...table.choices].sort((a, b) => b.innerAuc - a.innerAuc);
    if (best) pickVector(best);
  } catch (error) {
    if (!isStop(error)) useVectors.setState({ problem: wordsOf(error) });
  } finally {
    useVectors.setState({ going: undefined });
  }
}

async function itemsOf(indices: readonly number[]): Promise<DatasetItem[]> {
  const items: DatasetItem[] = [];
  for (let from = 0; from < indices.length; from += AT_A_TIME) {
    const some = await Promise.all(indices.slice(from, from + AT_A_TIME).map((index) => itemOf(index)));
    items.push(...(some as DatasetItem[]));
  }
  return items;
}

export function stopFitting(): void {
  useVectors.setState(({ going }) => ({ going: going && { ...going, stopping: true } }));
  job().stop();
}

/** Others use this vector from now on. */
export function pickVector({ position, component, layer, method }: VectorPlace): void {
  const place = { position, component, layer, method };
  useVectors.setState({ picked: place });
  chooseVector({ ...place, from: 'fitted' });
}

export async function saveVector(place: VectorPlace, format: VectorFormat, unit: boolean): Promise<void> {
  useVectors.setState({ problem: undefined });
  try {
    const { name, bytes } = await job().tell('save', place, format, unit);
    download(new Blob([bytes], { type: 'application/octet-stream' }), name);
  } catch (error) {
    useVectors.setState({ problem: wordsOf(error) });
  }
}
