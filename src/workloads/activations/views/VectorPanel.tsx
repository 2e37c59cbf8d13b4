import { Button, NativeSelect, Switch } from '@mantine/core';
import { useEffect, useState } from 'react';
import { grouped } from '../../../ui/format.ts';
import notes from '../../../ui/shared/note.module.css';
import { Empty, Panel } from '../../../ui/shared/Panel.tsx';
import { useStore } from '../../../ui/state/store.ts';
import type { Control, VectorScore, VectorTable } from '../vectors/types.ts';
import { ControlsTable } from './ControlsTable.tsx';
import { GoingLine } from './GoingLine.tsx';
import { SaveVector } from './SaveVector.tsx';
import { scoreWords, VectorMap } from './VectorMap.tsx';
import classes from './Vectors.module.css';
import { bestOf, VectorVerdict } from './VectorVerdict.tsx';
import { fitVectors, pickVector, stopFitting, useVectors } from './vectors.ts';
import { componentWords, layerWords } from './words.ts';

/** Controls that there is one of at a position; of the others one a layer, and that of the layer in use is shown. */
const SINGLE: ReadonlySet<Control['name']> = new Set(['words alone', 'text length', 'ICA component 0']);

/** Which layer knows the trait, and by which method: a vector in every cell, held against texts that it has not seen. */
export function VectorPanel() {
  const { going, table, run, problem, zeroMassive, withRfm } = useVectors();
  const shown = useStore((store) => store.run);
  const over = useStore(
    (store) => store.status !== 'running' && store.status !== 'paused' && store.summaries.length > 0,
  );
  const fits = run === shown;
  useEffect(() => {
    if (over && !fits && !going) void fitVectors();
  }, [over, fits, going]);
  return (
    <Panel
      title="Which layer knows it"
      about="Each cell is a direction: positive texts lie further along it than negative ones. Its figure is the AUC on questions that it was not fitted to, 0.5 for chance and 1 for every pair of texts in the right order, with a 95 % interval (DeLong). Below it, in grey, the AUC on its own training texts, which proves nothing."
      aside={
        going ? (
          <Button
            size="xs"
            variant="default"
            disabled={going.stopping}
            onClick={stopFitting}
            data-testid="vectors-stop"
          >
            {going.stopping ? 'Stopping' : 'Stop fitting'}
          </Button>
        ) : (
          <Button
            size="xs"
            variant="light"
            disabled={!over}
            onClick={() => void fitVectors()}
            data-testid="vectors-fit"
          >
            Fit again
          </Button>
        )
      }
    >
      {going && <GoingLine going={going} label="Progress of fitting" testId="vectors-progress" />}
      {table && table.scores.length > 0 && fits ? (
        <Fitted table={table} done={!going} />
      ) : (
        !going && !problem && <Empty>Vectors are fitted once the run is over and both sides have texts.</Empty>
      )}
      {problem && (
        <p className={notes.problem} role="alert">
          {problem}
        </p>
      )}
      <div className={classes.options}>
        <Switch
          size="xs"
          label="Set massive dimensions to zero"
          checked={zeroMassive}
          disabled={going !== undefined}
          onChange={(event) => useVectors.setState({ zeroMassive: event.currentTarget.checked })}
        />
        <Switch
          size="xs"
          label="RFM, too: takes longer"
          checked={withRfm}
          disabled={going !== undefined}
          onChange={(event) => useVectors.setState({ withRfm: event.currentTarget.checked })}
        />
      </div>
    </Panel>
  );
}

function Fitted({ table, done }: { readonly table: VectorTable; readonly done: boolean }) {
  const { scores, controls, massive, counts, notes: told } = table;
  const { picked, layersOf } = useVectors();
  const places = [...new Set(scores.map(({ position, component }) => `${position}\t${component}`))];
  const best = bestOf(table);
  const placeOf = (score: { position: string; component: string }) => `${score.position}\t${score.component}`;
  const [place, setPlace] = useState(placeOf(picked ?? best?.score ?? scores[0]));
  const here = scores.filter((score) => placeOf(score) === place);
  const inMap = here.length > 0 ? here : scores.filter((score) => placeOf(score) === places[0]);
  const own = scores.find(
    (score) =>
      picked && placeOf(score) === placeOf(picked) && score.layer === picked.layer && score.method === picked.method,
  );
  const layerShown = own && inMap.includes(own) ? own.layer : (inMap.find(({ chosen }) => chosen) ?? inMap[0]).layer;
  return (
    <>
      {best && done && <VectorVerdict best={best} table={table} />}
      <div className={classes.head}>
        {places.length > 1 && (
          <NativeSelect
            size="xs"
            aria-label="Position and component of the map"
            value={place}
            data={places.map((value) => {
              const [position, component] = value.split('\t');
              return { value, label: `${position}, ${componentWords(component as VectorScore['component'])}` };
            })}
            onChange={(event) => setPlace(event.currentTarget.value)}
          />
        )}
        <span className={notes.soft}>
          {counts.folds > 0
            ? `${grouped(counts.positive)} positive and ${grouped(counts.negative)} negative texts of ${grouped(counts.questions)} questions, ${counts.folds} folds; questions are held out whole.`
            : 'Questions are held out whole.'}
        </span>
      </div>
      <div className={classes.beside}>
        <VectorMap key={place} scores={inMap} layers={layersOf(inMap[0])} picked={own} onPick={pickVector} />
        <ControlsTable
          controls={controls.filter(
            (control) =>
              placeOf(control) === placeOf(inMap[0]) && (SINGLE.has(control.name) || control.layer === layerShown),
          )}
          component={inMap[0].component}
        />
      </div>
      <p className={classes.own} role="status" data-testid="vector-picked">
        {own ? `In use: ${scoreWords(own)}.` : 'Choose a cell by click, or by arrow keys and Enter.'}
      </p>
      {own && <SaveVector own={own} />}
      {told.map((note) => (
        <p key={note} className={notes.note}>
          {note}
        </p>
      ))}
      {massive.length > 0 && (
        <p className={notes.note}>
          Massive dimensions, many times the others, which swallow cosines:{' '}
          {massive
            .map(
              ({ component, layer, dimension, times }) =>
                `${dimension} in ${layerWords(component, layer)} (×${times.toFixed(0)})`,
            )
            .join(', ')}
          .
        </p>
      )}
    </>
  );
}
