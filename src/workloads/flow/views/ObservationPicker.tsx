import { NativeSelect } from '@mantine/core';
import { plain } from '../../../ui/format.ts';
import live from '../../../ui/live/LiveTab.module.css';
import { useStore } from '../../../ui/state/store.ts';
import { lookAt } from './actions.ts';
import { useFlow } from './store.ts';

/** Numbers of an observation that are written out. */
const SHOWN = 8;

/** Which observation the live views show, and its data. */
export function ObservationPicker() {
  const exact = useFlow((flow) => flow.exact);
  const item = useFlow((flow) => flow.item);
  const watchable = useStore((store) =>
    store.status === 'running' || store.status === 'paused' ? store.progress?.chunk.watchable : undefined,
  );
  const names = exact?.names ?? [];
  return (
    <div className={live.picker}>
      <div className={live.choice} data-one={names.length < 2 || undefined}>
        <label htmlFor="flow-observation">Observation</label>
        <NativeSelect
          id="flow-observation"
          data-wide
          size="xs"
          disabled={names.length === 0}
          value={String(item)}
          data={names.map((label, index) => ({
            value: String(index),
            label,
            disabled: watchable !== undefined && !watchable.includes(index),
          }))}
          onChange={(event) => lookAt(Number(event.currentTarget.value))}
        />
      </div>
      {exact && (
        <span className={live.facts} data-still>
          x = (
          {exact.x
            .slice(0, SHOWN)
            .map((value) => plain(value, 3))
            .join(', ')}
          {exact.x.length > SHOWN ? ', …' : ''})
        </span>
      )}
    </div>
  );
}
