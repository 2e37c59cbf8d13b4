/** How the kernels of the layered decoder share their work: chosen by the adapter, never by how many texts or positions there are. */
import type { BatchSizes } from '../../../batch/sizes.ts';
import type { AdapterReport } from '../../../gpu/report.ts';
import { tensorForm } from '../../tensor/shape.ts';

export interface LayeredShape {
  readonly form: 'layered';
  /** The four lanes of a subgroup read inputs together. */
  readonly quads: boolean;
  /** Threads of a product's workgroup; they share the sums of a norm. */
  readonly threads: number;
  /** Pairs of columns and rows of a thread, and inputs in fours in workgroup memory. */
  readonly pairs: number;
  readonly rows: number;
  readonly inner4: number;
  /** Threads of a position and head, and keys of a block. */
  readonly attentionThreads: number;
  readonly keys: number;
  /** Threads of a draw; its bits hang on none. */
  readonly samplingThreads: number;
  /** Bytes that a binding may have. */
  readonly bindingBytes: number;
  /** Loop iterations of an invocation, where the driver bounds them. */
  readonly iterations: number;
  /** What bits hang on. */
  readonly record: Readonly<Record<string, number | string>>;
}

export function layeredShape(report: AdapterReport, iterations: number, sizes: BatchSizes): LayeredShape {
  const { software, limits } = report;
  const threads = sizes[software ? 'activations.softwareThreads' : 'activations.productThreads'];
  const quads = tensorForm(report) === 'quads';
  const attentionThreads = software ? threads : sizes['activations.attentionThreads'];
  const keys = sizes[software ? 'activations.softwareKeys' : 'activations.attentionKeys'];
  return {
    form: 'layered',
    quads,
    threads,
    pairs: sizes[quads ? 'activations.quadPairs' : software ? 'activations.softwarePairs' : 'activations.productPairs'],
    rows: sizes['activations.productRows'],
    inner4: Math.max(1, Math.floor(sizes['activations.productInner'] / 4)),
    attentionThreads,
    keys,
    samplingThreads: software ? threads : sizes['activations.samplingThreads'],
    bindingBytes: Math.min(
      limits.maxStorageBufferBindingSize ?? Number.POSITIVE_INFINITY,
      limits.maxBufferSize ?? Number.POSITIVE_INFINITY,
    ),
    iterations,
    record: {
      form: 'layered',
      inputs: quads ? 'by quads' : 'ascending',
      normThreads: threads,
      attentionThreads,
      attentionKeys: keys,
    },
  };
}

/** Columns of a block of a weight: those of a workgroup. */
export const blockColumns = ({ threads, pairs }: LayeredShape) => 2 * pairs * threads;
