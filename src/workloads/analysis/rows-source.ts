/** A perceptron of the user's over rows of numbers: its inputs, then what it should have said. */
import { encodeNpy } from '../../bundle/npy.ts';
import { mlpGraph } from '../../nn/graph/mlp-graph.ts';
import { ConfigError, type RunInputs } from '../workload.ts';
import type { Analysed } from './analysed.ts';
import type { NetworkInput, RowsInput } from './files/network-input.ts';
import { modelOf, pathOf, rowsOf, textsOf } from './files/roles.ts';
import type { AnalysedItem } from './metrics/metric.ts';

/** Of the latest rows: plans are asked for with every change of the form. */
let latest: { readonly rows: RowsInput; readonly inputs: number; readonly items: readonly AnalysedItem[] } | undefined;

/** @throws ConfigError where there are no rows, rows of another network, or files that only a language model reads */
export function networkWithRows(network: NetworkInput, inputs: RunInputs): Analysed {
  for (const [role, other] of [['model', modelOf(inputs)] as const, ['texts', textsOf(inputs)] as const])
    if (other)
      throw new ConfigError(
        role,
        `${network.name} takes rows of numbers, so ${other.name} has no say. Leave one of the two out.`,
      );
  const { name, sha256, spec, theta, warnings } = network;
  const rows = rowsOf(inputs);
  const needs = `${spec.inputs} inputs, then ${spec.outputs} targets`;
  if (!rows)
    throw new ConfigError(
      'rows',
      `${name} takes rows of ${spec.inputs + spec.outputs} numbers: ${needs}. Give them (--rows), or make some with: lockstep rows --network ${name}.`,
    );
  if (rows.width !== spec.inputs + spec.outputs)
    throw new ConfigError(
      'rows',
      `${rows.name} has rows of ${rows.width} numbers, and ${name} takes ${spec.inputs + spec.outputs}: ${needs}. Give rows of this network, or make some with: lockstep rows --network ${name}.`,
    );
  const graph = mlpGraph(spec);
  if (latest?.rows !== rows || latest.inputs !== spec.inputs)
    latest = { rows, inputs: spec.inputs, items: itemsOf(rows, spec.inputs) };
  const { items } = latest;
  return {
    name,
    sha256,
    graph,
    theta,
    path: pathOf(inputs, graph),
    items,
    about: `${name}: a perceptron of ${spec.depth} layers of ${spec.width}, ${graph.size.toLocaleString('en-US')} parameters. ${items.length.toLocaleString('en-US')} rows (${rows.name}) of ${needs}. The loss is the mean of (output − target)² over rows and outputs; what is explained is the first output.`,
    warnings,
    itemFiles: (folder) => {
      const path = `${folder}/rows.npy`;
      return {
        entry: { path, make: () => ({ path, bytes: encodeNpy(rows.data, [rows.count, rows.width]) }) },
        about: `the rows as they were read: ${needs}`,
      };
    },
  };
}

function itemsOf({ count, width, data }: RowsInput, inputs: number): AnalysedItem[] {
  return Array.from({ length: count }, (_, i) => {
    const row = Array.from(data.subarray(i * width, (i + 1) * width));
    return { name: `row ${i + 1}`, numbers: row.slice(0, inputs), targets: row.slice(inputs) };
  });
}
