/** Where the arithmetic happens: kernels on the adapter, or the CPU, by what `RunController.cpu` says. */
export type RunMode = 'webgpu' | 'cpu';
