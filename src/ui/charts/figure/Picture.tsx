import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Canvas } from '../../shared/Canvas.tsx';
import type { Drawing, Pen } from '../pen.ts';
import classes from './Figure.module.css';

interface Point {
  readonly x: number;
  readonly y: number;
}

interface PictureProps {
  /** What it shows, for those who cannot see it. */
  readonly label: string;
  readonly drawing: Drawing;
  /** What follows pointer and keys; drawn above and not saved. */
  readonly overlay?: (pen: Pen, width: number, height: number) => void;
  readonly onPoint?: (point: Point | undefined, width: number) => void;
  readonly onChoose?: (point: Point, width: number) => void;
  /** Makes the picture take keys, and the focus. */
  readonly onKey?: (event: KeyboardEvent, width: number) => void;
  readonly onBlur?: () => void;
  /** Id of the line that reads the picture off. */
  readonly describedBy?: string;
  readonly testId?: string;
  /** Over the picture. */
  readonly children?: ReactNode;
  /** Told to the picture's box itself, e.g. handlers of dragging. */
  readonly box?: Pick<
    React.HTMLAttributes<HTMLDivElement>,
    'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onPointerCancel'
  >;
  readonly className?: string;
}

/** A drawing on screen, as wide as its box. The drawing itself is kept, so that what follows the pointer costs little, however much is drawn. */
export function Picture(props: PictureProps) {
  const { label, drawing, overlay, onPoint, onChoose, onKey, onBlur, describedBy, testId, children, box, className } =
    props;
  const host = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const kept = useRef<Kept>(undefined);
  useLayoutEffect(() => setWidth(host.current!.clientWidth), []);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry.contentRect.width)));
    observer.observe(host.current!);
    return () => observer.disconnect();
  }, []);
  const draw = useCallback(
    (context: CanvasRenderingContext2D, across: number, down: number) => {
      const density = context.getTransform().a;
      if (!isOf(kept.current, drawing, across, density)) kept.current = rendered(drawing, across, down, density);
      context.drawImage(kept.current.image, 0, 0, across, down);
      overlay?.(context, across, down);
    },
    [drawing, overlay],
  );
  const keys = onKey && {
    role: 'application',
    tabIndex: 0,
    'aria-label': label,
    'aria-describedby': describedBy,
    onKeyDown: (event: KeyboardEvent) => onKey(event, width),
    onBlur,
  };
  return (
    <div ref={host} className={`${classes.picture} ${className ?? ''}`} data-testid={testId} {...keys} {...box}>
      {width > 0 && (
        <Canvas
          label={label}
          height={drawing.height(width)}
          draw={draw}
          onPoint={onPoint && ((point) => onPoint(point, width))}
          onChoose={onChoose && ((point) => onChoose(point, width))}
        />
      )}
      {children}
    </div>
  );
}

interface Kept {
  readonly drawing: Drawing;
  readonly across: number;
  readonly density: number;
  readonly image: HTMLCanvasElement;
}

const isOf = (kept: Kept | undefined, drawing: Drawing, across: number, density: number): kept is Kept =>
  kept?.drawing === drawing && kept.across === across && kept.density === density;

function rendered(drawing: Drawing, across: number, down: number, density: number): Kept {
  const image = document.createElement('canvas');
  image.width = Math.max(1, Math.round(across * density));
  image.height = Math.max(1, Math.round(down * density));
  const context = image.getContext('2d')!;
  context.scale(density, density);
  drawing.draw(context, across, down);
  return { drawing, across, density, image };
}
