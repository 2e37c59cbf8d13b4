import { NativeSelect } from '@mantine/core';
import { fixed, plain } from '../../../format.ts';
import classes from '../../../live/LiveTab.module.css';
import { watch } from '../../../state/actions.ts';
import { isOver, peekOfForm } from '../../../state/shown.ts';
import { isActive, useStore } from '../../../state/store.ts';
import { chainsOf } from './chains-of.ts';

/** Which chain of the watched item the live views show, and how it goes. */
export default function ChainChoice() {
  const watched = useStore((store) => store.watched);
  const peek = useStore(peekOfForm);
  const active = useStore(isActive);
  const over = useStore(isOver);
  const look = chainsOf(peek);
  const chains = look?.positions.length ?? 0;
  return (
    <>
      <div className={classes.choice}>
        <label htmlFor="watch-chain">chain</label>
        <NativeSelect
          id="watch-chain"
          data-narrow
          size="xs"
          disabled={!active || chains === 0}
          value={String(watched.part)}
          data={Array.from({ length: Math.max(1, chains) }, (_, i) => ({ value: String(i), label: String(i + 1) }))}
          onChange={(event) => watch({ item: watched.item, part: Number(event.currentTarget.value) })}
        />
      </div>
      <span className={classes.facts}>
        {peek && look
          ? `transition ${peek.step}${look.warmup ? ' (warm-up)' : ''} · acceptance ${fixed(look.acceptance, 2)} · step size ${plain(look.stepSize, 3)}`
          : over
            ? 'The run was over before the first look.'
            : 'Nothing is running yet.'}
      </span>
    </>
  );
}
