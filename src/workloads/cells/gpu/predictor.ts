/** What predicts on a device, for a run. */
import { type BatchSizes, defaultSizes } from '../../../batch/sizes.ts';
import type { BufferPlan } from '../../../gpu/plan.ts';
import type { Precision } from '../../../gpu/precision.ts';
import type { AdapterReport } from '../../../gpu/report.ts';
import { type TensorForm, tensorForm, tensorRecord, tensorShape } from '../../../nn/tensor/shape.ts';
import type { KernelShape } from '../../workload.ts';
import type { CellsModel } from '../model.ts';
import type { CellsParams } from '../params.ts';
import type { DevicePredictor } from '../sampling/device-predictor.ts';
import { DeviceMixture } from '../sampling/device-tables.ts';
import { placeOf, planSampler } from '../sampling/kernels.ts';
import { MixturePredictor } from '../sampling/mixture-predictor.ts';
import { settingsOf } from '../settings-of.ts';
import { DeviceNetwork } from './network-predictor.ts';

/** What a kernel shape of this experiment records: a network's precision and the form of its kernels; of a mixture nothing. */
interface NetworkRecord {
  readonly precision: Precision;
  readonly form: TensorForm;
}

export function cellsShape(
  model: CellsModel,
  report: AdapterReport,
  sizes: BatchSizes = defaultSizes,
  precision: Precision = 'f32',
): KernelShape {
  const genes = model.genes.length;
  // Of the kernels that go over all genes of all cells, the norms have the most workgroups a cell.
  const workgroupsPerItem = genes / sizes['cells.drawThreads'];
  if (model.kind === 'mixture') return { workgroupsPerItem, record: {} };
  const form = tensorForm(report);
  const record = { precision, ...tensorRecord(tensorShape(form, sizes)) };
  return { workgroupsPerItem, record };
}

export function devicePredictor(
  model: CellsModel,
  shape: KernelShape,
  sizes: BatchSizes = defaultSizes,
): DevicePredictor {
  if (model.kind === 'mixture') return new DeviceMixture(new MixturePredictor(model.mixture));
  // Without a device nothing is recorded, and f32 is what computes.
  const { precision = 'f32', form = 'lanes' } = shape.record as unknown as Partial<NetworkRecord>;
  return new DeviceNetwork(model.spec, model.weights, precision, tensorShape(form, sizes));
}

export function planCells(
  params: CellsParams,
  model: CellsModel,
  chunk: number,
  shape: KernelShape,
  sizes: BatchSizes = defaultSizes,
): BufferPlan {
  return planSampler(settingsOf(params, model), devicePredictor(model, shape, sizes), chunk, sizes);
}

/** What of a network's buffers are weights and activations; undefined for a mixture. */
export function networkBytes(
  params: CellsParams,
  model: CellsModel,
  chunk: number,
  shape: KernelShape,
  sizes: BatchSizes = defaultSizes,
) {
  const predictor = devicePredictor(model, shape, sizes);
  return predictor instanceof DeviceNetwork
    ? predictor.memory(placeOf(settingsOf(params, model), chunk, sizes))
    : undefined;
}
