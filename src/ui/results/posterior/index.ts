/** Views of posteriors. This file is in the page's first load; what it names is not. */
import { later } from '../../shared/later.tsx';
import type { KindViews } from '../kind-views.ts';

export const posteriorViews: KindViews = {
  awaited:
    'Finished posteriors appear here as chunks complete: truth against estimate with error bars, the recovered bias, a table of all items, and for any of them its marginals, joint posterior, traces and diagnostics.',
  worth: {
    unit: 'ESS/s',
    title: 'Effective draws per second',
    about:
      'Independent draws per second: the smallest bulk effective sample size of each finished item, summed. The rate that counts.',
  },
  Results: later(() => import('./PosteriorResults.tsx')),
  WatchChoice: later(() => import('./live/ChainChoice.tsx')),
  Watched: later(() => import('./live/TrajectoryPanel.tsx')),
  Learn: later(() => import('./learn/ChainsLearn.tsx')),
  Compare: later(() => import('./compare/ComparePosteriors.tsx')),
};
