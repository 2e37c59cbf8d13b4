import { expect, it } from 'vitest';
import { type Pen, textWidth, wrapText } from './pen.ts';
import { drawRaster, runsOf } from './raster.ts';
import { SvgPen } from './svg-pen.ts';

const fileOf = (draw: (pen: SvgPen) => void) => {
  const pen = new SvgPen();
  draw(pen);
  return pen.file(100, 50, { title: 'a < b', description: '"c" & d' });
};

it('writes a file that stands alone, its words escaped', () => {
  const text = fileOf((pen) => pen.fillText('p < 0.5 & "x"\u0000\ud800', 1, 2));
  expect(text).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  expect(text).toContain('<title>a &lt; b</title>');
  expect(text).toContain('<desc>&quot;c&quot; &amp; d</desc>');
  expect(text).toContain('>p &lt; 0.5 &amp; &quot;x&quot;\ufffd\ufffd</text>');
  expect(text.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/href|url\(|http|var\(--/);
});

it('closes every group that a clip opened, and no other', () => {
  const text = fileOf((pen) => {
    pen.save();
    pen.beginPath();
    pen.rect(0, 0, 10, 10);
    pen.clip();
    pen.save();
    pen.fillRect(1, 1, 2, 2);
    pen.restore();
    pen.restore();
    pen.fillRect(20, 1, 2, 2);
  });
  expect(text.match(/<g /g)).toHaveLength(1);
  expect(text.match(/<\/g>/g)).toHaveLength(1);
  expect(text.indexOf('</g>')).toBeGreaterThan(text.indexOf('<rect x="1"'));
  expect(text.indexOf('</g>')).toBeLessThan(text.indexOf('<rect x="20"'));
});

it('gives back what was set before `save`, and turns what is drawn in between', () => {
  const text = fileOf((pen) => {
    pen.fillStyle = '#112233';
    pen.save();
    pen.translate(10, 20);
    pen.rotate(-Math.PI / 2);
    pen.fillStyle = '#ff0000';
    pen.globalAlpha = 0.5;
    pen.fillRect(0, 0, 1, 1);
    pen.restore();
    pen.fillRect(5, 5, 1, 1);
  });
  expect(text).toContain(
    '<rect x="0" y="0" width="1" height="1" fill="#ff0000" opacity="0.5" transform="translate(10 20)rotate(-90)"/>',
  );
  expect(text).toContain('<rect x="5" y="5" width="1" height="1" fill="#112233"/>');
});

it('draws a full circle as two arcs: one arc from a point to itself is nothing', () => {
  const text = fileOf((pen) => {
    pen.beginPath();
    pen.arc(10, 10, 4, 0, 2 * Math.PI);
    pen.fill();
  });
  expect(text).toContain('M14 10A4 4 0 1 1 6 10A4 4 0 1 1 14 10Z');
});

it('moves a text to its baseline, since not every reader knows other ones', () => {
  const text = fileOf((pen) => {
    pen.font = '600 10px Some Font';
    pen.textBaseline = 'middle';
    pen.textAlign = 'right';
    pen.fillText('x', 10, 10);
  });
  expect(text).toContain('y="13.6" font-family="Some Font" font-size="10" font-weight="600" text-anchor="end"');
});

const RASTER = {
  x: 0,
  y: 0,
  width: 40,
  height: 20,
  nx: 4,
  ny: 2,
  gap: 0,
  // Red red blue nothing; red blue blue blue.
  rgba: new Uint8ClampedArray(
    [
      [255, 0, 0, 255],
      [255, 0, 0, 255],
      [0, 0, 255, 255],
      [9, 9, 9, 0],
      [255, 0, 0, 255],
    ]
      .flat()
      .concat(
        [
          [0, 0, 255, 255],
          [0, 0, 255, 255],
          [0, 0, 255, 255],
        ].flat(),
      ),
  ),
};

it('joins neighbours of one colour, leaves out what is transparent, and covers what is not', () => {
  expect(runsOf(RASTER)).toEqual([
    { colour: '#ff0000', boxes: [0, 0, 20, 10, 0, 10, 10, 10] },
    { colour: '#0000ff', boxes: [20, 0, 10, 10, 10, 10, 30, 10] },
  ]);
  const apart = runsOf({ ...RASTER, gap: 2 });
  expect(apart.flatMap(({ boxes }) => boxes)).toHaveLength(4 * 7);
  expect(apart[0].boxes.slice(0, 4)).toEqual([1, 1, 8, 8]);
});

it('draws a raster as a path a colour', () => {
  const text = fileOf((pen) => drawRaster(pen as Pen, RASTER));
  expect(text.match(/<path/g)).toHaveLength(2);
  expect(text).toContain('<path fill="#ff0000" d="M0 0h20v10h-20zM0 10h10v10h-10z"/>');
  expect(text).not.toContain('<image');
});

it('keeps every line of wrapped words within its room, and every word', () => {
  const words = 'Density of eigenvalues by stochastic Lanczos quadrature, eight probes of twenty-four steps each.';
  const lines = wrapText(words, 11, 180);
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines) expect(textWidth(line, 11)).toBeLessThanOrEqual(180);
  expect(lines.join(' ')).toBe(words);
});
