import { NativeSelect } from '@mantine/core';
import { type KeyboardEvent, useCallback, useEffect, useId, useMemo, useState } from 'react';
import { fixed, plain } from '../../../ui/format.ts';
import { Canvas } from '../../../ui/shared/Canvas.tsx';
import { type Tokens, useTokens } from '../../../ui/shared/useTokens.ts';
import type { TracedText } from '../jobs/trace-types.ts';
import { marksOf, TokenStrip, type What } from './TokenStrip.tsx';
import classes from './Trace.module.css';
import type { Threshold } from './TraceCurves.tsx';

interface TracedMapProps {
  readonly text: TracedText;
  /** The vector's own: what the strip is of. */
  readonly layer: number;
  readonly threshold: Threshold;
  readonly token: number;
  readonly onToken: (token: number) => void;
}

/** Height of a layer's row, px, and of the whole map at most. */
const ROW = 18;
const MOST = 480;

const STEPS: Readonly<Record<string, readonly [layer: number, token: number] | undefined>> = {
  ArrowUp: [1, 0],
  ArrowDown: [-1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** The tokens of a text as a strip, and below it every layer by every token. Arrow keys go along both. */
export function TracedMap({ text, layer, threshold, token, onToken }: TracedMapProps) {
  const { pieces, layers, prompt } = text;
  const [what, setWhat] = useState<What>('projection');
  const [row, setRow] = useState(layer);
  const id = useId();
  const theme = useTokens();
  const values = text[what];
  const count = pieces.length;
  const at = { layer: Math.min(row, layers - 1), token: Math.min(token, count - 1) };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another vector begins at its own layer
  useEffect(() => setRow(layer), [layer, text]);
  // Each layer has a scale of its own: streams grow with depth. A cosine needs none.
  const most = useMemo(() => rowMost(values, layers, count, what), [values, layers, count, what]);
  const { layer: atLayer, token: atToken } = at;
  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number, height: number) =>
      drawMap(
        context,
        width,
        height,
        { values, layers, count, most },
        theme,
        { layer: atLayer, token: atToken },
        layer,
      ),
    [values, layers, count, most, theme, atLayer, atToken, layer],
  );
  const move = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    setRow(Math.max(0, Math.min(layers - 1, at.layer + step[0])));
    onToken(Math.max(0, Math.min(count - 1, at.token + step[1])));
  };
  const height = Math.min(MOST, ROW * layers);
  const label = `${layers} layers by ${count} tokens, ${what}`;
  return (
    <div className={classes.map}>
      <TokenStrip
        text={text}
        layer={layer}
        what={what}
        most={most}
        marks={marksOf(text, layer, threshold)}
        token={at.token}
        onToken={onToken}
      />
      <p className={classes.marks}>
        <span>▲ peak</span> <span>◆ commitment</span>{' '}
        <span data-mark="persists">above half of the peak, behind it</span> <em>written by the model</em>
      </p>
      <div className={classes.mapHead}>
        <span>
          All layers: the embedding at the bottom, the last block at the top
          {what === 'projection' && '; every layer by a scale of its own'}
        </span>
        <NativeSelect
          size="xs"
          aria-label="What the colours show"
          value={what}
          data={[
            { value: 'projection', label: 'projection' },
            { value: 'cosine', label: 'cosine' },
          ]}
          onChange={(event) => setWhat(event.currentTarget.value as What)}
        />
      </div>
      <div
        className={classes.canvas}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys read the picture off
        tabIndex={0}
        aria-label={label}
        aria-describedby={id}
        onKeyDown={move}
        data-testid="trace-map"
      >
        <Canvas
          label={label}
          height={height}
          draw={draw}
          onChoose={({ x, y, width, height: tall }) => {
            setRow(layers - 1 - Math.min(layers - 1, Math.floor((y / tall) * layers)));
            onToken(Math.min(count - 1, Math.floor((x / width) * count)));
          }}
        />
      </div>
      <p id={id} className={classes.spot} aria-live="polite" data-testid="trace-spot">
        Token {at.token + 1} of {count}, “{pieces[at.token].trim()}” ({at.token < prompt ? 'given' : 'written'}),
        residual {at.layer}: projection {plain(text.projection[at.layer * count + at.token], 3)}, cosine{' '}
        {fixed(text.cosine[at.layer * count + at.token], 3)}
        {at.token > 0 && `, −log p ${fixed(text.nll[at.token], 2)}`}
      </p>
    </div>
  );
}

function rowMost(values: Float32Array, layers: number, count: number, what: What): Float64Array {
  if (what === 'cosine') return new Float64Array(layers).fill(1);
  return Float64Array.from({ length: layers }, (_, layer) => {
    let most = 1e-12;
    for (let i = 0; i < count; i++) most = Math.max(most, Math.abs(values[layer * count + i]));
    return most;
  });
}

/** Blue along the vector, orange against it, the last layer at the top. */
function drawMap(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  { values, layers, count, most }: Field,
  theme: Tokens,
  at: { readonly layer: number; readonly token: number },
  own: number,
): void {
  const [w, h] = [width / count, height / layers];
  const top = (layer: number) => (layers - 1 - layer) * h;
  for (let layer = 0; layer < layers; layer++)
    for (let i = 0; i < count; i++) {
      const value = values[layer * count + i] / most[layer];
      context.globalAlpha = Math.min(1, Math.abs(value));
      context.fillStyle = theme.series[value >= 0 ? 0 : 1];
      context.fillRect(i * w, top(layer), w + 0.5, h + 0.5);
    }
  context.globalAlpha = 1;
  context.strokeStyle = theme.inkSoft;
  context.lineWidth = 1;
  context.strokeRect(0.5, top(own) + 0.5, width - 1, h - 1);
  context.strokeStyle = theme.accent;
  context.lineWidth = 3;
  context.strokeRect(at.token * w + 1, top(at.layer) + 1, Math.max(4, w - 2), h - 2);
}

/** Values of every layer and token, and the largest of each layer. */
interface Field {
  readonly values: Float32Array;
  readonly layers: number;
  readonly count: number;
  readonly most: Float64Array;
}
