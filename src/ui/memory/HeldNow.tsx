import { exactBytes } from '../format.ts';
import { Explain } from '../shared/Explain.tsx';
import classes from './MemoryTab.module.css';
import { useMemoryUse } from './useMemoryUse.ts';

/** What a run holds on the GPU and beside it, at this moment. */
export function HeldNow() {
  const { currentBytes, peakBytes, readbackBytes, cpuBytes } = useMemoryUse();
  return (
    <dl className={classes.facts} aria-label="Held now">
      <Fact term="GPU now" about="All buffers of the run. Back to zero when it ends, however it ends." id="gpu-now">
        {currentBytes}
      </Fact>
      <Fact term="GPU peak" about="The most that the run has held at once." id="gpu-peak">
        {peakBytes}
      </Fact>
      <Fact
        term="Of it for readback"
        about="Buffers that the CPU can map: the ring of looks at a running item, staging for results, timestamps."
        id="readback-now"
      >
        {readbackBytes}
      </Fact>
      <Fact
        term="CPU, results"
        about="Results of finished items, with what was counted of them. They stay until the next run. An export streams: it holds beside them only the pieces that the batch table gives."
        id="cpu-now"
      >
        {cpuBytes}
      </Fact>
    </dl>
  );
}

interface FactProps {
  readonly term: string;
  readonly about: string;
  readonly id: string;
  readonly children: number;
}

function Fact({ term, about, id, children }: FactProps) {
  return (
    <div className={classes.fact}>
      <dt>
        {term} <Explain what={term}>{about}</Explain>
      </dt>
      <dd data-testid={id}>{exactBytes(children)}</dd>
    </div>
  );
}
