import { NativeSelect } from '@mantine/core';
import { guessMemoryClass, MEMORY_CLASS_LABELS, MEMORY_CLASSES, type MemoryClass } from '../../batch/memory-class.ts';
import { useStore } from '../state/store.ts';
import { setMemoryClass } from './actions.ts';
import { classWarning } from './class-warning.ts';
import classes from './Sizes.module.css';

/** Whose values of the table are taken: guessed from the adapter, or chosen. */
export function MemoryClassField({ locked }: { readonly locked: boolean }) {
  const chosen = useStore((store) => store.config.batch.memoryClass);
  const report = useStore((store) => store.device?.report ?? null);
  const twin = useStore((store) => store.device?.mode === 'cpu');
  const experiment = useStore((store) => store.config.workload);
  const warning = classWarning(chosen, report, experiment);
  const guessed = MEMORY_CLASS_LABELS[guessMemoryClass(report)];
  return (
    <div>
      <NativeSelect
        id="memory-class"
        size="xs"
        label="Memory class"
        value={chosen}
        disabled={locked || twin}
        onChange={(event) => setMemoryClass(event.currentTarget.value as MemoryClass | 'auto')}
        data={[
          { value: 'auto', label: `Guessed from the adapter: ${guessed}` },
          ...MEMORY_CLASSES.map((name) => ({ value: name, label: MEMORY_CLASS_LABELS[name] })),
        ]}
      />
      <p className={classes.note}>
        {twin
          ? 'Without WebGPU the CPU’s own values hold.'
          : 'WebGPU does not tell how much memory there is: correct the guess if you know better.'}
      </p>
      {warning && (
        <p className={classes.far} role="status" data-testid="class-warning">
          {warning}
        </p>
      )}
    </div>
  );
}
