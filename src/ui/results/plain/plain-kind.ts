/** What the page asks of a kind of result that has no views of its own. */
import type { ResultKind, ResultSummary } from '../../../results/kind.ts';

/** A column of the table of all items. */
export interface ItemColumn<S extends ResultSummary = ResultSummary> {
  readonly key: string;
  readonly title: string;
  /** Explanation of the header. */
  readonly about?: string;
  readonly numeric?: boolean;
  cell(summary: S): string | number;
}

export interface PlainKind<S extends ResultSummary = ResultSummary>
  extends Pick<ResultKind, 'verdict' | 'warnings' | 'stored'> {
  /** Beside run id, verdict and attempts. @param first any summary of the run */
  columns(first: S): readonly ItemColumn<S>[];
}
