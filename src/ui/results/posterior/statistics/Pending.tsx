import { Empty } from '../../../shared/Panel.tsx';

/** In the place of statistics that are not there yet, or that failed. */
export function Pending({ problem }: { readonly problem: string | undefined }) {
  return (
    <Empty>
      {problem === undefined
        ? 'Computing'
        : `The statistics over all items could not be computed: ${problem}. All results are still here; reload the page before the next run.`}
    </Empty>
  );
}
