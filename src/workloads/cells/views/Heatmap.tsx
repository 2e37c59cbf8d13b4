import { type KeyboardEvent, useCallback, useId, useMemo, useState } from 'react';
import { Canvas } from '../../../ui/shared/Canvas.tsx';
import { type Tokens, useTokens } from '../../../ui/shared/useTokens.ts';
import type { Bins } from '../data/types.ts';
import classes from './Cells.module.css';
import { binColours, binWords } from './palette.ts';

interface HeatmapProps {
  /** What is shown, in words: "64 cells, step 3 of 32". */
  readonly label: string;
  /** [cells][genes]; V is masked. */
  readonly tokens: Uint8Array;
  readonly genes: readonly string[];
  readonly bins: Bins;
  /** Genes from left to right. */
  readonly order: ArrayLike<number>;
  /** Cells from top to bottom, as they are unless given. */
  readonly rows?: ArrayLike<number>;
  /** What a cell is called. */
  readonly rowName: (cell: number) => string;
  /** CSS px. */
  readonly height: number;
  /** Called with the cell that was chosen. */
  readonly onChoose?: (cell: number) => void;
}

interface Spot {
  readonly row: number;
  readonly column: number;
  /** Moved there by keyboard: told aloud. */
  readonly byKey?: boolean;
}

/** Distance of the hatch's lines, px. */
const HATCH = 5;

/** Cells in rows, genes in columns, counts as colours, masks hatched. Pointer and arrow keys read off any gene of any cell. */
export function Heatmap({ label, tokens, genes, bins, order, rows, rowName, height, onChoose }: HeatmapProps) {
  const theme = useTokens();
  const id = useId();
  const across = order.length;
  const cells = Math.floor(tokens.length / genes.length);
  const [at, setAt] = useState<Spot>();
  const picture = useMemo(
    () => paintTokens(tokens, genes.length, bins.count, order, rows, cells),
    [tokens, genes, bins, order, rows, cells],
  );
  const spot = at && at.row < cells && at.column < across ? at : undefined;
  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number, canvasHeight: number) =>
      drawPicture(context, width, canvasHeight, picture, theme, spot),
    [picture, theme, spot],
  );
  const cellOf = (row: number) => (rows ? rows[row] : row);
  const words = () => {
    if (!spot) return 'Point at a gene, or use arrow keys.';
    const cell = cellOf(spot.row);
    const gene = order[spot.column];
    const token = tokens[cell * genes.length + gene];
    return `${rowName(cell)}, ${genes[gene]}: ${token >= bins.count ? 'masked' : countWords(bins, token)}`;
  };
  const move = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (event.key === 'Enter' && spot && onChoose) onChoose(cellOf(spot.row));
    if (!step) return;
    event.preventDefault();
    const from = spot ?? { row: 0, column: 0 };
    const far = event.shiftKey ? 10 : 1;
    setAt({
      byKey: true,
      row: within(from.row + (spot ? far * step[0] : 0), cells),
      column: within(from.column + (spot ? far * step[1] : 0), across),
    });
  };
  return (
    <div>
      <div
        className={classes.map}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys read the picture off
        tabIndex={0}
        aria-label={label}
        aria-describedby={id}
        onKeyDown={move}
        onBlur={() => setAt(undefined)}
      >
        <Canvas
          label={label}
          height={height}
          draw={draw}
          onPoint={(point) => setAt(point && spotOf(point, cells, across))}
          onChoose={
            onChoose &&
            ((point) => {
              const { row } = spotOf(point, cells, across);
              onChoose(cellOf(row));
            })
          }
        />
      </div>
      <p id={id} className={classes.spot} aria-live={spot?.byKey ? 'polite' : 'off'}>
        {words()}
      </p>
    </div>
  );
}

const STEPS: Readonly<Record<string, readonly [row: number, column: number] | undefined>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

const within = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));

function spotOf(
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  rows: number,
  columns: number,
) {
  return {
    row: within(Math.floor((y / height) * rows), rows),
    column: within(Math.floor((x / width) * columns), columns),
  };
}

function countWords(bins: Bins, token: number): string {
  const words = binWords(bins, token);
  if (!bins.edges) return words;
  return words === '1' ? '1 molecule' : `${words} molecules`;
}

interface Picture {
  readonly counts: HTMLCanvasElement;
  /** Opaque where a gene is masked. */
  readonly masks: HTMLCanvasElement;
  readonly rows: number;
  readonly columns: number;
}

/** Two images of a pixel a token. */
function paintTokens(
  tokens: Uint8Array,
  genes: number,
  bins: number,
  order: ArrayLike<number>,
  rows: ArrayLike<number> | undefined,
  cells: number,
): Picture {
  const colours = binColours(bins);
  const across = order.length;
  const counts = new ImageData(across, Math.max(1, cells));
  const masks = new ImageData(across, Math.max(1, cells));
  for (let row = 0; row < cells; row++) {
    const cell = rows ? rows[row] : row;
    for (let column = 0; column < across; column++) {
      const token = tokens[cell * genes + order[column]];
      const at = 4 * (row * across + column);
      if (token >= bins) masks.data[at + 3] = 255;
      else counts.data.set([...colours[token], 255], at);
    }
  }
  return { counts: onCanvas(counts), masks: onCanvas(masks), rows: cells, columns: across };
}

function onCanvas(image: ImageData): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext('2d')!.putImageData(image, 0, 0);
  return canvas;
}

function drawPicture(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  { counts, masks, rows, columns }: Picture,
  theme: Tokens,
  spot: Spot | undefined,
): void {
  if (rows === 0) return;
  context.imageSmoothingEnabled = false;
  // The hatch, then cut to where masks are.
  const layer = document.createElement('canvas');
  const density = context.getTransform().a;
  layer.width = Math.max(1, Math.round(width * density));
  layer.height = Math.max(1, Math.round(height * density));
  const hatched = layer.getContext('2d')!;
  hatched.scale(density, density);
  hatched.fillStyle = theme.well;
  hatched.fillRect(0, 0, width, height);
  hatched.strokeStyle = theme.line;
  hatched.lineWidth = 1;
  hatched.beginPath();
  for (let x = -height; x < width; x += HATCH) {
    hatched.moveTo(x, height);
    hatched.lineTo(x + height, 0);
  }
  hatched.stroke();
  hatched.globalCompositeOperation = 'destination-in';
  hatched.imageSmoothingEnabled = false;
  hatched.drawImage(masks, 0, 0, width, height);
  context.drawImage(layer, 0, 0, width, height);
  context.drawImage(counts, 0, 0, width, height);
  if (!spot) return;
  const [w, h] = [width / columns, height / rows];
  context.strokeStyle = theme.bad;
  context.lineWidth = 2;
  context.strokeRect(spot.column * w - 1.5, spot.row * h - 1.5, w + 3, h + 3);
}
