import { FONT_FAMILY, type Pen } from './pen.ts';
import { type Raster, runsOf } from './raster.ts';

type Paint = CanvasRenderingContext2D['fillStyle'];

interface State {
  fillStyle: Paint;
  strokeStyle: Paint;
  lineWidth: number;
  lineJoin: CanvasLineJoin;
  globalAlpha: number;
  font: string;
  textAlign: CanvasTextAlign;
  textBaseline: CanvasTextBaseline;
  dash: readonly number[];
  /** Steps of the transformation so far. */
  transform: string;
  /** Groups that this state has opened. */
  groups: number;
}

const FRESH: State = {
  fillStyle: '#000000',
  strokeStyle: '#000000',
  lineWidth: 1,
  lineJoin: 'miter',
  globalAlpha: 1,
  font: `10px ${FONT_FAMILY}`,
  textAlign: 'start',
  textBaseline: 'alphabetic',
  dash: [],
  transform: '',
  groups: 0,
};

/** How far below its y a text's baseline lies, in heights of the font. Not all readers know `dominant-baseline`. */
const BASELINE: Readonly<Partial<Record<CanvasTextBaseline, number>>> = { top: 0.86, middle: 0.36, bottom: -0.2 };

const ANCHOR: Readonly<Partial<Record<CanvasTextAlign, string>>> = { center: 'middle', right: 'end', end: 'end' };

/** Notes what is drawn as the elements of an SVG file: real shapes and text, colours as they are, nothing that lies outside of the file. */
export class SvgPen implements Pen {
  #state: State = { ...FRESH };
  readonly #saved: State[] = [];
  readonly #out: string[] = [];
  #path = '';
  #clips = 0;

  save(): void {
    this.#saved.push(this.#state);
    this.#state = { ...this.#state, groups: 0 };
  }

  restore(): void {
    const before = this.#saved.pop();
    if (!before) return;
    this.#out.push('</g>'.repeat(this.#state.groups));
    this.#state = before;
  }

  translate(x: number, y: number): void {
    this.#state.transform += `translate(${n(x)} ${n(y)})`;
  }

  rotate(angle: number): void {
    this.#state.transform += `rotate(${n((angle * 180) / Math.PI)})`;
  }

  beginPath(): void {
    this.#path = '';
  }

  moveTo(x: number, y: number): void {
    this.#path += `M${n(x)} ${n(y)}`;
  }

  lineTo(x: number, y: number): void {
    this.#path += `L${n(x)} ${n(y)}`;
  }

  closePath(): void {
    this.#path += 'Z';
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.#path += boxPath(x, y, width, height);
  }

  arc(x: number, y: number, r: number, from: number, to: number): void {
    const at = (angle: number) => `${n(x + r * Math.cos(angle))} ${n(y + r * Math.sin(angle))}`;
    const start = `${this.#path === '' ? 'M' : 'L'}${at(from)}`;
    if (to - from >= 2 * Math.PI - 1e-9)
      this.#path += `M${at(from)}A${n(r)} ${n(r)} 0 1 1 ${at(from + Math.PI)}A${n(r)} ${n(r)} 0 1 1 ${at(from)}Z`;
    else this.#path += `${start}A${n(r)} ${n(r)} 0 ${to - from > Math.PI ? 1 : 0} 1 ${at(to)}`;
  }

  clip(): void {
    const id = `clip${++this.#clips}`;
    this.#out.push(
      `<clipPath id="${id}"><path d="${this.#path}"${this.#transformed()}/></clipPath>`,
      `<g clip-path="url(#${id})">`,
    );
    this.#state.groups++;
  }

  fill(rule?: CanvasFillRule | Path2D): void {
    if (this.#path === '') return;
    const evenodd = rule === 'evenodd' ? ' fill-rule="evenodd"' : '';
    this.#element(`path d="${this.#path}"${evenodd}${this.#filled()}`);
  }

  stroke(): void {
    if (this.#path !== '') this.#element(`path d="${this.#path}"${this.#stroked()}`);
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.#element(`rect ${box(x, y, width, height)}${this.#filled()}`);
  }

  strokeRect(x: number, y: number, width: number, height: number): void {
    this.#element(`rect ${box(x, y, width, height)}${this.#stroked()}`);
  }

  fillText(text: string, x: number, y: number): void {
    const { font, textAlign, textBaseline, fillStyle, globalAlpha } = this.#state;
    const [, weight, size, family] = /^(?:(\d+|bold) )?([\d.]+)px (.+)$/.exec(font) ?? ['', '', '10', FONT_FAMILY];
    const baseline = y + (BASELINE[textBaseline] ?? 0) * Number(size);
    const anchor = ANCHOR[textAlign];
    this.#out.push(
      `<text x="${n(x)}" y="${n(baseline)}" font-family="${escaped(family)}" font-size="${size}"` +
        (weight && weight !== '400' ? ` font-weight="${weight}"` : '') +
        (anchor ? ` text-anchor="${anchor}"` : '') +
        ` fill="${colour(fillStyle)}"${opacity(globalAlpha)}${this.#transformed()} xml:space="preserve">${escaped(text)}</text>`,
    );
  }

  setLineDash(dash: Iterable<number>): void {
    this.#state.dash = [...dash];
  }

  /** Squares by colour, a path each. */
  raster(raster: Raster): void {
    this.#out.push(`<g shape-rendering="crispEdges"${opacity(this.#state.globalAlpha)}${this.#transformed()}>`);
    for (const { colour: fill, boxes } of runsOf(raster)) {
      let path = '';
      for (let i = 0; i < boxes.length; i += 4) path += boxPath(boxes[i], boxes[i + 1], boxes[i + 2], boxes[i + 3]);
      this.#out.push(`<path fill="${fill}" d="${path}"/>`);
    }
    this.#out.push('</g>');
  }

  /** The whole file. @param words its name and description, for those who cannot see it */
  file(width: number, height: number, words: { readonly title: string; readonly description: string }): string {
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<svg xmlns="http://www.w3.org/2000/svg" width="${n(width)}" height="${n(height)}" viewBox="0 0 ${n(width)} ${n(height)}" role="img">`,
      `<title>${escaped(words.title)}</title>`,
      `<desc>${escaped(words.description)}</desc>`,
      ...this.#out.filter(Boolean),
      '</svg>\n',
    ].join('\n');
  }

  #element(inner: string): void {
    this.#out.push(`<${inner}${opacity(this.#state.globalAlpha)}${this.#transformed()}/>`);
  }

  #filled(): string {
    return ` fill="${colour(this.#state.fillStyle)}"`;
  }

  #stroked(): string {
    const { strokeStyle, lineWidth, lineJoin, dash } = this.#state;
    return (
      ` fill="none" stroke="${colour(strokeStyle)}" stroke-width="${n(lineWidth)}"` +
      (lineJoin === 'miter' ? '' : ` stroke-linejoin="${lineJoin}"`) +
      (dash.length > 0 ? ` stroke-dasharray="${dash.map(n).join(' ')}"` : '')
    );
  }

  #transformed(): string {
    return this.#state.transform && ` transform="${this.#state.transform}"`;
  }

  get fillStyle(): Paint {
    return this.#state.fillStyle;
  }
  set fillStyle(value: Paint) {
    this.#state.fillStyle = value;
  }
  get strokeStyle(): Paint {
    return this.#state.strokeStyle;
  }
  set strokeStyle(value: Paint) {
    this.#state.strokeStyle = value;
  }
  get lineWidth(): number {
    return this.#state.lineWidth;
  }
  set lineWidth(value: number) {
    this.#state.lineWidth = value;
  }
  get lineJoin(): CanvasLineJoin {
    return this.#state.lineJoin;
  }
  set lineJoin(value: CanvasLineJoin) {
    this.#state.lineJoin = value;
  }
  get globalAlpha(): number {
    return this.#state.globalAlpha;
  }
  set globalAlpha(value: number) {
    this.#state.globalAlpha = value;
  }
  get font(): string {
    return this.#state.font;
  }
  set font(value: string) {
    this.#state.font = value;
  }
  get textAlign(): CanvasTextAlign {
    return this.#state.textAlign;
  }
  set textAlign(value: CanvasTextAlign) {
    this.#state.textAlign = value;
  }
  get textBaseline(): CanvasTextBaseline {
    return this.#state.textBaseline;
  }
  set textBaseline(value: CanvasTextBaseline) {
    this.#state.textBaseline = value;
  }
}

/** With at most two decimals: a hundredth of a px is seen by nobody. */
const n = (value: number): string => String(Math.round(value * 100) / 100);

const box = (x: number, y: number, width: number, height: number) =>
  `x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}"`;

const boxPath = (x: number, y: number, width: number, height: number) =>
  `M${n(x)} ${n(y)}h${n(width)}v${n(height)}h${n(-width)}z`;

const opacity = (alpha: number) => (alpha === 1 ? '' : ` opacity="${n(alpha)}"`);

function colour(paint: Paint): string {
  if (typeof paint !== 'string') throw new TypeError('An SVG file takes plain colours.');
  return escaped(paint);
}

/** Text for XML: what it must not hold at all (control characters, halves of a surrogate pair) is replaced. */
function escaped(text: string): string {
  return text
    .replaceAll(/[\p{Cs}\ufffe\uffff]|(?![\t\n\r])\p{Cc}/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
