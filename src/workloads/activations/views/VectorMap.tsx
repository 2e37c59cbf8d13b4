import { type KeyboardEvent, useRef, useState } from 'react';
import { Explain } from '../../../ui/shared/Explain.tsx';
import text from '../../../ui/shared/text.module.css';
import { METHODS, type Method, type VectorScore } from '../vectors/types.ts';
import classes from './Vectors.module.css';
import { intervalWords, layerWords, METHOD_WORDS } from './words.ts';

interface VectorMapProps {
  /** Of one position and component. */
  readonly scores: readonly VectorScore[];
  /** How many there will be. */
  readonly layers: number;
  readonly picked: VectorScore | undefined;
  readonly onPick: (score: VectorScore) => void;
}

const STEPS: Readonly<Record<string, readonly [row: number, column: number] | undefined>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Layers in rows, methods in columns: how well each vector tells texts that it was not fitted to. Arrow keys go from cell to cell. */
export function VectorMap({ scores, layers: count, picked, onPick }: VectorMapProps) {
  const methods = METHODS.filter((method) => scores.some((score) => score.method === method));
  const layers = Array.from({ length: count }, (_, layer) => layer);
  const start = picked ?? scores.find(({ chosen }) => chosen) ?? scores[0];
  const [focus, setFocus] = useState<readonly [layer: number, method: Method]>([start.layer, start.method]);
  const table = useRef<HTMLTableElement>(null);
  const row = Math.max(0, layers.indexOf(focus[0]));
  const column = Math.max(0, methods.indexOf(focus[1]));
  const move = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const [i, j] = [within(row + step[0], layers.length), within(column + step[1], methods.length)];
    setFocus([layers[i], methods[j]]);
    table.current?.querySelector<HTMLElement>(`[data-at="${i} ${j}"]`)?.focus();
  };
  return (
    <div className={classes.scroll}>
      <table ref={table} className={classes.map} data-testid="vector-map">
        <caption className={text.hidden}>
          Held-out AUC of every layer and method; arrow keys go from cell to cell
        </caption>
        <thead>
          <tr>
            <th scope="col">Layer</th>
            {methods.map((method) => (
              <th key={method} scope="col">
                <Explain what={METHOD_WORDS[method].name} label={METHOD_WORDS[method].name}>
                  {METHOD_WORDS[method].about}
                </Explain>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {layers.map((layer, i) => (
            <tr key={layer}>
              <th scope="row">{layer}</th>
              {methods.map((method, j) => {
                const score = scores.find((each) => each.layer === layer && each.method === method);
                return (
                  <td key={method}>
                    {score && (
                      <Cell
                        at={`${i} ${j}`}
                        score={score}
                        picked={score === picked}
                        focused={i === row && j === column}
                        onKey={move}
                        onPick={() => {
                          setFocus([layer, method]);
                          onPick(score);
                        }}
                      />
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const within = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));

interface CellProps {
  readonly at: string;
  readonly score: VectorScore;
  readonly picked: boolean;
  readonly focused: boolean;
  readonly onKey: (event: KeyboardEvent) => void;
  readonly onPick: () => void;
}

/** Distance from chance of a cell that is coloured in full, and how much of the colour that is, per cent. */
const FULL = 0.5;
const DEPTH = 40;

function Cell({ at, score, picked, focused, onKey, onPick }: CellProps) {
  const { auc } = score.heldOut;
  const depth = DEPTH * Math.min(1, Math.abs(auc.value - 0.5) / FULL);
  return (
    <button
      type="button"
      tabIndex={focused ? 0 : -1}
      aria-pressed={picked}
      className={classes.cell}
      data-at={at}
      data-chosen={score.chosen || undefined}
      data-below={auc.value < 0.5 || undefined}
      style={{ '--depth': `${Math.round(depth)}%` } as React.CSSProperties}
      onKeyDown={onKey}
      onClick={onPick}
    >
      <span className={text.hidden}>
        {METHOD_WORDS[score.method].name} of {layerWords(score.component, score.layer)}, held-out AUC{' '}
      </span>
      <strong>
        {auc.value.toFixed(2)}
        {score.chosen && ' ★'}
      </strong>
      <span className={classes.interval}>
        {auc.low.toFixed(2)}–{auc.high.toFixed(2)}
      </span>
      <span className={classes.train}>train {score.train.auc.value.toFixed(2)}</span>
    </button>
  );
}

/** All that is known of a vector, in a line. */
export function scoreWords(score: VectorScore): string {
  const { component, layer, method, position, heldOut, train, norm, cosine, chosen } = score;
  const name = METHOD_WORDS[method].name;
  return `${name} of ${layerWords(component, layer)} at ${position}${chosen ? ', the layer chosen inside the training parts' : ''}: held-out AUC ${intervalWords(heldOut.auc)}, Cohen’s d ${heldOut.cohensD.toFixed(2)}, accuracy ${(100 * heldOut.accuracy).toFixed(0)} %; on what it was fitted to AUC ${train.auc.value.toFixed(2)}; length ${norm.toPrecision(3)}, cosine ${cosine.toFixed(2)} with the mean difference`;
}
