/** Plans runs for the device that is open, with the user's files: exact memory before anything is taken. */
import { loadInputs } from '../engine/config/load-inputs.ts';
import { type LazyRegistry, loadConfig } from '../engine/config/load-workload.ts';
import { hasOwnData } from '../engine/config/own-files.ts';
import type { RunConfig } from '../engine/config/run-config.ts';
import type { MemoryTable } from '../engine/plan/memory-table.ts';
import { planRun } from '../engine/plan/plan-run.ts';
import type { RememberedPlan } from '../engine/tuner/memory.ts';
import type { AdapterReport } from '../gpu/report.ts';
import type { RunInputs } from '../workloads/workload.ts';
import type { DeviceOwner } from './device-owner.ts';
import type { PlanReply } from './engine-api.ts';
import type { FileOwner } from './file-owner.ts';
import { hasTunings } from './tuning/kept.ts';

export class Planner {
  readonly #registry: LazyRegistry;
  readonly #devices: DeviceOwner;
  readonly #files: FileOwner;

  constructor(registry: LazyRegistry, devices: DeviceOwner, files: FileOwner) {
    this.#registry = registry;
    this.#devices = devices;
    this.#files = files;
  }

  /** For the open device; `chunk` overrides the configuration's. Throws `ConfigError`. */
  async reply(given: RunConfig, chunk?: number): Promise<PlanReply> {
    const { gpu } = await this.#devices.opened();
    const { plan: planned, tuning } = await this.plan(given, gpu?.report ?? null, chunk);
    const { workload, config, inputs, configured, stages, buffers, statedParams: stated, ...plan } = planned;
    const warnings = configured.concerns?.() ?? [];
    const facts = hasOwnData(workload, inputs.files) ? ((await configured.facts?.()) ?? []) : [];
    return { ...plan, shape: plan.shape.record, plan: buffers, tuning, warnings, stated, facts };
  }

  async memory(given: RunConfig): Promise<MemoryTable> {
    const { gpu } = await this.#devices.opened();
    const report = gpu?.report ?? null;
    const { memoryTable } = await import('../engine/plan/memory-table.ts');
    const { plan } = await this.plan(given, report);
    return memoryTable(plan, report);
  }

  /** With batch size "auto" by what the tuner found on this adapter before; null plans for the CPU. Throws `ConfigError`. */
  async plan(given: RunConfig, report: AdapterReport | null, chunk?: number): Promise<RememberedPlan> {
    const { config, workload } = await loadConfig(given, this.#registry);
    const inputs = await loadInputs(workload, config.params, this.#inputs(workload.id));
    if (chunk !== undefined || config.batch.size !== 'auto' || !report || !(await hasTunings()))
      return { plan: planRun(workload, config, inputs, report, { chunk }) };
    const { planRemembered, tuningMemory } = await import('./tuning/memory.ts');
    return planRemembered(await tuningMemory.load(), workload, config, inputs, report);
  }

  /** The user's files, with a datum spoilt where a fault asks for it. */
  #inputs(workload: string): RunInputs {
    const inputs = this.#files.inputs(workload);
    const spoiltItem = this.#devices.faults?.spoiltItem;
    return spoiltItem === undefined ? inputs : { ...inputs, faults: { spoiltItem } };
  }
}
