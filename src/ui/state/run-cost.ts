/**
 * What a run will cost this browser: memory and storage for its results, and time. Bytes of results are exact (`Configured.resultBytes`); time
 * comes from what this adapter did before, and where it did nothing from a guess that says so.
 */
import type { PlanReply } from '../../worker/engine-api.ts';
import type { DataFact } from '../../workloads/workload.ts';
import { exactBytes, grouped, shortBytes } from '../format.ts';
import { durationWords } from './duration-words.ts';
import { type Device, rateOf } from './run-rates.ts';
import { formExperiment } from './shown.ts';
import type { Store } from './types.ts';

type Planned = Pick<PlanReply, 'items' | 'resultBytes' | 'work' | 'tuning'>;

export interface RunCost {
  readonly items: number;
  readonly names: { readonly one: string; readonly many: string };
  /** Of draws and statistics, exact; and of what is plain objects beside them, about. */
  readonly resultBytes: number;
  readonly aboutBytes: number;
  /** What this browser says that it still has for the page's files; undefined where it says nothing. */
  readonly storageBytes?: number;
  /** Of the machine as far as a browser tells it, else what is taken for granted of any. */
  readonly memoryBytes: number;
  readonly memoryKnown: boolean;
  readonly seconds: number;
  /** What the time comes from, as the end of a sentence. */
  readonly secondsBy: string;
  /** Each item has draws, of which there may be fewer. */
  readonly draws: boolean;
  /** The run asks for more than half of the memory. */
  readonly tooMuch: boolean;
}

const GIB = 2 ** 30;
/** Taken for granted where a browser does not tell: most machines have as much. */
const USUAL_MEMORY_BYTES = 8 * GIB;
/** A tab with more of the machine than this is what browsers end first. */
const SHARE = 0.5;
/**
 * Summary and description of an item beside its draws, here and in the worker, in V8's heap; measured for posteriors of four parameters in
 * Node 20: 3.4 KB a copy. Good to a factor of two.
 */
const PLAIN_BYTES = 7_000;

/** @param store for the adapter and the words of the experiment on screen */
export async function costOf(plan: Planned, store: Pick<Store, 'config' | 'device'>): Promise<RunCost> {
  const { itemName, results } = formExperiment(store);
  const { items, resultBytes } = plan;
  const told = (globalThis.navigator as Navigator & { readonly deviceMemory?: number })?.deviceMemory;
  const memoryBytes = told === undefined ? USUAL_MEMORY_BYTES : told * GIB;
  const aboutBytes = items * PLAIN_BYTES;
  return {
    items,
    names: itemName,
    resultBytes,
    aboutBytes,
    storageBytes: await storageLeft(),
    memoryBytes,
    memoryKnown: told !== undefined,
    ...timeOf(plan, store),
    draws: results.kind === 'posterior',
    tooMuch: resultBytes + aboutBytes > SHARE * memoryBytes,
  };
}

function timeOf({ items, work, tuning }: Planned, store: Device): Pick<RunCost, 'seconds' | 'secondsBy'> {
  if (tuning)
    return { seconds: items / tuning.predictedItemsPerSecond, secondsBy: 'as the tuner measured on this adapter' };
  const { flopPerSecond, by } = rateOf(store);
  return { seconds: (items * work.unitsPerItem * work.flopPerUnit) / flopPerSecond, secondsBy: by };
}

async function storageLeft(): Promise<number | undefined> {
  try {
    const { quota, usage = 0 } = await navigator.storage.estimate();
    return quota === undefined ? undefined : Math.max(0, quota - usage);
  } catch {
    return undefined;
  }
}

/** In one line, for the form. */
export function costLine(cost: RunCost): string {
  return `Results: ${shortBytes(cost.resultBytes)} of this browser's memory. Time: about ${durationWords(cost.seconds)}, ${cost.secondsBy}.`;
}

/** In sentences, for whoever has to decide. */
export function costFacts(cost: RunCost): DataFact[] {
  const { items, names, resultBytes, aboutBytes, memoryBytes, memoryKnown, storageBytes, draws } = cost;
  const machine = memoryKnown
    ? `says that this machine has ${shortBytes(memoryBytes)} or more`
    : `does not say how much this machine has; ${shortBytes(memoryBytes)} are usual`;
  return [
    {
      text:
        `The draws of ${grouped(items)} ${items === 1 ? names.one : names.many} take ${exactBytes(resultBytes)} of this browser's memory, summaries about ${shortBytes(aboutBytes)} more. ` +
        `The browser ${machine}. It may end the tab before the run is over.`,
      doubt: true,
    },
    storageFact(resultBytes, storageBytes),
    { text: `The run takes about ${durationWords(cost.seconds)}, ${cost.secondsBy}.` },
    {
      text: `Fewer ${names.many}${draws ? ', or fewer draws of each,' : ''} take less. The command line is not bound by what a browser gives a tab.`,
    },
  ];
}

/** Finished chunks are kept for going on after a reload, and the run goes into the history when it is over. */
function storageFact(bytes: number, left: number | undefined): DataFact {
  const kept = `As much is written to this browser's storage while it runs`;
  if (left === undefined) return { text: `${kept}.` };
  const room = `${shortBytes(left)} are free there`;
  if (bytes <= left) return { text: `${kept}; ${room}.` };
  return { text: `${kept}, and only ${room}: what finishes after that cannot be resumed.`, doubt: true };
}
