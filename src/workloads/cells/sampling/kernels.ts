/** The sampler's own buffers and kernels: lists of what reveals, tokens, logits, and the draw. */
import type { BatchSizes } from '../../../batch/sizes.ts';
import type { KernelBinding } from '../../../gpu/bound-kernel.ts';
import { clockBuffers } from '../../../gpu/clock.ts';
import type { BufferPlan, PlannedBuffer } from '../../../gpu/plan.ts';
import { ringBuffers } from '../../../gpu/readback.ts';
import type { DevicePredictor, PredictorPlace } from './device-predictor.ts';
import { mostActiveCells, mostPieces } from './pieces.ts';
import { argmaxStep, isGuided, type SamplerSettings, stepsOf } from './settings.ts';

/** Bytes of an f32, a u32. */
const WORD = 4;
/** Words of shaders/cells/piece.wgsl. */
export const PIECE_WORDS = 8;
/** Words of the uniform of shaders/cells/draw_logits.wgsl. */
const HOW_WORDS = 4;
/** The name of the ring that looks go through. */
export const LOOKS = 'looks';

/** Numbers from one row of logits to the next: the bins, rounded up to 4. */
export function logitStride(bins: number): number {
  return 4 * Math.ceil(bins / 4);
}

/** Most rows of a piece: those of the table's size, at least those of a cell and at most those of the chunk. */
export function rowsAtOnce({ genes }: SamplerSettings, chunk: number, sizes: BatchSizes): number {
  return Math.min(chunk * genes, Math.max(genes, sizes['cells.rowsAtOnce']));
}

export function placeOf(settings: SamplerSettings, chunk: number, sizes: BatchSizes): PredictorPlace {
  return { settings, chunk, rowsAtOnce: rowsAtOnce(settings, chunk, sizes), sizes };
}

/** Every buffer of a chunk with its predictor's. */
export function planSampler(
  settings: SamplerSettings,
  predictor: DevicePredictor,
  chunk: number,
  sizes: BatchSizes,
): BufferPlan {
  const place = placeOf(settings, chunk, sizes);
  return { chunk, buffers: [...samplerBuffers(place), ...predictor.buffers(place)] };
}

function samplerBuffers({ settings, chunk, rowsAtOnce, sizes }: PredictorPlace): PlannedBuffer[] {
  const { genes, bins } = settings;
  const steps = stepsOf(settings);
  const perCell = (name: string, words: number, formula: string): PlannedBuffer => ({
    name,
    bytes: chunk * words * WORD,
    role: 'storage',
    bytesPerItem: words * WORD,
    formula: `chunk × ${formula} × 4 B`,
  });
  const fixed = (name: string, bytes: number, formula: string, role: PlannedBuffer['role'] = 'storage') => ({
    name,
    bytes,
    role,
    bytesPerItem: 0,
    formula,
  });
  const logits = (name: string) =>
    fixed(name, rowsAtOnce * logitStride(bins) * WORD, `${rowsAtOnce} rows × ${logitStride(bins)} bins × 4 B`);
  const pieces = mostPieces(chunk, genes, steps, rowsAtOnce);
  const staged = Math.min(chunk, Math.max(1, Math.floor(sizes['cells.stagingBytes'] / (genes * WORD))));
  const looked = Math.min(chunk, sizes['cells.lookCells']);
  return [
    fixed('how', HOW_WORDS * WORD, '4 × 4 B', 'uniform'),
    perCell('seeds', 1, '1 seed'),
    perCell('labels', 2, '2 labels'),
    perCell('tokens', genes, `${genes} genes`),
    perCell('rows', genes, `${genes} genes`),
    perCell('places', genes, `${genes} genes`),
    perCell('active', mostActiveCells(1, genes, steps), `${mostActiveCells(1, genes, steps)} steps that reveal`),
    fixed('pieces', pieces * PIECE_WORDS * WORD, `${pieces} pieces × ${PIECE_WORDS} × 4 B`),
    fixed('piece', PIECE_WORDS * WORD, `${PIECE_WORDS} × 4 B`),
    logits('logits'),
    ...(isGuided(settings) ? [logits('logits.without')] : []),
    fixed('staging', staged * genes * WORD, `${staged} cells × ${genes} genes × 4 B`, 'readback'),
    ...ringBuffers(LOOKS, looked * genes * WORD, 0, `${looked} cells × ${genes} genes × 4 B`, sizes['cells.lookSlots']),
    ...clockBuffers(sizes['gpu.submitsInFlight']),
  ];
}

/** The kernels around a predictor's. */
export function samplerKernels({ settings, sizes }: PredictorPlace) {
  const { genes, bins } = settings;
  const guided = isGuided(settings);
  const nextPiece: KernelBinding = {
    shader: { module: 'cells/next_piece' },
    buffers: { 0: 'piece', 1: 'pieces' },
  };
  const draw: KernelBinding = {
    shader: {
      module: 'cells/draw_logits',
      conditions: { guided },
      constants: rowConstants(genes, bins, sizes),
    },
    buffers: {
      0: 'piece',
      1: 'rows',
      2: 'seeds',
      3: 'logits',
      4: 'tokens',
      5: 'how',
      ...bindingIf(guided, 6, 'logits.without'),
    },
  };
  return { nextPiece, draw };
}

/** A binding that a shader has under a condition. */
export function bindingIf(condition: boolean, binding: number, buffer: string): Readonly<Record<number, string>> {
  return condition ? { [binding]: buffer } : {};
}

/** Constants of kernels that have a thread a row. */
export function rowConstants(genes: number, bins: number, sizes: BatchSizes): Readonly<Record<string, string>> {
  return {
    GENES: `${genes}u`,
    BINS: `${bins}u`,
    STRIDE: `${logitStride(bins)}u`,
    THREADS: `${sizes['cells.drawThreads']}u`,
  };
}

/** The uniform of the draw. */
export function drawWords(settings: SamplerSettings): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(HOW_WORDS);
  new Float32Array(words.buffer).set([1 / settings.temperature, settings.guidance]);
  words[2] = argmaxStep(settings) ?? 0xffffffff;
  return words;
}
