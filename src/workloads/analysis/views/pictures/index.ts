/**
 * Pictures of this experiment: React components of plain data, without engine or store. Import one of them only from what is loaded late.
 *
 * All take `FigureWords` (title, definition, readings with errors, controls, aside, file) and offer SVG, PNG, CSV and the table behind them:
 *
 * - `TokenStrip`        tokens, quantities, target?, chosen?, onChoose?
 * - `LayerTokenMap`     tokens, quantities (layers, values, errors, scale), quantity?, onQuantity?, chosen?, onChoose?
 * - `HeadGrid`          layers, heads, scores, patterns?, chosen?, onChoose?
 * - `AttentionPattern`  tokens, values [T][T]
 * - `Spectrum`          grid, density, sd?, probes, sigma, exact?, ritz?, top, bottom, negative?, of
 * - `Landscape`         alpha, beta, loss, errors?, directions?, path?, varianceInPlane?, log?
 * - `Matrix`            rows, columns?, values, errors?, scale, quantity, rowGroups?, columnGroups?, n?, null?
 * - `JacobianMap`       tokens, values [T][T], errors?, log?
 * - `BarsByTensor`      names, series, axis, log?, marks?
 * - `LineWithBand`      x, xLabel, yLabel, lines, xLog?, yLog?, band?
 *
 * `TwoValues` (name, ours, theirs, why, source) is a block of text. Props are in `props.ts`.
 *
 * Arrays are row-major, typed or plain; give the same array as long as nothing has changed, for pictures are drawn anew with another one.
 * A picture is a function on a pen (`ui/charts/pen.ts`): on screen a canvas, in a file SVG, both of the same drawing.
 */

export { AttentionPattern } from './AttentionPattern.tsx';
export { BarsByTensor } from './BarsByTensor.tsx';
export { HeadGrid } from './HeadGrid.tsx';
export { JacobianMap } from './JacobianMap.tsx';
export { Landscape } from './Landscape.tsx';
export { LayerTokenMap } from './LayerTokenMap.tsx';
export { LineWithBand } from './LineWithBand.tsx';
export { Matrix } from './Matrix.tsx';
export type * from './props.ts';
export { Spectrum } from './Spectrum.tsx';
export { TokenStrip } from './TokenStrip.tsx';
export { TwoValues } from './TwoValues.tsx';
