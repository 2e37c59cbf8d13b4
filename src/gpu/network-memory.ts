/** What a network takes of a device, as plans and comparisons of precisions tell it. */

/** What a network takes in one precision, bytes: its weights on the device, its activations in the memory of one workgroup or of its threads. */
export interface NetworkMemory {
  /** Hidden matrices: what arithmetic in halves halves. */
  readonly matrixBytes: number;
  /** First and last layer and biases, in f32 in every precision. */
  readonly otherWeightBytes: number;
  /** Hidden activations of one workgroup: halved, too. */
  readonly activationBytes: number;
  /** All that the network takes of that memory: with inputs and outputs, which stay f32. */
  readonly workgroupBytes: number;
  /** Samples that share a workgroup. */
  readonly workgroupSamples: number;
}
