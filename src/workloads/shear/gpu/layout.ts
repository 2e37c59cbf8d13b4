/** Byte layout of the records in `shaders/shear/state.wgsl` and of the draws. A test compares it with the WGSL. */

/** Offsets in 4-byte words. */
export const POSTERIOR = {
  trial: 0,
  mode: 8,
  gradient: 16,
  hessian: 24,
  w: 88,
  f: 152,
  chi: 153,
  lambda: 154,
  logStep: 155,
  logStepAverage: 156,
  hAverage: 157,
  updates: 158,
  evaluations: 159,
  visited: 160,
  logAmplitude: 161,
  hlr: 162,
  e1: 163,
  e2: 164,
  words: 165,
} as const;

export const CHAIN = {
  z: 0,
  gradient: 8,
  logDensity: 16,
  acceptance: 17,
  step: 18,
  transition: 19,
  evaluations: 20,
  visited: 21,
  words: 22,
} as const;

/** Words of `Control` and `Settings`; uniform blocks are padded to 16 bytes. */
export const CONTROL_WORDS = 8;
export const SETTINGS_WORDS = 20;

/** Values stored for a draw besides the parameters: log density, ΔH, H at the start, acceptance. */
export const DRAW_EXTRAS = 4;
