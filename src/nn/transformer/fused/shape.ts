/** How the fused decoder's kernel divides a text's work. Bits depend on it; so it is a matter of adapter and sizes, never of the batch. */
import type { BatchSizes } from '../../../batch/sizes.ts';
import { type AdapterReport, usableIterations } from '../../../gpu/report.ts';
import type { SamplingSizes } from '../sampling/sampling.ts';

export interface FusedShape {
  readonly form: 'fused';
  /** Threads have texts of their own, as software adapters do it best; without it a workgroup shares a text. */
  readonly own?: {
    /** Texts of a thread. */
    readonly rows: number;
    /** Fours of outputs of a product that it has at a time. */
    readonly block4: number;
    /** The four lanes of a subgroup load weights together. */
    readonly quads: boolean;
  };
  /** Threads of a workgroup. */
  readonly threads: number;
  /** Outputs of a product that a thread has at a time. */
  readonly outputs: number;
  /** Weights are loaded by four words, as GPUs do it best, or by one, for adapters whose lanes then read words side by side. */
  readonly wide: boolean;
  /** Threads that sum a row for its norm, and that share the keys of a head. */
  readonly sharing: number;
  /** Keys in a block of attention. */
  readonly keys: number;
  /** Copies of the sums by which tokens are drawn. */
  readonly searchBanks: number;
  readonly submitsInFlight: number;
  /** Loop iterations of an invocation, where the driver bounds them. */
  readonly iterations: number;
  /** What bits hang on. */
  readonly record: Readonly<Record<string, number | string>>;
}

export function fusedShape(report: AdapterReport, sizes: BatchSizes): FusedShape {
  const { software } = report;
  const threads = sizes[software ? 'activations.fusedLanes' : 'activations.fusedThreads'];
  const wide = !software;
  const sharing = Math.min(threads, sizes['activations.fusedSharing']);
  const keys = sizes['activations.fusedKeys'];
  return {
    form: 'fused',
    threads,
    outputs: sizes[software ? 'activations.fusedLaneOutputs' : 'activations.fusedOutputs'],
    wide,
    sharing,
    keys,
    searchBanks: sizes['activations.searchBanks'],
    submitsInFlight: sizes['gpu.submitsInFlight'],
    iterations: usableIterations(report),
    record: { form: 'fused', products: wide ? 'by fours' : 'one by one', sharing, keys },
  };
}

/** Slots of a workgroup. */
export const groupSlots = ({ threads, own }: Pick<FusedShape, 'threads' | 'own'>) => (own ? threads * own.rows : 1);

/** All threads of a text draw its token. */
export const samplingSizes = ({
  threads,
  searchBanks,
}: Pick<FusedShape, 'threads' | 'searchBanks'>): SamplingSizes => ({
  samplingThreads: threads,
  searchBanks,
});
