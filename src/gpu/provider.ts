/** Finds WebGPU where the runtime brings it: pages, workers and Deno. Node has its own module, `provider-node.ts`. */

/** The runtime's own WebGPU entry point, or undefined where it has none. */
export async function findGpu(): Promise<GPU | undefined> {
  return (globalThis as { navigator?: { gpu?: GPU } }).navigator?.gpu;
}
