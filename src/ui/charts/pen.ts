/** What a drawing needs of its ground: a canvas on screen and `SvgPen` in a file fulfil it, so that both show the same drawing. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | 'save'
  | 'restore'
  | 'translate'
  | 'rotate'
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'closePath'
  | 'rect'
  | 'arc'
  | 'clip'
  | 'fill'
  | 'stroke'
  | 'fillRect'
  | 'strokeRect'
  | 'fillText'
  | 'setLineDash'
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'lineJoin'
  | 'globalAlpha'
  | 'font'
  | 'textAlign'
  | 'textBaseline'
>;

/** A drawing of any width. */
export interface Drawing {
  /** CSS px, at so many px across. */
  readonly height: (width: number) => number;
  /** How far to the right it reaches of so many px, where it does not take all of them. */
  readonly reach?: (width: number) => number;
  readonly draw: (pen: Pen, width: number, height: number) => void;
}

/** System fonts, so that a saved file looks alike wherever it is opened. */
export const FONT_FAMILY = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/** A font for a pen. @param px height */
export const fontOf = (px: number, weight: 400 | 600 = 400): string => `${weight} ${px}px ${FONT_FAMILY}`;

const NARROW = /[ijltfrI.,:;'|!()[\]{}\s`·-]/;
const WIDE = /[mwMW@%→…—]/;
const CAPITAL = /[A-Z&?_+=<>~±−Σ‖0-9]/;
/** East Asian scripts and most pictograms fill their square. */
const FULL = /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]|\p{Extended_Pictographic}/u;

/** How wide a text is at most in usual system fonts, about, px: layouts must not depend on which font that is. */
export function textWidth(text: string, px: number): number {
  let em = 0;
  for (const letter of text)
    em += FULL.test(letter)
      ? 1
      : NARROW.test(letter)
        ? 0.37
        : WIDE.test(letter)
          ? 0.95
          : CAPITAL.test(letter)
            ? 0.68
            : 0.6;
  return em * px;
}

/** The text, or as much of it as fits, with an ellipsis in the place of its middle or end. */
export function fitText(text: string, px: number, room: number, cut: 'end' | 'middle' = 'end'): string {
  if (textWidth(text, px) <= room) return text;
  const letters = [...text];
  for (let kept = letters.length - 1; kept > 0; kept--) {
    const tail = cut === 'middle' ? Math.ceil(kept * 0.6) : 0;
    const short = `${letters.slice(0, kept - tail).join('')}…${letters.slice(letters.length - tail).join('')}`;
    if (textWidth(short, px) <= room) return short;
  }
  return '…';
}

/** Lines of whole words that fit; a word longer than a line stands alone, shortened. */
export function wrapText(text: string, px: number, room: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line ? `${line} ${word}` : word;
    if (textWidth(longer, px) <= room) {
      line = longer;
      continue;
    }
    if (line) lines.push(line);
    line = fitText(word, px, room);
  }
  if (line) lines.push(line);
  return lines;
}

/** A token as a label: what cannot be seen gets a sign. */
export function tokenText(token: string): string {
  const seen = token.replaceAll('\n', '↵').replaceAll('\t', '⇥').replaceAll(/\p{C}/gu, '·').trim();
  return seen === '' ? '␣' : seen;
}
