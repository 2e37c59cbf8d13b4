/** Command-line flags with which Chromium runs the tests. */

/** Quiet and repeatable: no sandbox where root would need one, and no traffic of the browser's own. */
export const plainFlags = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** WebGPU on SwiftShader, Chromium's software driver: without these flags a machine without a GPU has no adapter. */
export const webgpuFlags = [
  ...plainFlags,
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--disable-gpu-compositing',
  '--disable-gpu-rasterization',
  '--disable-accelerated-2d-canvas',
];
