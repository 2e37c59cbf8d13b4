/** A drawing with its title and numbers above it, as files that stand alone. */
import type { Tokens } from '../../shared/useTokens.ts';
import { type Drawing, fontOf, type Pen, wrapText } from '../pen.ts';
import { SvgPen } from '../svg-pen.ts';
import { figureLines } from './reading-words.ts';
import type { FigureWords } from './words.ts';

/** px */
const MARGIN = 16;
const TITLE = 15;
const SMALL = 11;
const LEADING = 1.4;
const LEAST = 480;
/** How many points of a PNG a px across is. */
export const PNG_DENSITY = 2;

interface Framed {
  readonly width: number;
  readonly height: number;
  readonly draw: (pen: Pen) => void;
}

/** @param room px that the drawing has; a file is no wider than what is drawn, unless that leaves no room for words */
export function framed(drawing: Drawing, words: FigureWords, theme: Tokens, room: number): Framed {
  const across = Math.min(room, Math.max(LEAST, Math.ceil(drawing.reach?.(room) ?? room)));
  const titles = wrapText(words.title, TITLE, across);
  const lines = figureLines(words).flatMap((line) => wrapText(line, SMALL, across));
  const head = MARGIN + (titles.length * TITLE + lines.length * SMALL) * LEADING + 10;
  const down = drawing.height(room);
  return {
    width: across + 2 * MARGIN,
    height: Math.ceil(head + down + MARGIN),
    draw(pen) {
      pen.fillStyle = theme.panel;
      pen.fillRect(0, 0, across + 2 * MARGIN, Math.ceil(head + down + MARGIN));
      pen.textAlign = 'left';
      pen.textBaseline = 'top';
      let y = MARGIN;
      const write = (text: string, px: number, weight: 400 | 600, colour: string) => {
        pen.font = fontOf(px, weight);
        pen.fillStyle = colour;
        pen.fillText(text, MARGIN, y);
        y += px * LEADING;
      };
      for (const line of titles) write(line, TITLE, 600, theme.ink);
      for (const line of lines) write(line, SMALL, 400, theme.inkSoft);
      pen.save();
      pen.translate(MARGIN, head);
      drawing.draw(pen, room, down);
      pen.restore();
    },
  };
}

/** The text of an SVG file: vectors and text, no image and nothing outside of the file. */
export function svgOf(drawing: Drawing, words: FigureWords, theme: Tokens, room: number): string {
  const { width, height, draw } = framed(drawing, words, theme, room);
  const pen = new SvgPen();
  draw(pen);
  return pen.file(width, height, { title: words.title, description: figureLines(words).join(' ') });
}

/** The same as an image. @throws Error where the browser makes no picture of this size */
export async function pngOf(drawing: Drawing, words: FigureWords, theme: Tokens, room: number): Promise<Blob> {
  const { width, height, draw } = framed(drawing, words, theme, room);
  const canvas = document.createElement('canvas');
  canvas.width = width * PNG_DENSITY;
  canvas.height = height * PNG_DENSITY;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser gives no canvas of this size: save the SVG instead.');
  context.scale(PNG_DENSITY, PNG_DENSITY);
  draw(context);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (!blob) throw new Error('This browser makes no PNG of this size: save the SVG instead.');
  return blob;
}
