/** Every GPU buffer of a shear chunk, with exact bytes. */
import { type BatchSizes, defaultSizes } from '../../../batch/sizes.ts';
import { clockBuffers } from '../../../gpu/clock.ts';
import type { BufferPlan, BufferRole, PlannedBuffer } from '../../../gpu/plan.ts';
import { ringBuffers } from '../../../gpu/readback.ts';
import type { ModelSpec } from '../model-spec.ts';
import { CHAIN, CONTROL_WORDS, DRAW_EXTRAS, POSTERIOR, SETTINGS_WORDS } from './layout.ts';

const WORD = 4;

/** Bytes of an item's draws: chains × draws × (parameters + log density, ΔH, H, acceptance). */
export function drawBytesPerItem(spec: ModelSpec): number {
  const { chains, draws } = spec.sampler;
  return chains * draws * (spec.free + DRAW_EXTRAS) * WORD;
}

/** Bytes of one look: model image, the item's chains, its posterior. */
export function peekBytes(spec: ModelSpec): number {
  return (spec.nx * spec.ny + spec.sampler.chains * CHAIN.words + POSTERIOR.words) * WORD;
}

/** Pure: the same arguments give the same plan. `chunk` ≥ 1. */
export function planShear(spec: ModelSpec, chunk: number, sizes: BatchSizes = defaultSizes): BufferPlan {
  const { chains, draws } = spec.sampler;
  const pixels = spec.nx * spec.ny;
  const perItem = (name: string, bytes: number, formula: string): PlannedBuffer => ({
    name,
    bytes: chunk * bytes,
    bytesPerItem: bytes,
    role: 'storage',
    formula: `chunk × ${formula}`,
  });
  const fixed = (name: string, bytes: number, role: BufferRole, formula: string): PlannedBuffer => ({
    name,
    bytes,
    bytesPerItem: 0,
    role,
    formula,
  });
  const drawBytes = drawBytesPerItem(spec);
  const buffers: PlannedBuffer[] = [
    perItem('stamps', pixels * WORD, `${spec.ny} × ${spec.nx} pixels × 4 B`),
    perItem('posteriors', POSTERIOR.words * WORD, `${POSTERIOR.words} words × 4 B (mode, metric, step size)`),
    perItem(
      'chains',
      chains * CHAIN.words * WORD,
      `${chains} chains × ${CHAIN.words} words × 4 B (position, gradient, counters)`,
    ),
    perItem('keys', 2 * WORD, '2 words × 4 B (seed)'),
    perItem('draws', drawBytes, `${chains} chains × ${draws} draws × (${spec.free} parameters + ${DRAW_EXTRAS}) × 4 B`),
    fixed('components', spec.components.length * 4 * WORD, 'storage', `${spec.components.length} Gaussians × 16 B`),
    fixed('settings', SETTINGS_WORDS * WORD, 'uniform', `${SETTINGS_WORDS} constants × 4 B`),
    fixed('control', CONTROL_WORDS * WORD, 'uniform', `${CONTROL_WORDS} words × 4 B`),
    fixed('peek.control', CONTROL_WORDS * WORD, 'uniform', `${CONTROL_WORDS} words × 4 B`),
    fixed('peek.image', pixels * WORD, 'storage', `${spec.ny} × ${spec.nx} pixels × 4 B`),
    ...ringBuffers(
      'peek',
      peekBytes(spec),
      0,
      'model image + chains and posterior of one item',
      sizes['shear.peekSlots'],
    ),
    ...clockBuffers(sizes['gpu.submitsInFlight']),
  ];
  // The larger of what is read back, in whole items, capped so that it does not double the draws.
  const wanted = Math.max(drawBytes, POSTERIOR.words * WORD, chains * CHAIN.words * WORD);
  const stagingBytes = sizes['shear.stagingBytes'];
  const staged = Math.min(chunk, Math.max(1, Math.floor(stagingBytes / wanted)));
  buffers.push({
    name: 'staging',
    bytes: staged * wanted,
    bytesPerItem: staged < chunk ? 0 : wanted,
    role: 'readback',
    formula: `min(chunk, ${Math.max(1, Math.floor(stagingBytes / wanted))}) × ${wanted} B (results on their way to the CPU)`,
  });
  return { chunk, buffers };
}
