import { Button } from '@mantine/core';
import { type ReactNode, useId, useMemo, useRef, useState } from 'react';
import { grouped } from '../../format.ts';
import { DataTable } from '../../shared/DataTable.tsx';
import { download } from '../../shared/download.ts';
import { Explain } from '../../shared/Explain.tsx';
import notes from '../../shared/note.module.css';
import { useTokens } from '../../shared/useTokens.ts';
import { wordsOf } from '../../shared/wordsOf.ts';
import type { Drawing } from '../pen.ts';
import classes from './Figure.module.css';
import { valueWords } from './reading-words.ts';
import { pngOf, svgOf } from './save.ts';
import { csvOf, entryText, type FigureTable, shownRows } from './table.ts';
import type { FigureWords, Reading } from './words.ts';

interface FigureProps {
  readonly words: FigureWords;
  /** What is saved as SVG and PNG: the drawing that is on screen. */
  readonly drawing: Drawing;
  /** Made when it is asked for. */
  readonly table: () => FigureTable;
  /** Controls of the picture itself, before those of the view. */
  readonly controls?: ReactNode;
  readonly children: ReactNode;
  readonly testId?: string;
}

/** Px across of a saved drawing, at least: on a narrow screen the file is wider than what is seen. */
const SAVED_ACROSS = 640;

/** A picture with its title, definition, numbers and controls; saved as SVG, PNG or CSV, its numbers shown as a table. */
export function Figure({ words, drawing, table, controls, children, testId }: FigureProps) {
  const { title, definition, about, readings = [], controls: nulls = [], aside, file, notes: sentences = [] } = words;
  const id = useId();
  const theme = useTokens();
  const body = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState(false);
  const [problem, setProblem] = useState('');
  const across = () => Math.max(SAVED_ACROSS, body.current?.clientWidth ?? 0);
  const save = (make: () => Blob | Promise<Blob>, ending: string) => async () => {
    try {
      setProblem('');
      download(await make(), `${file}.${ending}`);
    } catch (error) {
      setProblem(wordsOf(error));
    }
  };
  return (
    <figure className={classes.figure} aria-labelledby={id} data-testid={testId}>
      <div className={classes.head}>
        <h3 id={id} className={classes.title}>
          {title}
        </h3>
        {about && <Explain what={title}>{about}</Explain>}
        {(controls || aside) && (
          <div className={classes.aside}>
            {controls}
            {aside}
          </div>
        )}
      </div>
      <p className={classes.definition}>{definition}</p>
      {readings.length + nulls.length > 0 && (
        <dl className={classes.readings}>
          {readings.map((reading) => (
            <ReadingItem key={reading.name} reading={reading} />
          ))}
          {nulls.map((reading) => (
            <ReadingItem key={reading.name} reading={reading} control />
          ))}
        </dl>
      )}
      <div ref={body} className={classes.body}>
        {children}
      </div>
      {sentences.map((sentence) => (
        <p key={sentence} className={notes.note}>
          {sentence}
        </p>
      ))}
      <div className={classes.foot}>
        <SaveButton
          name="SVG"
          about="as vectors"
          onClick={save(() => new Blob([svgOf(drawing, words, theme, across())], { type: 'image/svg+xml' }), 'svg')}
        />
        <SaveButton
          name="PNG"
          about="as an image"
          onClick={save(() => pngOf(drawing, words, theme, across()), 'png')}
        />
        <SaveButton
          name="CSV"
          about="as numbers"
          onClick={save(async () => new Blob([await csvOf(table())], { type: 'text/csv;charset=utf-8' }), 'csv')}
        />
        <Button
          size="compact-xs"
          variant={shown ? 'light' : 'default'}
          aria-expanded={shown}
          aria-controls={`${id}-table`}
          onClick={() => setShown(!shown)}
        >
          Table
        </Button>
      </div>
      <div id={`${id}-table`} hidden={!shown}>
        {shown && <Numbers title={title} table={table} />}
      </div>
      {problem && (
        <p className={notes.problem} role="alert">
          Not saved: {problem}
        </p>
      )}
    </figure>
  );
}

function ReadingItem({ reading, control }: { readonly reading: Reading; readonly control?: boolean }) {
  return (
    <div data-tone={reading.tone} data-control={control}>
      <dt>
        {control && <span className={classes.control}>Control</span>} {reading.name}
      </dt>
      <dd>
        {valueWords(reading)}
        {reading.errorName && <span className={classes.errorName}> ({reading.errorName})</span>}
      </dd>
    </div>
  );
}

interface SaveButtonProps {
  readonly name: string;
  readonly about: string;
  readonly onClick: () => void;
}

function SaveButton({ name, about, onClick }: SaveButtonProps) {
  return (
    <Button size="compact-xs" variant="default" aria-label={`${name}: save the figure ${about}`} onClick={onClick}>
      {name}
    </Button>
  );
}

function Numbers({ title, table }: { readonly title: string; readonly table: () => FigureTable }) {
  const all = useMemo(table, [table]);
  const rows = shownRows(all).map((entries, index) => ({ index, entries }));
  return (
    <div className={classes.numbers}>
      <DataTable
        caption={`Numbers of the figure: ${title}`}
        columns={all.columns.map((name, column) => ({
          key: `${column}`,
          title: name,
          numeric: typeof all.rows[0]?.[column] === 'number',
          cell: (row: (typeof rows)[number]) => entryText(row.entries[column]),
        }))}
        rows={rows}
        rowKey={({ index }) => index}
      />
      {rows.length < all.rows.length && (
        <p className={notes.note}>
          The first {grouped(rows.length)} of {grouped(all.rows.length)} rows; the CSV file has all of them.
        </p>
      )}
    </div>
  );
}
