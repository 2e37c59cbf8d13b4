/** SVG of the ranks' empirical distribution minus the uniform one, with the band that 95 % of uniform runs stay in. */
import type { SbcResult } from '../../stats/sbc.ts';

const WIDTH = 480;
const HEIGHT = 300;
const LEFT = 64;
const RIGHT = 16;
const TOP = 34;
const BOTTOM = 48;
const BLUE = '#0072b2';

/** Text of the SVG; equal input gives equal bytes. */
export function rankPlotSvg(name: string, { ecdfDifference, band, ks }: SbcResult, count: number): string {
  const last = ecdfDifference.length - 1;
  const reach = 1.15 * ecdfDifference.reduce((most, value) => Math.max(most, Math.abs(value)), band);
  const x = (rank: number) => round(LEFT + (rank / last) * (WIDTH - LEFT - RIGHT));
  const y = (value: number) => round(TOP + ((reach - value) / (2 * reach)) * (HEIGHT - TOP - BOTTOM));
  const steps = Array.from(ecdfDifference, (value, rank) => `${x(rank)},${y(value)}`).join(' ');
  const title = `${name}: ranks of ${count} truths, KS p = ${ks.pValue.toPrecision(2)}`;
  const rule = (value: number, style: string) =>
    `<line x1="${LEFT}" y1="${y(value)}" x2="${WIDTH - RIGHT}" y2="${y(value)}" stroke="black" ${style}/>`;
  const yLabels = [-band, 0, band].map(
    (value) =>
      `<text x="${LEFT - 6}" y="${y(value) + 4}" text-anchor="end">${String(Number(value.toPrecision(2)))}</text>`,
  );
  const xLabels = [0, last].map(
    (rank) => `<text x="${x(rank)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${rank}</text>`,
  );
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${title}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    `<text x="${WIDTH / 2}" y="20" text-anchor="middle">${title}</text>`,
    `<rect x="${LEFT}" y="${y(band)}" width="${WIDTH - LEFT - RIGHT}" height="${round(y(-band) - y(band))}" fill="${BLUE}" fill-opacity="0.15"/>`,
    rule(band, 'stroke-dasharray="5 4"'),
    rule(0, 'stroke-opacity="0.4"'),
    rule(-band, 'stroke-dasharray="5 4"'),
    `<rect x="${LEFT}" y="${TOP}" width="${WIDTH - LEFT - RIGHT}" height="${HEIGHT - TOP - BOTTOM}" fill="none" stroke="black"/>`,
    `<polyline points="${steps}" fill="none" stroke="${BLUE}" stroke-width="1.5"/>`,
    ...xLabels,
    ...yLabels,
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 10}" text-anchor="middle">rank of the truth among the draws</text>`,
    `<text transform="translate(14 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">ECDF − uniform (band: 95 %)</text>`,
    '</svg>',
  ].join('\n')}\n`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
