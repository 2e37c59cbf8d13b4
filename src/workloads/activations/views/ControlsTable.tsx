import type { Component } from '../../../nn/transformer/capture.ts';
import { type Column, DataTable } from '../../../ui/shared/DataTable.tsx';
import notes from '../../../ui/shared/note.module.css';
import type { Control } from '../vectors/types.ts';
import { layerWords } from './words.ts';

const ABOUT: Readonly<Record<Control['name'], string>> = {
  'labels shuffled': 'within questions, mean of four: nothing to find',
  'random direction': 'looks at no text',
  'words alone': 'the embedding, before any block',
  'text length': 'tokens of the response',
  'ICA component 0': 'the origin’s choice among ten',
};

const columns = (component: Component): readonly Column<Control>[] => [
  {
    key: 'name',
    title: 'Control',
    cell: ({ name, layer }) => (
      <>
        {name}
        <span className={notes.below}>
          {ABOUT[name]}
          {layer !== undefined && name !== 'words alone' && `, ${layerWords(component, layer)}`}
        </span>
      </>
    ),
  },
  {
    key: 'held',
    title: 'Held-out AUC',
    about:
      'What the same procedure scores where there is nothing to find, or something else. A vector has to pass these.',
    numeric: true,
    cell: ({ heldOut: { auc } }) => (
      <>
        {auc.value.toFixed(2)}
        <span className={notes.below}>
          {auc.low.toFixed(2)}–{auc.high.toFixed(2)}
        </span>
      </>
    ),
  },
  {
    key: 'train',
    title: 'Train',
    about: 'On what it was fitted to: no evidence.',
    numeric: true,
    cell: ({ train }) => <span className={notes.soft}>{train.auc.value.toFixed(2)}</span>,
  },
];

/** What the same procedure gives where there is nothing to find. */
export function ControlsTable(props: { readonly controls: readonly Control[]; readonly component: Component }) {
  const { controls, component } = props;
  return (
    <DataTable
      caption="Controls of the map"
      testId="vector-controls"
      columns={columns(component)}
      rows={controls}
      rowKey={({ name, layer }) => `${name} ${layer ?? ''}`}
      whole
    />
  );
}
