import { NativeSelect } from '@mantine/core';
import { type KeyboardEvent, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import { paint } from '../../../ui/charts/colormap.ts';
import { Canvas } from '../../../ui/shared/Canvas.tsx';
import { type Tokens, useTokens } from '../../../ui/shared/useTokens.ts';
import type { TracedText } from '../jobs/trace-types.ts';
import classes from './Trace.module.css';

interface TracedMapProps {
  readonly text: TracedText;
  /** The vector's own: what the strip is of. */
  readonly layer: number;
  readonly token: number;
  readonly onToken: (token: number) => void;
}

type What = 'projection' | 'cosine';

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
export function TracedMap({ text, layer, token, onToken }: TracedMapProps) {
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
  const image = useMemo(() => imageOf(values, layers, count, most), [values, layers, count, most]);
  const { layer: atLayer, token: atToken } = at;
  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number, height: number) =>
      drawMap(context, width, height, image, theme, { layer: atLayer, token: atToken }, layer),
    [image, theme, atLayer, atToken, layer],
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
      <Strip text={text} layer={layer} what={what} most={most} token={at.token} onToken={onToken} />
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
        residual {at.layer}: projection {text.projection[at.layer * count + at.token].toPrecision(3)}, cosine{' '}
        {text.cosine[at.layer * count + at.token].toFixed(3)}
        {at.token > 0 && `, −log p ${text.nll[at.token].toFixed(2)}`}
      </p>
    </div>
  );
}

interface StripProps {
  readonly text: TracedText;
  readonly layer: number;
  readonly what: What;
  readonly most: Float64Array;
  readonly token: number;
  readonly onToken: (token: number) => void;
}

/** The text itself, each token on the colour of its value. */
function Strip({ text, layer, what, most, token, onToken }: StripProps) {
  const { pieces, prompt } = text;
  const list = useRef<HTMLFieldSetElement>(null);
  const values = text[what];
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(pieces.length - 1, token + step));
    onToken(next);
    (list.current?.children[next] as HTMLElement | undefined)?.focus();
  };
  return (
    <fieldset
      ref={list}
      className={classes.strip}
      aria-label={`Tokens by their ${what} at residual ${layer}`}
      data-testid="trace-strip"
    >
      {pieces.map((piece, i) => {
        const value = values[layer * pieces.length + i];
        const depth = Math.round(45 * Math.min(1, Math.abs(value) / most[layer]));
        return (
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: tokens never change places
            key={i}
            type="button"
            tabIndex={i === token ? 0 : -1}
            aria-pressed={i === token}
            aria-label={`${piece.trim() || 'space'}: ${value.toPrecision(3)}`}
            className={classes.token}
            data-side={value >= 0 ? 'positive' : 'negative'}
            data-written={i >= prompt || undefined}
            style={{ '--depth': `${depth}%` } as React.CSSProperties}
            onClick={() => onToken(i)}
            onKeyDown={move}
          >
            {piece}
          </button>
        );
      })}
    </fieldset>
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

/** A pixel a value, the last layer in the first row. */
function imageOf(values: Float32Array, layers: number, count: number, most: Float64Array): HTMLCanvasElement {
  const scaled = new Float32Array(values.length);
  for (let layer = 0; layer < layers; layer++)
    for (let i = 0; i < count; i++) scaled[(layers - 1 - layer) * count + i] = values[layer * count + i] / most[layer];
  const canvas = document.createElement('canvas');
  canvas.width = count;
  canvas.height = layers;
  // Below zero is orange elsewhere on the panel, and red here: the map's own blue stands for what lies along the vector.
  canvas.getContext('2d')!.putImageData(
    new ImageData(
      paint(
        scaled.map((value) => -value),
        -1,
        1,
        'difference',
      ),
      count,
      layers,
    ),
    0,
    0,
  );
  return canvas;
}

function drawMap(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  image: HTMLCanvasElement,
  theme: Tokens,
  at: { readonly layer: number; readonly token: number },
  own: number,
): void {
  context.imageSmoothingEnabled = false;
  context.drawImage(image, 0, 0, width, height);
  const [w, h] = [width / image.width, height / image.height];
  const top = (layer: number) => (image.height - 1 - layer) * h;
  context.strokeStyle = theme.inkSoft;
  context.lineWidth = 1;
  context.strokeRect(0.5, top(own) + 0.5, width - 1, h - 1);
  context.strokeStyle = theme.accent;
  context.lineWidth = 3;
  context.strokeRect(at.token * w + 1, top(at.layer) + 1, Math.max(4, w - 2), h - 2);
}
