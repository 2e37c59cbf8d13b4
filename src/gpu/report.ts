/**
 * What is known about the adapter a run uses: shown as a badge, decides kernel shapes, and is written into the bundle.
 * Plain data, structured-cloneable.
 */

export type GpuRuntime = 'browser' | 'node' | 'deno';

export interface AdapterReport {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  /** True when the "GPU" is the CPU: a fallback adapter, or one of the known software drivers by name. */
  readonly software: boolean;
  readonly runtime: GpuRuntime;
  /** Features the device was opened with, sorted. */
  readonly features: readonly string[];
  /** Limits the device was opened with. */
  readonly limits: Readonly<Record<string, number>>;
  /**
   * Loop iterations an invocation may run in total before the driver silently ends its loops; null where there is no such
   * bound. Mesa's llvmpipe and lavapipe stop at 65,535 (LP_MAX_TGSI_LOOP_ITERATIONS in gallium/drivers/llvmpipe).
   */
  readonly loopIterationLimit: number | null;
  /** Lanes of a subgroup, where the adapter names one number. */
  readonly subgroupSize?: number;
  /** For the badge, e.g. "NVIDIA ampere" or "SwiftShader (software)". */
  readonly name: string;
}

const LLVMPIPE_LOOP_LIMIT = 65_535;
const SOFTWARE_NAMES = /swiftshader|llvmpipe|lavapipe|softpipe|microsoft basic render|warp/i;
/** Software drivers known to run loops to their end. */
const UNBOUNDED_SOFTWARE = /swiftshader|microsoft basic render|warp/i;
const VENDOR_NAMES: Readonly<Record<string, string>> = {
  amd: 'AMD',
  apple: 'Apple',
  arm: 'ARM',
  google: 'Google',
  intel: 'Intel',
  microsoft: 'Microsoft',
  nvidia: 'NVIDIA',
  qualcomm: 'Qualcomm',
};

/** Kept free below a driver's bound on loop iterations. */
const ITERATION_MARGIN = 0.9;

/** Loop iterations that an invocation may count on; infinite where the driver has no bound. */
export function usableIterations({ loopIterationLimit }: Pick<AdapterReport, 'loopIterationLimit'>): number {
  return loopIterationLimit === null ? Number.POSITIVE_INFINITY : ITERATION_MARGIN * loopIterationLimit;
}

/** Describes an adapter; with `device`, features and limits are those the device was really given. */
export function makeReport(adapter: GPUAdapter, device?: GPUDevice): AdapterReport {
  // Firefox before 141 and Safari before 18 have no `adapter.info`; older Chromium had the flag on the adapter.
  const info: Partial<GPUAdapterInfo> = adapter.info ?? {};
  const onAdapter = (adapter as { isFallbackAdapter?: boolean }).isFallbackAdapter;
  const { subgroupMinSize, subgroupMaxSize } = info;
  const text = [info.vendor, info.architecture, info.device, info.description].map((part) => part ?? '');
  const words = text.join(' ');
  const software = info.isFallbackAdapter === true || onAdapter === true || SOFTWARE_NAMES.test(words);
  return {
    vendor: text[0],
    architecture: text[1],
    device: text[2],
    description: text[3],
    software,
    runtime: currentRuntime(),
    features: [...(device ?? adapter).features].sort(),
    limits: limitsOf((device ?? adapter).limits),
    // A software adapter that hides its name (Firefox) is taken for llvmpipe: the bound only costs a few more dispatches.
    loopIterationLimit: software && !UNBOUNDED_SOFTWARE.test(words) ? LLVMPIPE_LOOP_LIMIT : null,
    ...(subgroupMinSize && subgroupMinSize === subgroupMaxSize ? { subgroupSize: subgroupMinSize } : {}),
    name: badgeName(text, software),
  };
}

/** Where this code runs. */
export function currentRuntime(): GpuRuntime {
  const scope = globalThis as { Deno?: unknown; process?: { versions?: { node?: string } } };
  if (scope.Deno !== undefined) return 'deno';
  return scope.process?.versions?.node === undefined ? 'browser' : 'node';
}

/** As `AdapterReport.name`. @param software `AdapterReport.software` */
export function badgeName([vendor, architecture, device, description]: readonly string[], software: boolean): string {
  if (/swiftshader/i.test([architecture, device, description].join(' '))) return 'SwiftShader (software)';
  // Deno gives the vendor as a PCI number and puts the readable name into the description.
  const maker = /^\d*$/.test(vendor) ? '' : (VENDOR_NAMES[vendor.toLowerCase()] ?? vendor);
  const model = description || device || architecture;
  const named = model.toLowerCase().includes(maker.toLowerCase()) ? model : `${maker} ${model}`.trim();
  return `${named || 'WebGPU adapter'}${software ? ' (software)' : ''}`;
}

function limitsOf(limits: GPUSupportedLimits): Record<string, number> {
  // Limits are accessors of the prototype, so neither Object.entries nor a spread sees them; for-in does, in every engine.
  const result: Record<string, number> = {};
  for (const key in limits) {
    const value = (limits as unknown as Record<string, unknown>)[key];
    if (typeof value === 'number') result[key] = value;
  }
  return result;
}
