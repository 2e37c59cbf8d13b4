import { Button, NativeSelect, Switch } from '@mantine/core';
import { useState } from 'react';
import { openPart } from '../../../ui/state/folds.ts';
import type { VectorFormat } from '../jobs/vector-types.ts';
import type { VectorScore } from '../vectors/types.ts';
import classes from './Vectors.module.css';
import { saveVector } from './vectors.ts';

const FORMATS: readonly { readonly value: VectorFormat; readonly label: string }[] = [
  { value: 'safetensors', label: 'safetensors' },
  { value: 'npy', label: 'NumPy .npy' },
  { value: 'gguf', label: 'control vector .gguf' },
];

/** What can be done with the vector in use. */
export function SaveVector({ own }: { readonly own: VectorScore }) {
  const [format, setFormat] = useState<VectorFormat>('safetensors');
  const [unit, setUnit] = useState(true);
  return (
    <div className={classes.options}>
      <Button size="xs" variant="light" onClick={() => openPart('live.steer')} data-testid="vector-steer">
        Steer with it
      </Button>
      <Button size="xs" variant="light" onClick={() => openPart('live.trace')}>
        Follow a text along it
      </Button>
      <NativeSelect
        size="xs"
        aria-label="Format of the file"
        value={format}
        data={[...FORMATS]}
        onChange={(event) => setFormat(event.currentTarget.value as VectorFormat)}
      />
      <Switch size="xs" label="of length 1" checked={unit} onChange={(event) => setUnit(event.currentTarget.checked)} />
      <Button size="xs" variant="default" onClick={() => void saveVector(own, format, unit)} data-testid="vector-save">
        Save the vector
      </Button>
    </div>
  );
}
