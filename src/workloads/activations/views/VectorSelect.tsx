import { NativeSelect } from '@mantine/core';
import { useId } from 'react';
import { FieldLabel } from '../../../ui/shared/FieldLabel.tsx';
import { useStore } from '../../../ui/state/store.ts';
import type { VectorChoice } from '../jobs/vector-types.ts';
import { chooseVector, useActivations } from './store.ts';
import { useVectors } from './vectors.ts';
import { choiceWords } from './words.ts';

/** Which vector: of the texts, of the heat map, or of a file. */
export function VectorSelect() {
  const choice = useActivations((store) => store.choice);
  const picked = useVectors((store) => store.picked);
  const file = useStore((store) => store.files.vector);
  const id = useId();
  const choices: readonly VectorChoice[] = [
    { from: 'texts' },
    ...(picked ? [{ ...picked, from: 'fitted' } as const] : []),
    ...(file ? [{ from: 'file' } as const] : []),
  ];
  const at = choices.findIndex(({ from }) => from === choice.from);
  return (
    <div>
      <FieldLabel
        htmlFor={id}
        label="Vector"
        help="Without a run it is fitted to the texts that ship, at the last token of their prompts. After a run, choose a cell of the heat map in the Results tab; or load a file of vectors."
      />
      <NativeSelect
        id={id}
        size="xs"
        value={String(Math.max(0, at))}
        data={choices.map((each, i) => ({ value: String(i), label: choiceWords(each) }))}
        onChange={(event) => chooseVector(choices[Number(event.currentTarget.value)])}
      />
    </div>
  );
}
