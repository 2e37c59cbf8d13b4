/** Views of posteriors. This file is in the page's first load; what it names is not. */
import { lazy } from 'react';
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
  Results: lazy(() => import('./PosteriorResults.tsx')),
  WatchChoice: lazy(() => import('./live/ChainChoice.tsx')),
  Watched: lazy(() => import('./live/TrajectoryPanel.tsx')),
  Learn: lazy(() => import('./learn/ChainsLearn.tsx')),
  Compare: lazy(() => import('./compare/ComparePosteriors.tsx')),
};
