import { useEffect, useLayoutEffect, useRef, useState } from 'react';

/** A place on the canvas, and its size, in CSS px. */
interface CanvasPoint {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface CanvasProps {
  /** What the drawing shows, for those who cannot see it. */
  readonly label: string;
  /** CSS height in px, or "square" for as high as wide. */
  readonly height: number | 'square';
  /** Draws in CSS pixels; the context is already scaled and cleared. A new function redraws. */
  readonly draw: (context: CanvasRenderingContext2D, width: number, height: number) => void;
  readonly onPoint?: (point: CanvasPoint | undefined) => void;
  readonly onChoose?: (point: CanvasPoint) => void;
  readonly className?: string;
}

/** A canvas that follows its box's width and the screen's pixel density. */
export function Canvas({ label, height, draw, onPoint, onChoose, className }: CanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);

  // At once, for paper is not waited for.
  useLayoutEffect(() => setWidth(canvas.current!.clientWidth), []);
  useEffect(() => {
    const element = canvas.current!;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry.contentRect.width)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const cssHeight = height === 'square' ? width : height;
  useEffect(() => {
    const element = canvas.current!;
    if (width === 0 || cssHeight === 0) return;
    const density = window.devicePixelRatio || 1;
    element.width = Math.round(width * density);
    element.height = Math.round(cssHeight * density);
    const context = element.getContext('2d')!;
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, width, cssHeight);
    draw(context, width, cssHeight);
  }, [draw, width, cssHeight]);

  const at = (event: React.MouseEvent): CanvasPoint => {
    const box = canvas.current!.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top, width: box.width, height: box.height };
  };
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={label}
      className={className}
      style={{
        display: 'block',
        width: '100%',
        height: height === 'square' ? undefined : height,
        aspectRatio: height === 'square' ? 1 : undefined,
      }}
      onPointerMove={onPoint && ((event) => onPoint(at(event)))}
      onPointerLeave={onPoint && (() => onPoint(undefined))}
      onClick={onChoose && ((event) => onChoose(at(event)))}
    />
  );
}
