/** What `environment.json` records. It may differ between equal runs, so no result depends on it. */

/** The graphics adapter, when the user agreed to include it: it can tell one machine from another. */
export interface AdapterRecord {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  /** True for a software rasteriser. */
  readonly isFallback: boolean;
  /** WebGPU feature names in use. */
  readonly features: readonly string[];
  /** WebGPU limits by name. */
  readonly limits: Readonly<Record<string, number>>;
}

/** How the device did in its self-test: errors against stored values, to two digits, and what was allowed. */
export interface SelfTestRecord {
  readonly precision: string;
  readonly check: string;
  /** What the figure is, e.g. "largest relative error of 256 …". */
  readonly measure: string;
  readonly measured: number | null;
  readonly allowed: number;
  readonly passed: boolean;
}

export interface EnvironmentRecord {
  readonly app: { readonly name: 'lockstep'; readonly version: string; readonly commit?: string };
  /** Where it ran: a browser, Node or Deno. */
  readonly runtime: { readonly name: string; readonly version: string; readonly platform?: string };
  /** Where it computed: WGSL on the adapter, or the CPU. */
  readonly mode: 'webgpu' | 'cpu';
  /** With what, on the CPU: the f64 twin, or a library with its version. */
  readonly cpu?: { readonly name: string; readonly precision: string };
  readonly adapter?: AdapterRecord;
  /** Of the device that the run started on; absent on the CPU. */
  readonly selfTest?: readonly SelfTestRecord[];
  /** When that was, where it was before the run. */
  readonly selfTestedAt?: string;
  /** "sha256:…" of the WGSL that ran, by file name; empty on the CPU. */
  readonly shaders: Readonly<Record<string, string>>;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}
