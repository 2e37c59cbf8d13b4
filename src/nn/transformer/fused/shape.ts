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
  /** Where threads share a text: outputs of a product that a thread has at a time. */
  readonly outputs: number;
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

/** As many as subgroups of a software adapter that can load weights together have. */
const QUAD = 4;

/** @param shared a workgroup shares a text whatever the adapter: to be measured and tested */
export function fusedShape(report: AdapterReport, sizes: BatchSizes, shared = !report.software): FusedShape {
  const { features, subgroupSize } = report;
  const quads = !shared && features.includes('subgroups') && subgroupSize === QUAD;
  const threads = shared ? sizes['activations.fusedThreads'] : quads ? QUAD : sizes['activations.fusedLanes'];
  const sharing = Math.min(threads, sizes['activations.fusedSharing']);
  const keys = sizes['activations.fusedKeys'];
  return {
    form: 'fused',
    ...(shared
      ? {}
      : {
          own: {
            rows: sizes[quads ? 'activations.fusedQuadTexts' : 'activations.fusedLaneTexts'],
            block4: Math.ceil(sizes['activations.fusedColumns'] / 4),
            quads,
          },
        }),
    threads,
    outputs: sizes['activations.fusedOutputs'],
    sharing,
    keys,
    searchBanks: shared ? sizes['activations.searchBanks'] : 1,
    submitsInFlight: sizes['gpu.submitsInFlight'],
    iterations: usableIterations(report),
    record: shared ? { form: 'fused', sharing, keys } : { form: quads ? 'fused by quads' : 'fused by lanes' },
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
