import { expect, it } from 'vitest';
import { colouringOf } from '../../../../ui/charts/colour-scale.ts';
import { svgOf } from '../../../../ui/charts/figure/save.ts';
import { heatDrawing } from '../../../../ui/charts/heat/draw.ts';
import { type Drawing, textWidth, tokenText } from '../../../../ui/charts/pen.ts';
import { THEME } from '../../../../ui/charts/test-support/theme.ts';
import { type Bars, barsDrawing, barsLayout, barsRange } from './bars-drawing.ts';
import { ATTENTION, patternPaint } from './head-patterns.ts';
import { contourDrawing } from './landscape/contour-drawing.ts';
import { fieldOf } from './landscape/field.ts';
import { FIRST_TURN } from './landscape/projection.ts';
import { surfaceDrawing } from './landscape/surface-drawing.ts';
import { linesDrawing, linesRange } from './lines-drawing.ts';
import { rankHeads } from './rank-heads.ts';
import { shortNames } from './short-names.ts';
import { floorOf, spectrumDrawing, spectrumFrame } from './spectrum-drawing.ts';
import { stripDrawing } from './strip-drawing.ts';
import { stripLayout, TOKEN_PX } from './strip-layout.ts';
import { strongestKey, strongestKeys } from './strongest-keys.ts';
import { largestAbove } from './triangle.ts';

const TOKENS = ['<bos>', ' the', ' mouse', '\n', ' ran', ''];
const SPECTRUM = {
  grid: [-2, -1, 0, 1, 2],
  density: [1e-12, 1e-3, 0.5, 2e-2, 0],
  sd: [1e-12, 2e-3, 0.1, 1e-2, 0],
  exact: [0, 1e-3, 0.5, 2e-2, 0],
  probes: 8,
  of: 'Hessian',
  ritz: [{ value: 1.5, bound: 0.2 }],
};
const BARS: Bars = {
  names: ['transformer.h.0.attn.c_attn.weight', 'wte'],
  series: [{ label: 'norm', values: [0.02, 3], errors: [0.5, Number.NaN] }],
  axis: 'norm',
  log: true,
  marks: [{ label: 'vanishing', value: 0.001 }],
};
const LINES = {
  x: [0, 1, 2],
  xLabel: 'step',
  yLabel: 'loss',
  lines: [{ label: 'a', values: [3, Number.NaN, 1], errors: [1, 1, 1] }],
};
const FIELD = fieldOf(
  {
    alpha: [-1, 0, 1],
    beta: [-1, 0, 1],
    loss: [4, 2, 4, 2, 1, Number.POSITIVE_INFINITY, 4, 2, 9],
    path: [
      { label: 'first & last', alpha: 0.9, beta: 0.9, loss: 12 },
      { label: 'end', alpha: 0, beta: 0, loss: 1 },
    ],
  },
  true,
);
const sequential = colouringOf({ kind: 'sequential', min: 0, max: 1 }, [], false);

const DRAWINGS: Readonly<Record<string, Drawing>> = {
  strip: stripDrawing(
    { tokens: TOKENS, values: [0, -1, 2, Number.NaN, 1, 0], colouring: sequential, quantity: 'IG', target: 4 },
    THEME,
  ),
  map: heatDrawing(
    {
      rows: ['block 0', 'block 1'],
      columns: TOKENS.map(tokenText),
      values: [1, 2, 3, Number.NaN, 5, 6, 1, 2, 3, 4, 5, 6],
      colouring: colouringOf({ kind: 'diverging' }, [-6, 6], false),
      upwards: true,
      numbers: String,
      quantity: 'layer IG',
      rowGroups: [{ label: 'A', from: 0, to: 1 }],
      columnGroups: [{ label: 'B', from: 2, to: 4 }],
    },
    THEME,
  ),
  patterns: heatDrawing(
    {
      rows: ['layer 0'],
      columns: ['0', '1'],
      values: [],
      colouring: sequential,
      quantity: 'attention',
      paint: patternPaint(2, 2, [1, 0, 0.5, 0.5, 1, 0, 0.1, 0.9], colouringOf(ATTENTION, [], false), THEME),
    },
    THEME,
  ),
  spectrum: spectrumDrawing(SPECTRUM, THEME),
  bars: barsDrawing(BARS, THEME),
  lines: linesDrawing(LINES, THEME),
  contours: contourDrawing(FIELD, THEME),
  surface: surfaceDrawing(FIELD, FIRST_TURN, THEME),
};

it.each(Object.entries(DRAWINGS))('saves %s as vectors and text, every number of them finite', (_, drawing) => {
  for (const across of [320, 900]) {
    const text = svgOf(drawing, { title: 't', definition: 'd', file: 'f' }, THEME, across);
    expect(text).not.toMatch(/NaN|Infinity|undefined|<image/);
    expect(text.match(/<(path|rect|text)/g)!.length).toBeGreaterThan(8);
    expect(text.match(/<g[ >]/g)?.length).toBe(text.match(/<\/g>/g)?.length);
  }
});

it('draws only what the causal mask allows of a pattern', () => {
  const text = svgOf(DRAWINGS.patterns, { title: 't', definition: 'd', file: 'f' }, THEME, 600);
  const [, first] = text.split('<g shape-rendering');
  // Three squares of a 2 × 2 pattern: 1 on the diagonal, and the row of two halves in one colour as one box.
  expect(first.match(/z/g)).toHaveLength(2);
});

it('breaks lines of tokens where the next has no room, in order, and none reaches beyond', () => {
  const tokens = Array.from({ length: 512 }, (_, i) => 'token'.repeat(1 + (i % 4)));
  for (const across of [120, 390, 1000]) {
    const { boxes, height } = stripLayout(tokens, across);
    boxes.forEach(({ x, y, width }, i) => {
      expect(x + width).toBeLessThanOrEqual(across);
      expect(y).toBeLessThan(height);
      if (i > 0) expect(y * 1e4 + x).toBeGreaterThan(boxes[i - 1].y * 1e4 + boxes[i - 1].x);
      expect(width).toBeGreaterThanOrEqual(Math.min(across, textWidth(tokens[i], TOKEN_PX)));
    });
  }
});

it('shows what cannot be seen of a token', () => {
  expect(['\n', ' ', '', ' the', '\t', 'a\u0000b'].map(tokenText)).toEqual(['↵', '␣', '␣', 'the', '⇥', 'a·b']);
});

it('has six decades of a density at most, and no less than there is', () => {
  expect(floorOf({ density: [1e-12, 2, 0] })).toEqual({ floor: 2e-6, peak: 2 });
  expect(floorOf({ density: [0.01, 2] })).toEqual({ floor: 0.01, peak: 2 });
  expect(floorOf({ density: [0, 0] })).toEqual({ floor: 0.1, peak: 1 });
});

it('shades what is negative, and only that', () => {
  const words = { title: 't', definition: 'd', file: 'f' };
  const text = svgOf(DRAWINGS.spectrum, words, THEME, 700);
  const { left, x } = spectrumFrame(SPECTRUM, 700);
  expect(text).toMatch(new RegExp(`<rect x="${left}" [^>]*width="${Math.round((x(0) - left) * 100) / 100}"`));
  expect(text).toContain('negative curvature');
  const positive = spectrumDrawing({ ...SPECTRUM, grid: [0, 1, 2, 3, 4] }, THEME);
  expect(svgOf(positive, words, THEME, 700)).not.toContain('negative curvature');
});

it('gives bars a range that holds errors and marks: from zero, or from a power of ten', () => {
  expect(barsRange({ ...BARS, log: false })).toEqual({ min: -0.48, max: 3 });
  const { min, max } = barsRange(BARS);
  expect(Math.log10(min)).toBeCloseTo(-4, 9);
  expect(max).toBeGreaterThan(3);
  const { x, left, right } = barsLayout(BARS, 600);
  expect([x(min), x(max)]).toEqual([expect.closeTo(left, 9), expect.closeTo(right, 9)]);
});

it('gives lines a range that holds their bands, by logarithm of what is positive', () => {
  expect(linesRange(LINES).max).toBeGreaterThan(4);
  expect(linesRange(LINES).min).toBeLessThan(0);
  expect(linesRange({ ...LINES, yLog: true }).min).toBeGreaterThan(0);
});

it('orders heads by a score, those without one last', () => {
  const score = { id: 'a', label: 'a', values: [0.1, Number.NaN, 0.9, 0.1], scale: { kind: 'sequential' } as const };
  expect(rankHeads(score, 2, 2, 'descending').map(({ at }) => at)).toEqual([2, 0, 3, 1]);
  expect(rankHeads(score, 2, 2, 'ascending').map(({ layer, head }) => [layer, head])).toEqual([
    [0, 0],
    [1, 1],
    [1, 0],
    [0, 1],
  ]);
});

it('drops what all names begin with, and no more', () => {
  expect(shortNames(['transformer.wte.weight', 'transformer.h.0.ln_1.weight'])).toEqual([
    'wte.weight',
    'h.0.ln_1.weight',
  ]);
  expect(shortNames(['model.h.1.a', 'model.h.10.a'])).toEqual(['1.a', '10.a']);
  expect(shortNames(['wte', 'wpe'])).toEqual(['wte', 'wpe']);
  expect(shortNames(['lone.name'])).toEqual(['lone.name']);
});

it('names the strongest keys, and whether anything lies above the diagonal', () => {
  expect(strongestKeys([0.1, 0.6, Number.NaN, 0.3], 2)).toEqual([1, 3]);
  expect([0, 1].map((query) => strongestKey([0.3, 0.9, 0.2, 0.8], 2, query))).toEqual([0, 1]);
  expect(largestAbove([1, 0, 5, 1], 2)).toBe(0);
  expect(largestAbove([1, -1e-9, 5, 1], 2)).toBe(1e-9);
  expect(largestAbove([1, Number.NaN, 5, 1], 2)).toBeNaN();
});
