/** Messages between the page and the worker that measures quality. */
import type { QualityItem, QualityProgress, QualitySize, RunQuality } from '../../results/posterior/quality/types.ts';
import type { ParamValues } from '../../workloads/params.ts';

export type QualityRequest =
  /** Another run: forgets its items. What is known of exact draws stays. */
  | { readonly type: 'clear' }
  /** An item that comes again takes the place of its earlier self. */
  | { readonly type: 'put'; readonly item: QualityItem }
  /** Of all items put so far. A question under way is cancelled by the next. */
  | {
      readonly type: 'compute';
      readonly id: number;
      readonly workload: string;
      readonly params: ParamValues;
      readonly size: QualitySize;
      /** Posteriors of the run in all. */
      readonly ofItems: number;
      readonly truthsFromPrior: boolean;
    }
  | { readonly type: 'cancel' };

export type QualityReply =
  /** Some ten a second, and one for each item that is done. */
  | { readonly type: 'progress'; readonly id: number; readonly progress: QualityProgress }
  | { readonly type: 'quality'; readonly id: number; readonly quality: RunQuality }
  | { readonly type: 'cancelled'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly message: string };
