import { useEffect, useRef, useState } from 'react';

interface CanvasProps {
  /** What the drawing shows, for those who cannot see it. */
  readonly label: string;
  /** CSS height in px, or "square" for as high as wide. */
  readonly height: number | 'square';
  /** Draws in CSS pixels; the context is already scaled and cleared. A new function redraws. */
  readonly draw: (context: CanvasRenderingContext2D, width: number, height: number) => void;
  readonly onPoint?: (point: { x: number; y: number; width: number; height: number } | undefined) => void;
  readonly className?: string;
}

/** A canvas that follows its box's width and the screen's pixel density. */
export function Canvas({ label, height, draw, onPoint, className }: CanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);

  useEffect(() => {
    const element = canvas.current!;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry.contentRect.width)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const cssHeight = height === 'square' ? width : height;
  useEffect(() => {
    const element = canvas.current!;
    if (width === 0) return;
    const density = window.devicePixelRatio || 1;
    element.width = Math.round(width * density);
    element.height = Math.round(cssHeight * density);
    const context = element.getContext('2d')!;
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, width, cssHeight);
    draw(context, width, cssHeight);
  }, [draw, width, cssHeight]);

  const point = onPoint
    ? (event: React.PointerEvent) => {
        const box = canvas.current!.getBoundingClientRect();
        onPoint({ x: event.clientX - box.left, y: event.clientY - box.top, width: box.width, height: box.height });
      }
    : undefined;
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
      onPointerMove={point}
      onPointerLeave={onPoint && (() => onPoint(undefined))}
    />
  );
}
