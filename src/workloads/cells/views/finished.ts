/** The finished cells of the run on screen, gathered as they come. Begins with the first import. */

import type { TokenItem } from '../../../results/tokens/item.ts';
import type { GeneMoments } from '../../../stats/expression/moments.ts';
import { itemOf } from '../../../ui/state/actions.ts';
import { shownConfig } from '../../../ui/state/shown.ts';
import { useStore } from '../../../ui/state/store.ts';
import type { RealCells } from '../jobs/look-types.ts';
import { agreementOf, correlationOf, PairSums } from '../jobs/pair-sums.ts';
import type { CellsPeek } from '../peek.ts';
import { withEnd, withLook } from './film.ts';
import { useCells } from './store.ts';

/** Cells that are fetched to be looked at and compared; the files of a run hold all. */
export const MOST_GATHERED = 2048;
/** Asked for at once. */
const AT_A_TIME = 64;

let gathering = false;

/** Fetches what has finished since. */
async function gather(): Promise<void> {
  if (gathering) return;
  gathering = true;
  try {
    while (await gatherSome()) {
      // Until all that has finished is there.
    }
  } finally {
    gathering = false;
  }
}

async function gatherSome(): Promise<boolean> {
  const store = useStore.getState();
  const { run, summaries } = store;
  if (!run || shownConfig(store).workload !== 'cells') return false;
  const before = useCells.getState().finished;
  const kept = before?.run === run ? before : undefined;
  const have = new Set(kept?.items);
  const wanted = summaries.map(({ info }) => info.index).filter((index) => !have.has(index));
  const next = wanted.slice(0, Math.min(AT_A_TIME, MOST_GATHERED - have.size));
  if (next.length === 0) return false;
  const items = (await Promise.all(next.map((index) => itemOf(index)))) as TokenItem[];
  if (useStore.getState().run !== run) return true;
  const tokens = new Uint8Array((kept?.tokens.length ?? 0) + items.reduce((sum, item) => sum + item.tokens.length, 0));
  tokens.set(kept?.tokens ?? []);
  let at = kept?.tokens.length ?? 0;
  for (const item of items) {
    tokens.set(item.tokens, at);
    at += item.tokens.length;
  }
  useCells.setState(({ recorded }) => ({
    finished: { run, items: [...(kept?.items ?? []), ...next], tokens },
    recorded: recorded && items.reduce((film, item) => withEnd(film, item.info.index, item.tokens), recorded),
  }));
  compare();
  return true;
}

/** Sums over the finished cells so far. */
let sums: { readonly run: unknown; readonly real: RealCells; readonly of: PairSums } | undefined;
/** Real moments, put together from what the page was told. */
let realMoments: { readonly real: RealCells; readonly moments: GeneMoments } | undefined;

/** Holds the finished cells against the real ones. */
function compare(): void {
  const { finished, real } = useCells.getState();
  if (!finished || !real) return;
  const genes = real.genes.length;
  if (finished.tokens.length !== finished.items.length * genes) return;
  if (!sums || sums.run !== finished.run || sums.real !== real)
    sums = { run: finished.run, real, of: new PairSums(real.order) };
  const { of } = sums;
  for (let row = of.cells; row < finished.items.length; row++) of.add(finished.tokens, row * genes);
  if (of.cells < 2) return;
  const moments = of.moments();
  if (realMoments?.real !== real) realMoments = { real, moments: momentsOf(real) };
  useCells.setState({
    finished: {
      ...finished,
      correlation: correlationOf(moments),
      agreement: agreementOf(realMoments.moments, moments),
    },
  });
}

/** Correlations are covariances of genes in units of their spread. */
function momentsOf({ cells, order, means, correlation }: RealCells): GeneMoments {
  return { cells, mean: Float64Array.from(order, (gene) => means[gene]), covariance: Float64Array.from(correlation) };
}

useStore.subscribe((store, before) => {
  if (store.peek !== before.peek && store.peek && shownConfig(store).workload === 'cells') {
    const { large, step } = store.peek as CellsPeek;
    const total = store.run?.items.length ?? large?.items.length ?? 0;
    if (large) useCells.setState(({ recorded }) => ({ recorded: withLook(recorded, large, step, total) }));
  }
  if (store.run !== before.run) useCells.setState({ recorded: undefined, finished: undefined });
  if (store.summaries !== before.summaries || store.run !== before.run) void gather();
});
useCells.subscribe(({ real }, before) => {
  if (real !== before.real) compare();
});
void gather();
